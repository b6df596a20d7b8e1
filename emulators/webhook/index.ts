import { z } from 'zod';
import { defineEmulator, json } from '../core/index.ts';
import type { PageTable, Reply } from '../core/index.ts';
import { receiveRoutes } from './receive.ts';
import { applySeed, report, seedSchema, showState } from './seed.ts';
import { ReceiverState } from './state.ts';

// What fits a screen or two; the state has them all.
const SHOWN = 50;

/** A receiver of webhooks that does as it is told, and keeps what came in. */
export const webhookEmulator = defineEmulator({
  id: 'webhook',
  title: 'Webhook receiver',
  seedSchema,
  makeState: (context) => new ReceiverState(context),
  applySeed,
  showState,
  showPage: (state): readonly PageTable[] => [
    {
      title: 'Received',
      columns: ['Id', 'Time', 'Call', 'Message', 'Signed', 'Problems', 'Answer'],
      rows: state.received
        .slice(-SHOWN)
        .toReversed()
        .map((one) => [
          String(one.id),
          one.at,
          `${one.method} ${one.path}`,
          one.messageId ?? '',
          one.isSigned ? 'yes' : 'no',
          one.problems.join('; '),
          String(one.status),
        ]),
      note: `The newest ${String(Math.min(SHOWN, state.received.length))} of ${String(state.received.length)}.`,
    },
  ],
  limits: {
    // A receiver's limits are part of its script: answer 429 with a wait.
    schema: z.strictObject({}),
    show: () => ({}),
    apply: () => undefined,
  },
  routes: receiveRoutes,
  adminRoutes: [
    { method: 'GET', path: '/report', handle: (_request, state) => json(200, report(state.received)) },
  ],
  refuse: (reason, _request, detail): Reply =>
    json(STATUSES[reason], { error: `${reason} ${detail}`.trim() }),
  // Four times what Linchpin sends at the most.
  bodyBytesMax: 1024 * 1024,
});

const STATUSES = {
  unknown_route: 404,
  wrong_method: 405,
  wrong_content_type: 415,
  broken_json: 400,
  broken_form: 400,
  body_too_large: 413,
  unavailable: 503,
  internal: 500,
} as const;
