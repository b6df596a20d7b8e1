import { z } from 'zod';
import { discardDeadLetters } from '../../delivery/index.ts';
import { countDeadLetters } from '../../store/queries/dead-letters.ts';
import { chosenBody, toFilter } from './fields.ts';
import { defineRoute } from './route.ts';

export const discardDeadLettersRoute = defineRoute({
  method: 'POST',
  path: '/api/dead-letters/discard',
  id: 'discardDeadLetters',
  summary: 'Close open dead letters for good',
  body: chosenBody({ reason: z.string().max(1_000).optional().describe('Why, for the record.') }),
  answer: z.object({
    discardedCount: z.number().int().describe('In a dry run, how many would be.'),
    isDryRun: z.boolean(),
  }),
  run: async ({ pool, workspace }, { body }) => {
    const { reason = null, isDryRun, ...fields } = body;
    const filter = toFilter(fields);
    if (!isDryRun) {
      return { discardedCount: await discardDeadLetters(pool, workspace.id, filter, reason), isDryRun };
    }
    const counts = await countDeadLetters(pool, workspace.id, { ...filter, status: 'open' });
    return { discardedCount: counts.reduce((total, { count }) => total + count, 0), isDryRun };
  },
});
