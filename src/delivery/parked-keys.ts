/**
 * The parked inputs of a reader: which order keys have some, as the parking lot knows it, and the rows themselves in the
 * store. Brings back what is due, in order per key.
 */
import { listParkedOfKey, sweepParkedKeys } from '../store/queries/parked.ts';
import { ParkingLot } from './parking-lot.ts';
import type { LotKey } from './parking-lot.ts';
import { workFromParked } from './parked-work.ts';
import type { ReaderParts } from './reader-parts.ts';
import type { WorkQueue } from './work-queue.ts';

// Parked inputs of one key that come back at once; the rest follow when these are through.
const PARKED_PER_KEY = 100;
const PARKED_KEYS_PER_TURN = 200;

// How long parked inputs wait whose flow came after this reader: by then one that knows it has taken its place.
const FLOW_MISSING_MS = 60_000;

type ParkedKeysParts = Pick<ReaderParts, 'pool' | 'clock' | 'key' | 'connection'>;

export class ParkedKeys {
  readonly #parts: ParkedKeysParts;
  readonly #queue: WorkQueue;
  readonly #lot = new ParkingLot();
  /** Resolves when what the reader has parked so far is in the store. */
  readonly #written: () => Promise<void>;

  constructor(parts: ParkedKeysParts, queue: WorkQueue, written: () => Promise<void>) {
    this.#parts = parts;
    this.#queue = queue;
    this.#written = written;
  }

  has(key: string): boolean {
    return this.#lot.has(key);
  }

  /** Adds rows to a key; `dueAtMs` is given for its head. */
  park(action: string, key: string, addedCount: number, dueAtMs: number | undefined): void {
    this.#lot.park(key, { action, orderKey: key }, addedCount, dueAtMs);
  }

  /** Rows of the key are through. */
  leave(key: string, removedCount: number): void {
    const nextDueAtMs = this.#queue.hasWaiting(key) ? undefined : this.#parts.clock.now();
    this.#lot.leave(key, removedCount, nextDueAtMs);
  }

  /** Milliseconds until a key is due; `undefined` when none waits. */
  nextDueMs(): number | undefined {
    return this.#lot.nextDueMs(this.#parts.clock.now());
  }

  /** Brings inputs whose time has come back to the queue. */
  async unpark(): Promise<void> {
    if (this.nextDueMs() !== 0) return;
    const due = this.#lot.takeDue(this.#parts.clock.now(), PARKED_KEYS_PER_TURN);
    // Rows that are still on their way to the disk would be missed, and their keys forgotten. In this order: a key that is
    // parked while this waits is not among those taken.
    await this.#written();
    for (const [index, place] of due.entries()) {
      try {
        await this.#bringBack(place);
      } catch (error) {
        // The store is away; what was taken out and not brought back is still due.
        for (const { key, ...rest } of due.slice(index)) {
          this.#lot.park(key, rest, 0, this.#parts.clock.now());
        }
        throw error;
      }
    }
  }

  /** Takes in what stands in the store: at the start, and after a command parked something. */
  async load(): Promise<void> {
    // What this reader itself has yet to write must not look like something that a command changed.
    await this.#written();
    const { pool, key } = this.#parts;
    for (const { action, orderKey, count, dueAt } of await sweepParkedKeys(pool, key)) {
      this.#lot.merge(orderKey, { action, orderKey }, count, dueAt.getTime());
    }
  }

  async #bringBack(place: LotKey & { readonly key: string }): Promise<void> {
    const { clock, pool, key, connection } = this.#parts;
    const rows = await listParkedOfKey(pool, key, place.action, place.orderKey, PARKED_PER_KEY);
    // A live input of the key failed meanwhile: all of the key waits for it now.
    if (!this.#lot.isOut(place.key)) return;
    const works = rows.flatMap((row) => workFromParked(row, connection, clock.now()));
    for (const work of works) this.#queue.add(work);
    if (rows.length === 0) this.#lot.forget(place.key);
    else if (works.length === 0) this.#lot.park(place.key, place, 0, clock.now() + FLOW_MISSING_MS);
  }
}
