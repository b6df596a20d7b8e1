import { z } from 'zod';
import { LinchpinError } from '../../kernel/errors.ts';
import { findDeadLetter } from '../../store/queries/dead-letters.ts';
import { deadLetterSchema, exchangeSchema } from './answers.ts';
import { idField } from './fields.ts';
import { defineRoute } from './route.ts';

export const showDeadLetterRoute = defineRoute({
  method: 'GET',
  path: '/api/dead-letters/{id}',
  id: 'showDeadLetter',
  summary: 'All that is kept of a dead letter',
  params: z.object({ id: idField }),
  answer: deadLetterSchema.extend({
    lastExchange: exchangeSchema.nullable().describe('Null when nothing was sent.'),
  }),
  run: async ({ pool, workspace }, { params: { id } }) => {
    const letter = await findDeadLetter(pool, workspace.id, id);
    if (letter === undefined) {
      throw new LinchpinError('delivery.dead_letter_unknown', {
        message: `There is no dead letter ${String(id)}.`,
        field: 'path.id',
      });
    }
    const { lastExchange } = letter;
    return {
      ...toJson(letter),
      lastExchange: lastExchange === null ? null : (JSON.parse(lastExchange) as unknown),
    };
  },
});

/** The input is kept as text and shown as what it is. */
export function toJson<Letter extends { readonly input: string }>(letter: Letter) {
  return { ...letter, input: JSON.parse(letter.input) as unknown };
}
