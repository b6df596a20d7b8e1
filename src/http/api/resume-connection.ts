import { z } from 'zod';
import { resumeConnection } from '../../store/queries/suspensions.ts';
import { sendSignal } from '../../store/signals.ts';
import { getConnection } from './get-connection.ts';
import { defineRoute } from './route.ts';

export const resumeConnectionRoute = defineRoute({
  method: 'POST',
  path: '/api/connections/{name}/resume',
  id: 'resumeConnection',
  summary: 'Let a suspended connection go on where it stood',
  params: z.object({ name: z.string().min(1) }),
  answer: z.object({ connection: z.string(), wasSuspended: z.boolean() }),
  run: async ({ pool, workspace }, { params: { name } }) => {
    getConnection(workspace, name, 'path.name');
    const wasSuspended = await resumeConnection(pool, workspace.id, name);
    await sendSignal(pool, 'control', workspace.id);
    return { connection: name, wasSuspended };
  },
});
