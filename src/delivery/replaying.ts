/**
 * What a reader does of replays: keeps the lane of the one that its connection runs now, feeds its pages to the
 * queue as long as little of it is under way, and tells the recorder how far it is.
 */
import type { Position } from '../kernel/event.ts';
import { listRunningReplays } from '../store/queries/replays.ts';
import type { ReplayProgressRow } from '../store/queries/replay-cursors.ts';
import type { ReaderParts } from './reader-parts.ts';
import { ReplayLane } from './replay/replay-lane.ts';
import type { ReplayWorks } from './replay/replay-works.ts';
import type { Fate, Lane, Part } from './work.ts';

// Inputs of a replay under way at once: enough for some full batches, little enough that a pause is felt at once.
const OPEN_MAX = 500;

// Events of one page: one look-up of what came later covers them all.
const PAGE_EVENTS = 200;

const NOTHING: ReplayWorks = { works: [], unsent: [] };

export class Replaying {
  readonly #parts: ReaderParts;
  /** Lanes of replays that were paused, or are over. */
  readonly #left = new WeakSet<Lane>();
  #lane: ReplayLane | undefined;
  #savedProgress = '';
  #looking: Promise<unknown> = Promise.resolve();
  /** The shard is done with a replay that others still work on; the last of them signals. */
  #isWaitingForOthers = false;

  constructor(parts: ReaderParts) {
    this.#parts = parts;
  }

  /** The share of the vendor's limits that the replay may use. */
  get rateShare(): number {
    return this.#lane?.replay.rateShare ?? 0;
  }

  /** True when it wants to load a page. */
  get hasRoom(): boolean {
    return this.#lane !== undefined && !this.#lane.isExhausted && this.#lane.openCount < OPEN_MAX;
  }

  /** True when it is further than what was saved. */
  get isUnsaved(): boolean {
    return this.#lane !== undefined && JSON.stringify(this.#lane.progress()) !== this.#savedProgress;
  }

  /**
   * Looks which replay runs now. True when another one did before: parts of it that still wait must leave the queue, and
   * come again when it goes on.
   */
  refresh(): Promise<boolean> {
    // One look at a time: two would open two lanes for one replay.
    const looked = this.#looking.then(() => this.#look());
    this.#looking = looked.catch(() => undefined);
    return looked;
  }

  /** True for a part of a replay that no longer runs here. */
  hasLeft({ lane }: Part): boolean {
    return this.#left.has(lane);
  }

  async #look(): Promise<boolean> {
    const { pool, clock, connection, key, lease, logger } = this.#parts;
    const [running] = await listRunningReplays(pool, key);
    const current = this.#lane;
    if (running?.id === current?.replay.id) {
      this.#isWaitingForOthers = this.#isOver;
      return false;
    }
    this.#isWaitingForOthers = false;
    this.#lane =
      running === undefined
        ? undefined
        : await ReplayLane.open({ pool, clock, connection, key, replay: running, done: lease.done });
    this.#savedProgress = '';
    if (current !== undefined) {
      this.#left.add(current.lane);
      const event = current.isDone ? 'delivery.replay_done' : 'delivery.replay_left';
      logger.info({ replay: current.replay.id }, event);
    }
    if (running !== undefined) logger.info({ replay: running.id }, 'delivery.replay_begun');
    return current !== undefined;
  }

  async load(liveReadPosition: Position): Promise<ReplayWorks> {
    const lane = this.#lane;
    if (lane === undefined) return NOTHING;
    const taken = await lane.load(liveReadPosition, PAGE_EVENTS);
    // Paused or cancelled meanwhile: what was read comes again when it goes on.
    return lane === this.#lane ? taken : NOTHING;
  }

  /** Parts of a replay are through, for the first time. */
  settled(fate: Fate, parts: readonly Part[]): void {
    const own = parts.filter(({ lane }) => lane === this.#lane?.lane);
    if (own.length > 0) this.#lane?.settled(fate, own);
  }

  /** How far it is at this moment; to be written in the transaction that moves the cursor. */
  progress(): readonly ReplayProgressRow[] {
    return this.#lane?.progress() ?? [];
  }

  /** That progress is on disk. */
  saved(rows: readonly ReplayProgressRow[]): void {
    this.#savedProgress = JSON.stringify(rows);
  }

  /** True when the replay may be over: it is for this shard, and nobody has looked yet whether for all. */
  get isToBeLookedAt(): boolean {
    return this.#isOver && !this.#isWaitingForOthers;
  }

  get #isOver(): boolean {
    return this.#lane?.isDone === true && !this.isUnsaved;
  }
}
