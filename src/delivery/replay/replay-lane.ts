/**
 * One shard's part in a replay: reads the past page by page and hands works to the shard's own queue, behind the
 * live ones, so that nothing is in flight twice for one order key. Like the live reader it keeps a low watermark,
 * which is written with the reader's cursor; whoever reads next goes on there.
 *
 * A page is made of the events as they were, but inputs of actions that merge are made "as of now": with all that
 * came later for the same key on top (`as-of-now.ts`), so that an older value never follows a newer one.
 */
import type { Pool } from 'pg';
import type { Clock } from '../../kernel/clock.ts';
import type { Position } from '../../kernel/event.ts';
import type { Connection } from '../../flows/workspace.ts';
import { slotOf } from '../../log/index.ts';
import type { CursorKey, DoneRange } from '../../store/queries/cursors.ts';
import { listReplayCursors, splitReplayCursors } from '../../store/queries/replay-cursors.ts';
import type { ReplayCounts, ReplayProgressRow } from '../../store/queries/replay-cursors.ts';
import type { ReplayRow } from '../../store/queries/replays.ts';
import { Inherited } from '../inherited.ts';
import { Watermark } from '../watermark.ts';
import { isUnmapped } from '../unsent.ts';
import type { Fate, Lane, Part, Work } from '../work.ts';
import { asOfNow, isMerging } from './as-of-now.ts';
import { Crowds } from './crowds.ts';
import { findLater } from './later-events.ts';
import type { LiveReading } from './later-events.ts';
import type { ReplayFilter } from './replay-filter.ts';
import { readPage } from './replay-page.ts';
import type { Page } from './replay-page.ts';
import { toWorks } from './replay-works.ts';
import type { ReplayWorks } from './replay-works.ts';

export interface ReplayLaneOptions {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly connection: Connection;
  readonly key: CursorKey;
  readonly replay: ReplayRow;
  /** What an earlier owner of the shard finished beyond the cursor: the live reader passes over it. */
  readonly done: readonly DoneRange[];
}

const COUNT_OF = {
  delivered: 'deliveredCount',
  skipped: 'skippedCount',
  parked: 'parkedCount',
  dead: 'failedCount',
} as const satisfies Record<Fate, keyof ReplayCounts>;

// A full batch. The live reader waits for a page: with a month of partitions, a look for what came later for two hundred
// people, fifteen events each, took 30 to 60 ms (2 cores, 2026-11).
const PAGE_EVENTS_MAX = 100;

const NOTHING: ReplayWorks = { works: [], unsent: [] };

export class ReplayLane {
  readonly replay: ReplayRow;
  /** Stands in the parts of its works. */
  readonly lane: Lane;
  readonly #options: ReplayLaneOptions;
  readonly #filter: ReplayFilter;
  readonly #inherited: Inherited;
  readonly #doneTo: Position;
  /** Rows as they were when this lane began; the counts of the first grow with it. */
  readonly #rows: readonly ReplayProgressRow[];
  readonly #counts: Record<keyof ReplayCounts, number>;
  readonly #watermark: Watermark;
  readonly #toPosition: Position;
  #readPosition: Position;
  readonly #crowds = new Crowds();
  #pageLimit = PAGE_EVENTS_MAX;

  /** Opens the shard's part where it was left. */
  static async open(options: ReplayLaneOptions): Promise<ReplayLane> {
    const { pool, key, replay } = options;
    // Rows may span shards that were made smaller since: cut them, so that each belongs to one reader.
    await splitReplayCursors(pool, replay.id, key.slots.from);
    await splitReplayCursors(pool, replay.id, key.slots.to);
    return new ReplayLane(options, await listReplayCursors(pool, replay.id, key.slots));
  }

  private constructor(options: ReplayLaneOptions, rows: readonly ReplayProgressRow[]) {
    const open = rows.filter(({ isDone }) => !isDone);
    this.#options = options;
    this.#rows = rows;
    this.#counts = countsOf(rows[0]);
    this.#toPosition = Math.max(0, ...open.map(({ toPosition }) => toPosition));
    this.#readPosition = Math.min(this.#toPosition, ...open.map(({ position }) => position));
    this.#watermark = new Watermark(this.#readPosition);
    this.#filter = options.replay.filter as ReplayFilter; // Only `startReplay` writes it.
    this.#inherited = new Inherited(options.done);
    this.#doneTo = Math.max(0, ...options.done.map(({ last }) => last));
    this.replay = options.replay;
    this.lane = {
      priority: options.replay.priority,
      finish: (position) => {
        this.#watermark.finish(position);
      },
    };
  }

  /** Events read and not passed by the watermark. */
  get openCount(): number {
    return this.#watermark.pendingCount;
  }

  /** Everything is read; works may still be under way. */
  get isExhausted(): boolean {
    return this.#readPosition >= this.#toPosition;
  }

  /** Everything is read and nothing is under way. */
  get isDone(): boolean {
    return this.isExhausted && this.openCount === 0;
  }

  /**
   * The next page, of up to `limit` events. Its events are in the lane's watermark already: the caller only puts
   * the works into the queue (or behind their parked keys) and the rest on record. It may be empty though more
   * follows, since one call looks at a bounded number of events: then call again at the next turn, without waiting.
   *
   * `liveReadPosition` is how far the live reader has put works into the queue; it must not read on before the
   * returned works are in the queue too. Nothing has changed when it throws.
   */
  async load(liveReadPosition: Position, limit: number): Promise<ReplayWorks> {
    if (this.isExhausted) return NOTHING;
    const { pool, connection, key } = this.#options;
    for (;;) {
      const page = await readPage(pool, {
        connection,
        filter: this.#filter,
        slots: key.slots,
        after: this.#readPosition,
        upTo: this.#toPosition,
        limit: Math.min(limit, this.#pageLimit),
      });
      const taken = await this.#takeIn(page, liveReadPosition);
      if (taken !== undefined) {
        this.#pageLimit = Math.min(PAGE_EVENTS_MAX, this.#pageLimit * 2);
        this.#admit(page, taken);
        return taken;
      }
      this.#pageLimit = Math.max(1, Math.floor(page.events.length / 4));
    }
  }

  /** To be told once of every part that leaves the queue for good; parts of other lanes are passed over. */
  settled(fate: Fate, parts: readonly Part[]): void {
    this.#counts[COUNT_OF[fate]] += parts.filter(({ lane }) => lane === this.lane).length;
  }

  /** Rows for `saveReplayProgress`: all of them, as they are now. */
  progress(): readonly ReplayProgressRow[] {
    return this.#rows.map((row, index) => {
      const position = Math.max(row.position, Math.min(row.toPosition, this.#watermark.value));
      const isDone = row.isDone || position >= row.toPosition;
      return { ...row, ...(index === 0 ? this.#counts : {}), position, isDone };
    });
  }

  /** `undefined` when the page is too large to be made as of now. */
  async #takeIn(page: Page, liveReadPosition: Position): Promise<ReplayWorks | undefined> {
    const { pool, connection, clock } = this.#options;
    const live: LiveReading = { position: liveReadPosition, done: this.#inherited, doneTo: this.#doneTo };
    const inputs = page.inputs.filter(({ event }) => this.#isOwn(event.personKey, event.position));
    const unsent = page.unsent.filter(({ event }) => this.#isOwn(event.personKey, event.position));
    const merging = inputs.filter((each) => isMerging(each.flow) && !this.#crowds.has(each));
    const later =
      merging.length === 0
        ? EMPTY
        : await findLater(pool, connection, merging, live, (since) => {
            if (page.events.length === 1) for (const each of merging) this.#crowds.remember(each, since);
          });
    if (later === undefined && page.events.length > 1) return undefined;
    return toWorks({
      lane: this.lane,
      inputs,
      unsent,
      now: asOfNow(merging, later ?? EMPTY, connection),
      liveReadPosition,
      readAtMs: clock.now(),
    });
  }

  /** Rows of a lane may stand at different places, after shards were joined. */
  #isOwn(personKey: string, position: Position): boolean {
    const slot = slotOf(personKey);
    return this.#rows.some(
      (row) =>
        slot >= row.slotFrom && slot < row.slotTo && position > row.position && position <= row.toPosition,
    );
  }

  #admit({ events, lookedTo, lookedCount }: Page, { works, unsent }: ReplayWorks): void {
    const workCounts = new Map<Position, number>();
    const unmapped = unsent.filter(isUnmapped).map(({ part }) => part);
    for (const { position } of [...works.flatMap(({ parts }) => parts), ...unmapped]) {
      workCounts.set(position, (workCounts.get(position) ?? 0) + 1);
    }
    for (const { position } of events) this.#watermark.read(position, workCounts.get(position) ?? 0);
    if (lookedTo > (events.at(-1)?.position ?? 0)) this.#watermark.read(lookedTo, 0);
    this.#readPosition = lookedTo;
    this.#counts.eventCount += lookedCount;
    this.#counts.inputCount += partCount(works) + unsent.length;
    this.#counts.skippedCount += unsent.length - unmapped.length;
  }
}

const EMPTY = { events: [], isVoid: () => false } as const;

const NO_COUNTS: ReplayCounts = {
  eventCount: 0,
  inputCount: 0,
  deliveredCount: 0,
  skippedCount: 0,
  parkedCount: 0,
  failedCount: 0,
};

function countsOf(row: ReplayCounts = NO_COUNTS): Record<keyof ReplayCounts, number> {
  const { eventCount, inputCount, deliveredCount, skippedCount, parkedCount, failedCount } = row;
  return { eventCount, inputCount, deliveredCount, skippedCount, parkedCount, failedCount };
}

function partCount(works: readonly Work[]): number {
  return works.reduce((sum, { parts }) => sum + parts.length, 0);
}
