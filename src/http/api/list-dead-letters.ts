import { z } from 'zod';
import { DEAD_LETTER_STATUSES, listDeadLetters } from '../../store/queries/dead-letters.ts';
import { deadLetterSchema } from './answers.ts';
import { filterFields, idField, limitField, toFilter } from './fields.ts';
import { defineRoute } from './route.ts';
import { toJson } from './show-dead-letter.ts';

export const listDeadLettersRoute = defineRoute({
  method: 'GET',
  path: '/api/dead-letters',
  id: 'listDeadLetters',
  summary: 'Dead letters that match, oldest first',
  query: z.strictObject({
    ...filterFields,
    status: z.enum(DEAD_LETTER_STATUSES).default('open'),
    after: idField.optional().describe('Go on after this one: `nextAfter` of the page before.'),
    limit: limitField,
  }),
  answer: z.object({
    deadLetters: z.array(deadLetterSchema),
    nextAfter: z.number().int().nullable().describe('Null on the last page.'),
  }),
  run: async ({ pool, workspace }, { query }) => {
    const { status, after = 0, limit, ...fields } = query;
    const filter = { ...toFilter(fields), status };
    const letters = await listDeadLetters(pool, workspace.id, filter, { after, limit });
    return {
      deadLetters: letters.map(toJson),
      nextAfter: letters.length === limit ? (letters.at(-1)?.id ?? null) : null,
    };
  },
});
