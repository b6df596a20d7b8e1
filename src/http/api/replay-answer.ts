import { z } from 'zod';
import { timeSchema } from './answers.ts';
import { replayFilterSchema } from './replay-filter-schema.ts';

export const replaySchema = z
  .object({
    id: z.number().int(),
    connection: z.string(),
    filter: replayFilterSchema,
    priority: z.enum(['replay', 'backfill']),
    rateShare: z.number().describe("The share of the vendor's limits that it may use."),
    status: z.enum(['running', 'paused', 'cancelled', 'done']),
    isWaiting: z.boolean().describe('Running, but an older replay of the connection goes first.'),
    share: z.number().describe('How much of its part of the log it has behind it, from 0 to 1.'),
    eventCount: z.number().int().describe('Events looked at.'),
    eventCountEstimate: z.number().nullable(),
    eventsPerSecond: z.number().nullable(),
    restSecondsEstimate: z.number().nullable(),
    inputCount: z.number().int(),
    deliveredCount: z.number().int(),
    skippedCount: z.number().int(),
    parkedCount: z.number().int(),
    failedCount: z.number().int(),
    createdAt: timeSchema,
    finishedAt: timeSchema.nullable(),
  })
  .meta({ id: 'Replay' });
