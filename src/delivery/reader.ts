/**
 * Reads the log for one shard of a connection and delivers. While it owns the lease:
 *
 * - READ: takes the next events after its cursor, as long as the window has room; each becomes works through
 *   the connection's flows, or nothing. Replays feed the same queue, behind what is live.
 * - SEND: the dispatcher lets the works that are ready travel together, one per order key.
 * - SETTLE: every input has one outcome, and the ledger gives it what that means: finished, parked, dead, or
 *   back to the queue.
 * - RECORD: outcomes and the cursor are written together. The cursor is a low watermark.
 *
 * Two things stop sending without parking the backlog, which stays in the log: an open breaker (the vendor is
 * down: one input probes now and then) and suspension (the credentials are refused: a human must act).
 */
import type { Position } from '../kernel/event.ts';
import type { ChangedRecord } from '../kit/index.ts';
import { READ_ENOUGH, slotOf } from '../log/index.ts';
import type { ReadEvent } from '../log/index.ts';
import { Dispatcher } from './dispatcher.ts';
import { Ledger } from './ledger.ts';
import type { QuotaShare } from './quota.ts';
import type { ReaderParts } from './reader-parts.ts';
import { Replaying } from './replaying.ts';
import { takeIn } from './take-in.ts';
import type { TakenIn } from './take-in.ts';
import { Waker } from './waker.ts';
import { WorkQueue } from './work-queue.ts';

// Events held in memory between the log and the vendor. Five thousand keep fifty batches of a hundred ready; at 2 kB
// each they are some 10 MB.
const WINDOW_EVENTS_MAX = 5_000;

// The same bound for events that are larger.
const WINDOW_BYTES_MAX = 32 * 1024 * 1024;

// A thousand rows of 1 kB take PostgreSQL 4 ms and arrive in 6 (2026-11); larger reads only hold up the others.
const READ_EVENTS_MAX = 1_000;

// The largest event is half a megabyte: a thousand of those must not come at once.
const READ_CHARACTERS_MAX = 8 * 1024 * 1024;

// Entries on their way to the disk before reading pauses.
const UNWRITTEN_MAX = 200;

// A reader that has nothing to do is woken: by signals, by what its worker sees of the log, by its own due times. This
// is for the case that all of that fails.
const IDLE_MS = 60_000;

// While PostgreSQL is away, how often a reader asks again.
const RETRY_MS = 1_000;

export type ReaderState = 'reading' | 'vendor down' | 'suspended';

export class Reader {
  readonly #parts: ReaderParts;
  readonly #queue: WorkQueue;
  readonly #ledger: Ledger;
  readonly #dispatcher: Dispatcher;
  readonly #replaying: Replaying;
  readonly #bytes: QuotaShare;
  readonly #waker: Waker;
  readonly #stop = new AbortController();
  #readPosition: Position;
  #isCaughtUp = false;

  constructor(parts: ReaderParts) {
    this.#parts = parts;
    this.#queue = new WorkQueue((error) => {
      parts.logger.error({ err: error }, 'delivery.connector_bug');
    });
    this.#waker = new Waker(parts.clock);
    this.#bytes = parts.shared.bytes.join();
    this.#readPosition = parts.lease.position;
    this.#replaying = new Replaying(parts);
    this.#ledger = new Ledger(parts, this.#queue, this.#replaying, {
      onPassed: (fate, passed) => {
        this.#replaying.settled(fate, passed);
      },
      onRecorded: () => {
        this.#waker.wake();
      },
      onLeaseLost: () => {
        this.stop();
      },
    });
    this.#dispatcher = new Dispatcher(parts, this.#queue, {
      replayShare: () => this.#replaying.rateShare,
      onRun: (flow, run) => {
        this.#ledger.settle(flow, run);
      },
      onChange: () => {
        this.#waker.wake();
      },
      onDefect: (error) => {
        // The next reader starts over from the cursor.
        parts.logger.fatal({ err: error }, 'delivery.reader_failed');
        this.stop();
      },
    });
  }

  get state(): ReaderState {
    if (this.#dispatcher.isSuspended) return 'suspended';
    return this.#dispatcher.isVendorDown ? 'vendor down' : 'reading';
  }

  /** The newest event it has read. */
  get readPosition(): Position {
    return this.#readPosition;
  }

  /** Runs until `stop` is called or the lease is lost; then lets batches in flight finish and records them. */
  async run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        await this.#ledger.loadParked();
        await this.#refreshReplay();
        break;
      } catch (error) {
        await this.#pause(error);
      }
    }
    while (!this.#stop.signal.aborted) {
      try {
        await this.#turn();
      } catch (error) {
        // PostgreSQL may be restarting; nothing is lost, the next turn reads again.
        await this.#pause(error);
      }
    }
    await this.#dispatcher.stop();
    await this.#ledger.close();
    this.#bytes.hold(0);
  }

  stop(): void {
    this.#stop.abort();
    this.#waker.wake();
  }

  /** There may be new events. */
  wake(): void {
    this.#isCaughtUp = false;
    this.#waker.wake();
  }

  forget(record: ChangedRecord | undefined): void {
    this.#dispatcher.forget(record);
  }

  /** A command parked something, or a suspension was lifted, or set by another shard. */
  async refresh(isSuspended: boolean): Promise<void> {
    if (isSuspended) this.#dispatcher.hold();
    else await this.#dispatcher.resume();
    await this.#ledger.loadParked();
    await this.#refreshReplay();
    this.wake();
  }

  async #pause(error: unknown): Promise<void> {
    this.#parts.logger.error({ err: error }, 'delivery.read_failed');
    // Whatever was being read when it failed is still to be read.
    this.#isCaughtUp = false;
    await this.#waker.wait(RETRY_MS);
  }

  async #turn(): Promise<void> {
    if (this.#mayUnpark()) await this.#ledger.unpark();
    if (this.#hasRoom()) await this.#read();
    if (this.#mayReplay()) await this.#loadReplay();
    if (this.#replaying.isToBeLookedAt) await this.#refreshReplay();
    this.#bytes.hold(this.#ledger.openBytes);
    this.#dispatcher.start();
    if (!this.#hasRoom() && !this.#mayReplay()) await this.#waker.wait(this.#nextTurnMs());
  }

  /** What is parked stays in the store while there is enough to send. */
  #mayUnpark(): boolean {
    return !this.#dispatcher.isSuspended && this.#queue.partCount < WINDOW_EVENTS_MAX;
  }

  #hasRoom(): boolean {
    return (
      !this.#isCaughtUp &&
      !this.#stop.signal.aborted &&
      !this.#dispatcher.isSuspended &&
      this.#ledger.openCount < WINDOW_EVENTS_MAX &&
      this.#ledger.openBytes < WINDOW_BYTES_MAX &&
      this.#ledger.unwrittenCount < UNWRITTEN_MAX &&
      this.#bytes.hasRoom()
    );
  }

  #mayReplay(): boolean {
    return this.#replaying.hasRoom && this.state === 'reading' && !this.#stop.signal.aborted;
  }

  async #loadReplay(): Promise<void> {
    const { works, unsent } = await this.#replaying.load(this.#readPosition);
    this.#ledger.enqueue(works);
    this.#ledger.recordUnsent(unsent);
    this.#ledger.flush();
  }

  async #refreshReplay(): Promise<void> {
    const hasLeft = await this.#replaying.refresh();
    if (!hasLeft) return;
    this.#queue.remove((part) => this.#replaying.hasLeft(part));
    this.#dispatcher.hurry();
  }

  async #read(): Promise<void> {
    // Set before reading: a wake-up that comes while the read is under way must not be overwritten.
    this.#isCaughtUp = true;
    const { log, key } = this.#parts;
    const from = { position: this.#readPosition, slots: key.slots, bytesMax: READ_CHARACTERS_MAX };
    const events = await log.read(from, READ_EVENTS_MAX);
    // Mapped before any is taken in: whatever fails here leaves the whole page to the next turn.
    const taken = events.map((event) => ({ event, ...this.#takeIn(event) }));
    for (const { event, ...rest } of taken) {
      this.#ledger.admit(event, rest);
      // Only now: what is not in the books must be read again.
      this.#readPosition = event.position;
    }
    this.#ledger.recordUnsent(taken.flatMap(({ unsent }) => unsent));
    this.#ledger.flush();
    const size = events.reduce((sum, event) => sum + event.size, 0);
    if (events.length >= READ_ENOUGH || size >= READ_CHARACTERS_MAX) this.#isCaughtUp = false;
  }

  #takeIn(event: ReadEvent): TakenIn {
    const { connection, clock } = this.#parts;
    const isFinished = this.#ledger.isFinished(event.position, slotOf(event.personKey));
    return isFinished ? NOTHING : takeIn(event, connection, clock.now(), this.#ledger.live);
  }

  #nextTurnMs(): number {
    const startMs = this.#dispatcher.nextMs() ?? IDLE_MS;
    const dueMs = this.#mayUnpark() ? (this.#ledger.nextDueMs() ?? IDLE_MS) : IDLE_MS;
    // At least a millisecond: the loop must never keep the event loop to itself.
    return Math.max(1, Math.min(IDLE_MS, dueMs, startMs));
  }
}

const NOTHING: TakenIn = { works: [], unsent: [] };
