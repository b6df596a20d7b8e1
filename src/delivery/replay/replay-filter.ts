/** What a replay sends again: a stretch of time, and what must hold of an event or of the input that it becomes. */
import { z } from 'zod';
import { EVENT_TYPES } from '../../kernel/event.ts';

/** What became of an input when it was last tried; `none` when no attempt is on record. */
export const REPLAY_OUTCOMES = ['delivered', 'skipped', 'rejected', 'none'] as const;
export type ReplayOutcome = (typeof REPLAY_OUTCOMES)[number];

/** All that is given must hold; nothing given is everything that the log still has. */
export const replayFilterSchema = z.strictObject({
  /** Times of receipt, `since` inclusive and `until` exclusive. */
  since: z.iso.datetime({ offset: true }).optional(),
  until: z.iso.datetime({ offset: true }).optional(),
  /** The id of one event. */
  event: z.string().optional(),
  type: z.enum(EVENT_TYPES).optional(),
  name: z.string().optional(),
  person: z.string().optional(),
  /** Only through this flow of the connection. */
  flow: z.string().optional(),
  /** Only inputs of which this became. */
  outcome: z.enum(REPLAY_OUTCOMES).optional(),
});
export type ReplayFilter = Readonly<z.output<typeof replayFilterSchema>>;
