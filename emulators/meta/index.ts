import { z } from 'zod';
import { defineEmulator, json } from '../core/index.ts';
import { graphError, HTML_PAGE, refuse, voidToken } from './graph-error.ts';
import { routes, throttled } from './routes.ts';
import { MetaState } from './state.ts';

const text = z.string().min(1);

const switchesSchema = z.strictObject({
  requireUserAgent: z.boolean().optional(),
  refuseFuture: z.boolean().optional(),
});

const seedSchema = z.strictObject({
  datasets: z
    .array(z.strictObject({ id: z.string().regex(/^\d+$/), name: text.default('Emulated') }))
    .optional(),
  tokens: z
    .array(
      z.strictObject({
        token: text,
        datasets: z.array(text).optional(),
        state: z.enum(['valid', 'expired', 'revoked']).default('valid'),
      }),
    )
    .optional(),
  switches: switchesSchema.optional(),
});

const limitsSchema = z.strictObject({
  /** Calls in a rolling hour; the vendor states none for this API. */
  callsPerHour: z.int().positive().nullable().optional(),
  switches: switchesSchema.optional(),
});

/** Meta's Conversions API: server events of datasets, taken or refused a request at a time. */
export const metaEmulator = defineEmulator({
  id: 'meta',
  title: 'Meta Conversions API',
  seedSchema,
  makeState: (context) => new MetaState(context),
  applySeed: (state, { datasets = [], tokens = [], switches }) => {
    for (const dataset of datasets) state.datasets.set(dataset.id, dataset);
    for (const { token, ...rest } of tokens) state.tokens.set(token, rest);
    flip(state, switches);
  },
  showState: ({ datasets, events, repetitions }, query) => {
    const dataset = query.get('dataset');
    const shown = events.filter((event) => dataset === null || event.dataset === dataset);
    return {
      datasets: [...datasets.values()],
      events: shown,
      testEvents: shown.filter(({ testEventCode }) => testEventCode !== null),
      repetitionCount: repetitions.length,
    };
  },
  showPage: ({ events, repetitions, remarks }) => [
    {
      title: 'Events',
      columns: ['Dataset', 'Event', 'Id', 'Received', 'Test code'],
      rows: events
        .slice(-50)
        .map((event) => [
          event.dataset,
          event.event_name,
          event.event_id ?? '',
          event.receivedAt,
          event.testEventCode ?? '',
        ]),
      note: `${String(events.length)} count, ${String(repetitions.length)} were repetitions.`,
    },
    {
      title: 'Remarks',
      columns: ['Id', 'Field', 'Problem'],
      rows: remarks.slice(-50).map(({ event_id, field, problem }) => [event_id ?? '', field, problem]),
    },
  ],
  limits: {
    schema: limitsSchema,
    show: ({ callsPerHour, switches }) => ({ callsPerHour, switches }),
    apply: (state, { callsPerHour, switches }) => {
      if (callsPerHour !== undefined) state.callsPerHour = callsPerHour;
      flip(state, switches);
    },
  },
  routes,
  adminRoutes: [
    {
      method: 'GET',
      path: '/report',
      handle: (_request, { remarks, repetitions }) => json(200, { remarks, repetitions }),
    },
  ],
  refuse,
  faultPresets: {
    expired_token: () => voidToken(400, 463),
    // Statuses that lie, as seen in issue trackers: a dead token and a wrong parameter as 500, throttles as 400 and 403.
    expired_token_as_500: () => voidToken(500, 460),
    bad_parameter_as_500: () => graphError(500, { code: 100, message: '(#100) Invalid parameter' }),
    user_throttled: () => throttled(400, 17),
    app_throttled: () => throttled(403, 4),
    blocked: () => graphError(400, { code: 368, message: 'The action attempted has been deemed abusive' }),
    not_permitted: () => graphError(403, { code: 200, message: '(#200) Permissions error' }),
    terms_not_accepted: () =>
      graphError(400, { code: 2655, message: 'Terms of service has not been accepted' }),
    not_ready: () =>
      graphError(400, {
        code: 21009,
        message: 'The data set upload is temporarily not ready. Please try again.',
      }),
    unknown_error: () => graphError(500, { code: 1, message: 'An unknown error occurred' }),
    transient: () =>
      graphError(400, { code: 99, message: 'Please retry your request later', isTransient: true }),
    page_of_the_edge: () => HTML_PAGE,
  },
  // Ten times what Meta advises for one request.
  bodyBytesMax: 10_000_000,
});

function flip(
  { switches }: MetaState,
  change: {
    readonly requireUserAgent?: boolean | undefined;
    readonly refuseFuture?: boolean | undefined;
  } = {},
): void {
  switches.requireUserAgent = change.requireUserAgent ?? switches.requireUserAgent;
  switches.refuseFuture = change.refuseFuture ?? switches.refuseFuture;
}
