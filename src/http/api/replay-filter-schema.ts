import { z } from 'zod';
import type { ReplayFilter } from '../../delivery/index.ts';
import { EVENT_TYPES } from '../../kernel/event.ts';

/** `ReplayFilter` as it is written in requests and answers. */
export const replayFilterSchema = z.strictObject({
  since: z.iso.datetime({ offset: true }).optional().describe('Received at or after this time.'),
  until: z.iso.datetime({ offset: true }).optional().describe('Received before this time.'),
  event: z.string().optional().describe('The id of one event.'),
  type: z.enum(EVENT_TYPES).optional(),
  name: z.string().optional(),
  person: z.string().optional().describe('A person key.'),
  flow: z.string().optional().describe('Only through this flow of the connection.'),
  outcome: z
    .enum(['delivered', 'skipped', 'rejected', 'none'])
    .optional()
    .describe('Only what ended so when it was last tried; none: no attempt is on record.'),
}) satisfies z.ZodType<ReplayFilter>;
