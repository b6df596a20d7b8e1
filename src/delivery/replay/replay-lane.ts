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
import type { CursorKey, DoneRange } from '../../store/queries/cursors.ts';
import type { ReplayProgressRow, ReplayRow } from '../../store/queries/replays.ts';
import type { TakenIn } from '../take-in.ts';
import type { Lane, Part } from '../work.ts';

export interface ReplayLaneOptions {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly connection: Connection;
  readonly key: CursorKey;
  readonly replay: ReplayRow;
  /** What an earlier owner of the shard finished beyond the cursor: the live reader passes over it. */
  readonly done: readonly DoneRange[];
}

/** What became of parts of this lane when they were settled for the first time. */
export type ReplayFate = 'delivered' | 'skipped' | 'parked' | 'dead';

export interface ReplayLaneContract {
  readonly replay: ReplayRow;
  /** Stands in the parts of its works. */
  readonly lane: Lane;
  /** Events read and not passed by the watermark. */
  readonly openCount: number;
  /** Everything is read; works may still be under way. */
  readonly isExhausted: boolean;
  /** Everything is read and nothing is under way. */
  readonly isDone: boolean;
  /**
   * The next page, of up to `limit` events. Its events are in the lane's watermark already: the caller only puts
   * the works into the queue (or behind their parked keys) and the rest on record. It may be empty though more
   * follows, since one call looks at a bounded number of events: then call again at the next turn, without waiting.
   *
   * `liveReadPosition` is how far the live reader has put works into the queue; it must not read on before the
   * returned works are in the queue too. Nothing has changed when it throws.
   */
  load(liveReadPosition: Position, limit: number): Promise<TakenIn>;
  /** To be told once of every part of this lane that leaves the queue for good. */
  settled(fate: ReplayFate, parts: readonly Part[]): void;
  /** Rows for `saveReplayProgress`: always all of them, with the totals as they are now. */
  progress(): readonly ReplayProgressRow[];
}
