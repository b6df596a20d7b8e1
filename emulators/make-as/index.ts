import { z } from 'zod';
import { defineEmulator } from '../core/index.ts';
import type { PageTable } from '../core/index.ts';
import { refusal, refuse } from './refusal.ts';
import { accountRoutes } from './routes/account.ts';
import { bulkRoutes } from './routes/bulk.ts';
import { listRoutes } from './routes/lists.ts';
import { subscriberRoutes } from './routes/subscribers.ts';
import { applySeed, applySwitches, seedSchema, showState, switchesSchema } from './seed.ts';
import { MakeAsState } from './state.ts';

export { DEFAULT_API_KEY, DEFAULT_USER_ID } from './state.ts';

// A thousand rows of the longest kind stay below this.
const BODY_BYTES_MAX = 10 * 1024 * 1024;

/** The subscribers API of Make (make.as, previously Dialog API), as the README has it. */
export const makeAsEmulator = defineEmulator({
  id: 'make-as',
  title: 'Make.as',
  seedSchema,
  makeState: (context) => new MakeAsState(context),
  applySeed,
  showState,
  showPage,
  limits: {
    schema: z.strictObject({
      callsPerSecond: z.int().positive().nullish(),
      switches: switchesSchema.optional(),
    }),
    show: ({ callsPerSecond, switches }) => ({ callsPerSecond, switches }),
    apply: (state, { callsPerSecond, switches }) => {
      if (callsPerSecond !== undefined) state.callsPerSecond = callsPerSecond;
      applySwitches(state, switches ?? {});
    },
  },
  // The bulk calls and the finders come before the calls that name a subscriber by its id.
  routes: [...listRoutes, ...bulkRoutes, ...accountRoutes, ...subscriberRoutes],
  refuse,
  faultPresets: {
    throttled: () => refusal(429, 'Too Many Attempts.'),
    unauthorized: () => refusal(401, 'Unauthorized'),
    broken: () => refusal(500, 'Server Error'),
  },
  bodyBytesMax: BODY_BYTES_MAX,
});

// What fits a screen; the admin surface has them all.
const ROWS_SHOWN = 50;

function showPage(state: MakeAsState): readonly PageTable[] {
  const subscribers = [...state.subscribers.values()];
  return [
    {
      title: 'Subscribers',
      columns: ['Id', 'Email', 'External id', 'Lists', 'Status', 'Tags'],
      rows: subscribers
        .slice(-ROWS_SHOWN)
        .map(({ id, email, external_id, lists, email_status, tags }) => [
          String(id),
          email ?? '',
          external_id ?? '',
          lists.join(', '),
          email_status,
          tags.join(', '),
        ]),
      note: `${String(subscribers.length)} in all.`,
    },
    {
      title: 'Products',
      columns: ['External id', 'Name'],
      rows: [...state.products.values()].map(({ external_id, name }) => [external_id, name]),
    },
    {
      title: 'Subscriptions',
      columns: ['External id', 'Subscriber', 'Product', 'Status', 'Start', 'End'],
      rows: [...state.subscriptions.values()]
        .slice(-ROWS_SHOWN)
        .map((row) =>
          ['external_id', 'subscriber_id', 'product_external_id', 'status', 'start_date', 'end_date'].map(
            (column) => String(row[column] ?? ''),
          ),
        ),
    },
  ];
}
