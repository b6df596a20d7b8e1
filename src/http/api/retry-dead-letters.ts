import { z } from 'zod';
import { retryDeadLetters } from '../../delivery/index.ts';
import { chosenBody, toFilter } from './fields.ts';
import { defineRoute } from './route.ts';

export const retryDeadLettersRoute = defineRoute({
  method: 'POST',
  path: '/api/dead-letters/retry',
  id: 'retryDeadLetters',
  summary: 'Give open dead letters another full set of attempts',
  body: chosenBody({
    remap: z
      .boolean()
      .default(false)
      .describe('Make the inputs anew from their events, with the flows as they are now.'),
  }),
  answer: z.object({
    matchedCount: z.number().int(),
    retriedCount: z.number().int().describe('Queued again; in a dry run, would be.'),
    left: z
      .array(z.object({ reason: z.string(), count: z.number().int(), firstIds: z.array(z.number().int()) }))
      .describe('Letters that stay open, and why.'),
    isDryRun: z.boolean(),
  }),
  run: async ({ pool, workspace }, { body }) => {
    const { remap, isDryRun, ...fields } = body;
    const mode = remap ? 'remap' : 'as-is';
    const report = await retryDeadLetters(pool, workspace, { filter: toFilter(fields), mode, isDryRun });
    return { ...report, isDryRun };
  },
});
