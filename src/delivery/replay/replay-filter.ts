/** What a replay sends again: a stretch of time, and what must hold of an event or of the input that it becomes. */
import type { EventType } from '../../kernel/event.ts';

/** What became of an input when it was last tried; `none` when no attempt is on record. */
export type ReplayOutcome = 'delivered' | 'skipped' | 'rejected' | 'none';

/** All that is given must hold; nothing given is everything that the log still has. Stored as it is, as JSON. */
export interface ReplayFilter {
  /** ISO times of receipt, `since` inclusive and `until` exclusive. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  /** The id of one event. */
  readonly event?: string | undefined;
  readonly type?: EventType | undefined;
  readonly name?: string | undefined;
  readonly person?: string | undefined;
  /** Only through this flow of the connection. */
  readonly flow?: string | undefined;
  /** Only inputs of which this became. */
  readonly outcome?: ReplayOutcome | undefined;
}
