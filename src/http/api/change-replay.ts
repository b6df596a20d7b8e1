import { z } from 'zod';
import { cancelReplay, pauseReplay, resumeReplay } from '../../delivery/index.ts';
import { idField } from './fields.ts';
import { replaySchema } from './replay-answer.ts';
import { defineRoute } from './route.ts';

const CHANGES = {
  pause: { change: pauseReplay, summary: 'Let a replay rest; what is in flight still arrives' },
  resume: { change: resumeReplay, summary: 'Let a paused replay go on where it was' },
  cancel: { change: cancelReplay, summary: 'End a replay for good; what is in flight still arrives' },
} as const;

export const changeReplayRoutes = Object.entries(CHANGES).map(([verb, { change, summary }]) =>
  defineRoute({
    method: 'POST',
    path: `/api/replays/{id}/${verb}`,
    id: `${verb}Replay`,
    summary,
    params: z.object({ id: idField }),
    answer: replaySchema,
    run: ({ pool, clock, workspace }, { params: { id } }) => change(pool, clock, workspace.id, id),
  }),
);
