import { z } from 'zod';
import { retryEdited } from '../../delivery/index.ts';
import { idField } from './fields.ts';
import { defineRoute } from './route.ts';

export const retryEditedDeadLetterRoute = defineRoute({
  method: 'POST',
  path: '/api/dead-letters/{id}/retry',
  id: 'retryEditedDeadLetter',
  summary: 'Send an open dead letter again with another input',
  params: z.object({ id: idField }),
  body: z.strictObject({
    input: z.unknown().describe('In the form of the action; `showDeadLetter` has it as it was.'),
  }),
  answer: z.object({ id: z.number().int(), orderKey: z.string() }),
  run: async ({ pool, workspace }, { params: { id }, body }) => ({
    id,
    ...(await retryEdited(pool, workspace, id, body.input)),
  }),
});
