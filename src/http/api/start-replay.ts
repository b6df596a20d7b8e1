import { z } from 'zod';
import { DEFAULT_RATE_SHARE, dryRun, startReplay } from '../../delivery/index.ts';
import { replaySchema } from './replay-answer.ts';
import { replayFilterSchema } from './replay-filter-schema.ts';
import { defineRoute } from './route.ts';
import { getConnection } from './get-connection.ts';

const dryRunSchema = z.object({
  isDryRun: z.literal(true),
  eventCount: z.number().int().describe('Events looked at.'),
  inputCount: z.number().int(),
  skippedCount: z.number().int(),
  failedCount: z.number().int(),
  reasons: z.array(z.object({ reason: z.string(), count: z.number().int() })),
  samples: z.array(z.object({ eventId: z.string(), flow: z.string(), input: z.unknown() })),
});

export const startReplayRoute = defineRoute({
  method: 'POST',
  path: '/api/replays',
  id: 'startReplay',
  summary: 'Send events of the past to a connection again, beside what is live',
  body: z.strictObject({
    connection: z.string().min(1),
    filter: replayFilterSchema.describe('All that is given must hold; nothing given is all of the log.'),
    priority: z
      .enum(['replay', 'backfill'])
      .default('replay')
      .describe('A backfill, for a new destination, stays behind replays.'),
    rateShare: z
      .number()
      .gt(0)
      .max(1)
      .default(DEFAULT_RATE_SHARE)
      .describe("The share of the vendor's limits that it may use."),
    isDryRun: z.boolean().default(false).describe('Count and show samples, and start nothing.'),
  }),
  answer: z.union([z.object({ isDryRun: z.literal(false), replay: replaySchema }), dryRunSchema]),
  run: async ({ pool, clock, workspace }, { body }) => {
    const { filter, priority, rateShare, isDryRun } = body;
    const connection = getConnection(workspace, body.connection, 'body.connection');
    if (isDryRun) return { isDryRun, ...(await dryRun(pool, connection, filter)) };
    const replay = await startReplay(pool, clock, { connection, filter, priority, rateShare });
    return { isDryRun, replay };
  },
});
