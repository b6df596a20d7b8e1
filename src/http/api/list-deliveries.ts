import { z } from 'zod';
import { listDeliveries } from '../../delivery/index.ts';
import { attemptSchema } from './answers.ts';
import { idField, limitField } from './fields.ts';
import { defineRoute } from './route.ts';

export const listDeliveriesRoute = defineRoute({
  method: 'GET',
  path: '/api/deliveries',
  id: 'listDeliveries',
  summary: 'Attempts that match, newest first, without what was sent',
  query: z.strictObject({
    connection: z.string().min(1).optional(),
    outcome: z.enum(['delivered', 'skipped', 'retry', 'rejected']).optional(),
    before: idField.optional().describe('Go on before this one: `nextBefore` of the page before.'),
    limit: limitField,
  }),
  answer: z.object({
    attempts: z.array(attemptSchema),
    nextBefore: z
      .number()
      .int()
      .nullable()
      .describe('Null on the last page. A page may be short, or empty, and not be the last.'),
  }),
  run: async ({ pool, workspace }, { query: { connection, outcome, before, limit } }) => {
    const { attempts, nextBefore = null } = await listDeliveries(pool, workspace.id, {
      limit,
      ...(connection === undefined ? {} : { connection }),
      ...(outcome === undefined ? {} : { outcome }),
      ...(before === undefined ? {} : { before }),
    });
    // They are not read for a list.
    return { attempts: attempts.map((attempt) => ({ ...attempt, exchanges: undefined })), nextBefore };
  },
});
