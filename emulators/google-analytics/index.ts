import { z } from 'zod';
import type { JsonValue } from '../../src/kernel/json.ts';
import { defineEmulator, empty, json } from '../core/index.ts';
import type { PageTable, Reply, RefusalReason } from '../core/index.ts';
import { AnalyticsState } from './state.ts';

const word = z.string().min(1);

/** `GET /_emulator/report`: what the vendor never tells, that hits were taken and count for nothing. */
function report({ hits, purchases }: AnalyticsState): object {
  const dropped = hits.filter(({ fate }) => fate === 'dropped');
  return {
    hits: hits.length,
    counted: hits.length - dropped.length,
    pulledForward: hits.filter(({ isPulledForward }) => isPulledForward).length,
    purchases: purchases.size,
    repeats: [...purchases.values()].reduce((sum, purchase) => sum + purchase.repeats, 0),
    dropped,
  };
}

// What Google's front ends say before anything of Analytics is reached: plain pages, no JSON.
const STATUSES: Partial<Record<RefusalReason, number>> = {
  unknown_route: 404,
  wrong_method: 405,
  body_too_large: 413,
  unavailable: 503,
  internal: 500,
};

/** The Measurement Protocol of Google Analytics 4: a collector that says yes to everything, and the debug endpoint. */
export const googleAnalyticsEmulator = defineEmulator({
  id: 'google-analytics',
  title: 'Google Analytics 4',
  seedSchema: z.strictObject({
    streams: z
      .array(z.strictObject({ measurementId: word, apiSecret: word }))
      .optional()
      .describe('Web streams besides G-EMULATOR1.'),
  }),
  makeState: (context) => new AnalyticsState(context),
  applySeed: (state, { streams = [] }) => {
    for (const stream of streams) state.streams.set(stream.measurementId, stream);
  },
  showState: ({ streams, purchases, hits }) => ({
    streams: [...streams.keys()],
    purchases: [...purchases.values()],
    hits: hits.length,
  }),
  showPage: showTables,
  limits: {
    schema: z.strictObject({ collectStatus: z.union([z.literal(200), z.literal(204)]) }),
    show: ({ collectStatus }) => ({ collectStatus }),
    apply: (state, { collectStatus }) => {
      state.collectStatus = collectStatus;
    },
  },
  routes: [
    {
      method: 'POST',
      path: '/mp/collect',
      handle: (request, state) => {
        state.collect(request.query, request.body);
        return empty(state.collectStatus);
      },
    },
    {
      method: 'POST',
      path: '/debug/mp/collect',
      handle: (request, state) =>
        json(200, { validationMessages: state.validate(request.query, request.body).violations }),
    },
  ],
  adminRoutes: [{ method: 'GET', path: '/report', handle: (_request, state) => json(200, report(state)) }],
  refuse: (reason): Reply => page(STATUSES[reason] ?? 400),
  faultPresets: {
    throttled: () => page(429),
    bad_gateway: () => page(502),
  },
  // Far above the 130 kB that the protocol allows, so that a body above those is taken and reported.
  bodyBytesMax: 1_048_576,
});

function page(status: number): Reply {
  const body = `<!DOCTYPE html><html lang=en><title>Error ${String(status)}</title></html>`;
  return { status, headers: { 'content-type': 'text/html; charset=UTF-8' }, body };
}

function showTables({ purchases, hits }: AnalyticsState): readonly PageTable[] {
  return [
    {
      title: 'Purchases',
      columns: ['Stream', 'Transaction', 'Client', 'Time', 'Value', 'Repeats'],
      rows: [...purchases.values()].map(({ measurementId, params, clientId, at, repeats }) => [
        measurementId,
        text(params['transaction_id']),
        clientId,
        at,
        `${text(params['value'])} ${text(params['currency'])}`.trim(),
        String(repeats),
      ]),
    },
    {
      title: 'Hits that count for nothing',
      columns: ['Time', 'Stream', 'Events', 'Why'],
      rows: hits
        .filter(({ fate }) => fate === 'dropped')
        .map(({ at, measurementId, events, reason, violations }) => [
          at,
          measurementId,
          events.join(', '),
          [reason ?? '', ...violations.map(({ description }) => description)].join(' ').trim(),
        ]),
      note: 'Each was answered like every other one.',
    },
  ];
}

function text(value: JsonValue | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
