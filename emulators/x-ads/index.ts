import { z } from 'zod';
import { defineEmulator, json } from '../core/index.ts';
import { apiError, refuse } from './api-error.ts';
import { routes, unauthorised } from './routes.ts';
import { XAdsState } from './state.ts';
import type { Switches } from './state.ts';

const text = z.string().min(1);

const switchesSchema = z
  .strictObject({
    clockSkewMsMax: z.int().positive().nullable(),
    counts: z.enum(['events', 'requests']),
    refuseUnknownFields: z.boolean(),
  })
  .partial();

const seedSchema = z.strictObject({
  consumers: z.array(z.strictObject({ key: text, secret: text })).optional(),
  users: z
    .array(
      z.strictObject({
        token: text,
        secret: text,
        role: z.enum(['ACCOUNT_ADMIN', 'AD_MANAGER', 'ANALYST']).default('AD_MANAGER'),
      }),
    )
    .optional(),
  pixels: z
    .array(
      z.strictObject({
        id: text,
        events: z.array(z.strictObject({ id: text, type: z.enum(['SET', 'UWT']).default('SET') })),
        tokens: z.array(text).default([]),
      }),
    )
    .optional(),
  switches: switchesSchema.optional(),
});

const limitsSchema = z.strictObject({
  /** In a quarter of an hour. */
  allowance: z.int().positive().optional(),
  switches: switchesSchema.optional(),
});

/** The Conversions API of X Ads: signed calls of up to 500 conversions, taken or refused whole. */
export const xAdsEmulator = defineEmulator({
  id: 'x-ads',
  title: 'X Ads Conversions API',
  seedSchema,
  makeState: (context) => new XAdsState(context),
  applySeed: (state, { consumers = [], users = [], pixels = [], switches }) => {
    for (const { key, secret } of consumers) state.consumers.set(key, secret);
    for (const { token, ...user } of users) state.users.set(token, user);
    for (const { id, events, tokens } of pixels) {
      state.pixels.set(id, new Map(events.map((event) => [event.id, event.type])));
      for (const token of tokens) state.pixelTokens.set(token, id);
    }
    flip(state, switches);
  },
  showState: ({ pixels, conversions, repetitions }) => ({
    pixels: [...pixels].map(([id, events]) => ({
      id,
      events: [...events].map(([event, type]) => ({ id: event, type })),
    })),
    conversions,
    repetitionCount: repetitions.length,
  }),
  showPage: ({ conversions, repetitions }) => [
    {
      title: 'Conversions',
      columns: ['Pixel', 'Event', 'Conversion', 'Received'],
      rows: conversions
        .slice(-50)
        .map((one) => [one.pixel, one.event_id, one.conversion_id ?? '', one.receivedAt]),
      note: `${String(conversions.length)} count, ${String(repetitions.length)} were repetitions.`,
    },
  ],
  limits: {
    schema: limitsSchema,
    show: (state) => ({ ...state.rate(), switches: state.switches }),
    apply: (state, { allowance, switches }) => {
      state.allowance = allowance ?? state.allowance;
      flip(state, switches);
    },
  },
  routes,
  adminRoutes: [
    { method: 'GET', path: '/report', handle: (_request, { repetitions }) => json(200, { repetitions }) },
  ],
  refuse,
  faultPresets: {
    unauthorised,
    cancelled: () => apiError(408, 'CANCELLED_REQUEST', 'The request was cancelled'),
    locked: () => apiError(423, 'LOCK_ACQUISITION_TIMEOUT', 'The resource is locked'),
    over_capacity: () => ({
      ...apiError(503, 'OVER_CAPACITY', 'The service is over capacity'),
      headers: { 'retry-after': '5' },
    }),
    suspended_user: () => apiError(403, 'CURRENT_USER_SUSPENDED', 'The current user is suspended'),
  },
  finish: (reply, _request, state) => {
    const { limit, remaining, resetMs } = state.rate();
    return {
      ...reply,
      headers: {
        // The emulator's time, by which the reset is told.
        date: new Date(state.nowMs()).toUTCString(),
        'x-current-api-version': '12',
        'x-rate-limit-limit': String(limit),
        'x-rate-limit-remaining': String(remaining),
        'x-rate-limit-reset': String(Math.ceil(resetMs / 1000)),
        ...reply.headers,
      },
    };
  },
  // 500 conversions with long contents are some 500 kB.
  bodyBytesMax: 5_000_000,
});

type Change = { readonly [Name in keyof Switches]?: Switches[Name] | undefined };

function flip({ switches }: XAdsState, { clockSkewMsMax, counts, refuseUnknownFields }: Change = {}): void {
  if (clockSkewMsMax !== undefined) switches.clockSkewMsMax = clockSkewMsMax;
  switches.counts = counts ?? switches.counts;
  switches.refuseUnknownFields = refuseUnknownFields ?? switches.refuseUnknownFields;
}
