import { z } from 'zod';
import { defineEmulator } from '../core/index.ts';
import { actionRoutes } from './actions.ts';
import { refuse } from './problem.ts';
import { managementRoutes } from './routes/management.ts';
import { ownRoutes } from './routes/own.ts';
import { applySeed, seedSchema, showState } from './seed.ts';
import { SesamyState } from './state.ts';
import { tokenRoute } from './tokens.ts';

const HOUR_MS = 3_600_000;
// The vendor documents exponential backoff and neither the number nor the length of its waits
// (developers.sesamy.com/guides/webhooks.html, read 2026-11): these reach from a second to half a day.
const RETRY_DELAYS_MS = [1_000, 10_000, 60_000, 600_000, HOUR_MS, 12 * HOUR_MS];

// "Other 4xx: permanent failure, no retry"; 429 is tried again. Same page.
const FINAL_STATUSES = Array.from({ length: 100 }, (_none, index) => 400 + index).filter(
  (status) => status !== 429,
);

/** Sesamy's client and management APIs, its token endpoint, and the webhooks that changes raise. */
export const sesamyEmulator = defineEmulator({
  id: 'sesamy',
  title: 'Sesamy',
  seedSchema,
  makeState: (context) => new SesamyState(context),
  applySeed,
  showState,
  limits: {
    schema: z.strictObject({ callsPerSecond: z.int().positive().nullable() }),
    show: ({ callsPerSecond }) => ({ callsPerSecond }),
    apply: (state, { callsPerSecond }) => {
      state.callsPerSecond = callsPerSecond;
    },
  },
  routes: [tokenRoute, ...managementRoutes, ...ownRoutes],
  adminRoutes: actionRoutes,
  refuse,
  // No signature is documented; the configured headers are the proof of the sender.
  webhooks: {
    sign: () => ({}),
    retryDelaysMs: RETRY_DELAYS_MS,
    // "Answer 2xx within a few seconds".
    timeoutMs: 5_000,
    finalStatuses: FINAL_STATUSES,
  },
  // Far above every request of this API.
  bodyBytesMax: 1_048_576,
});
