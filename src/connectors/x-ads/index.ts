import { defineConnector } from '../../kit/index.ts';
import { sendConversion } from './actions/send-conversion.ts';
import { authOf } from './auth.ts';
import { pixel } from './checks.ts';
import { FAILURES } from './failures.ts';
import { limitsOf } from './limits.ts';
import { purchases } from './presets/purchases.ts';
import { settingsSchema } from './settings.ts';
import { describeFailure } from './vendor-error.ts';

/** The Conversions API of X (Twitter) Ads: web conversions with hashed identifiers. */
export const xAds = defineConnector({
  id: 'x-ads',
  title: 'X Ads',
  settings: settingsSchema,
  auth: authOf,
  http: {
    baseUrl: ({ base_url }) => base_url,
    limits: limitsOf,
    failures: FAILURES,
    describeFailure,
    // X says nothing of how long it takes; half a minute tells slow from dead.
    timeoutMs: 30_000,
    // A call in seven seconds at the default limit: two in flight hide the time of one answer.
    concurrent: 2,
  },
  integrationNames: ['X Ads', 'Twitter Ads'],
  checks: [pixel],
  actions: { 'send-conversion': sendConversion },
  presets: [purchases],
});
