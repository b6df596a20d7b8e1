import { z } from 'zod';
import { getReplay, listReplays } from '../../delivery/index.ts';
import { idField, limitField } from './fields.ts';
import { replaySchema } from './replay-answer.ts';
import { defineRoute } from './route.ts';

export const listReplaysRoute = defineRoute({
  method: 'GET',
  path: '/api/replays',
  id: 'listReplays',
  summary: 'The newest replays, with how they get on',
  query: z.strictObject({
    connection: z.string().min(1).optional(),
    status: z.enum(['running', 'paused', 'cancelled', 'done']).optional(),
    limit: limitField,
  }),
  answer: z.object({ replays: z.array(replaySchema) }),
  run: async ({ pool, clock, workspace }, { query: { connection, status, limit } }) => ({
    replays: await listReplays(pool, clock, workspace.id, {
      limit,
      ...(connection === undefined ? {} : { connection }),
      ...(status === undefined ? {} : { status }),
    }),
  }),
});

export const showReplayRoute = defineRoute({
  method: 'GET',
  path: '/api/replays/{id}',
  id: 'showReplay',
  summary: 'How a replay gets on',
  params: z.object({ id: idField }),
  answer: replaySchema,
  run: ({ pool, clock, workspace }, { params: { id } }) => getReplay(pool, clock, workspace.id, id),
});
