import { defineConnector, politeLimit } from '../../kit/index.ts';
import { resolveSubscriber } from './actions/resolve-subscriber.ts';
import { describeFailure } from './api.ts';
import { canReadUsers } from './checks.ts';
import { FAILURES } from './failures.ts';
import { resolve } from './presets/resolve.ts';
import { sesamySettings, tokenUrl } from './settings.ts';

/** Sesamy, the subscription platform: a source whose events carry ids, and the reads that complete them. */
export const sesamy = defineConnector({
  id: 'sesamy',
  title: 'Sesamy',
  settings: sesamySettings,
  auth: (settings) => ({
    kind: 'client_credentials',
    tokenUrl: tokenUrl(settings),
    clientId: settings.client_id,
    clientSecret: settings.client_secret,
    // The same for every environment: https://developers.sesamy.com/authentication, read 2026-11.
    audience: 'https://api.sesamy.com',
  }),
  http: {
    baseUrl: (settings) => settings.api_url,
    limits: (settings) => [
      politeLimit(
        settings.calls_per_second,
        'No limit is documented; the setting calls_per_second states ours.',
      ),
    ],
    failures: FAILURES,
    describeFailure,
    // Lists of the management API are slow on large tenants; half a minute tells slow from dead.
    timeoutMs: 30_000,
    // Eight users in flight keep the default limit busy at answers of up to 300 ms.
    concurrent: 8,
  },
  integrationNames: ['Sesamy'],
  checks: [canReadUsers],
  actions: { 'resolve-subscriber': resolveSubscriber },
  presets: [resolve],
  source: { accepts: 'subscriber-events', resolve: 'sesamy/resolve' },
});
