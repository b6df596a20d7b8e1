import { defineConnector, politeLimit } from '../../kit/index.ts';
import { syncSubscriber } from './actions/sync-subscriber.ts';
import { describeFailure } from './api.ts';
import { listIsThere } from './checks.ts';
import { subscribers } from './presets/subscribers.ts';
import { settingsSchema } from './settings.ts';

/** Make (make.as, previously Dialog API), the Norwegian newsletter tool; not make.com. */
export const makeAs = defineConnector({
  id: 'make-as',
  title: 'Make.as',
  settings: settingsSchema,
  auth: ({ user_id, api_key }) => ({ kind: 'basic', user: user_id, password: api_key }),
  http: {
    baseUrl: ({ base_url }) => base_url,
    limits: ({ calls_per_second }) => [
      politeLimit(calls_per_second, 'No limit is published; the setting calls_per_second states ours.'),
    ],
    // 401 is documented as refused credentials, 404 and 422 as the caller's mistake: the default table says the same. What
    // a 404 means for a list, the call that names it knows.
    failures: [],
    describeFailure,
    // Half a minute tells slow from dead; the vendor publishes no timeout.
    timeoutMs: 30_000,
    // The vendor publishes no bound. Four are few enough for any server (2026-11).
    concurrent: 4,
  },
  integrationNames: ['Make.as'],
  checks: [listIsThere],
  actions: { 'sync-subscriber': syncSubscriber },
  presets: [subscribers],
});
