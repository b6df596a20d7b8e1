import { defineConnector } from '../../kit/index.ts';
import { sendPurchase } from './actions/send-purchase.ts';
import { debugEndpoint } from './checks.ts';
import { COLLECT_PATH } from './paths.ts';
import { purchases } from './presets/purchases.ts';
import { baseUrl, settingsSchema } from './settings.ts';

/** Google Analytics 4, by its Measurement Protocol. */
export const googleAnalytics = defineConnector({
  id: 'google-analytics',
  title: 'Google Analytics 4',
  settings: settingsSchema,
  auth: ({ api_secret }) => ({ kind: 'query', parameters: { api_secret } }),
  http: {
    baseUrl,
    // The protocol names no rate (.../protocol/ga4/sending-events#limitations, read 2026-11).
    limits: () => [],
    // None beyond the common policy: the collector refuses nothing, and what its front ends say is of the usual kind.
    failures: [],
    // A collector that browsers wait for; beyond this it is down.
    timeoutMs: 10_000,
    // Purchases come one by one. Eight at a time drain a backlog of thousands within minutes.
    concurrent: 8,
  },
  // As Segment's own destinations are addressed, the older first.
  integrationNames: ['Google Analytics 4', 'Google Analytics 4 Cloud'],
  checks: [debugEndpoint],
  // Not a guess: the collector gives this answer to everything.
  assume: ({ path }) => (path === COLLECT_PATH ? { status: 204, headers: {}, body: undefined } : undefined),
  actions: { 'send-purchase': sendPurchase },
  presets: [purchases],
});
