import { defineConnector, politeLimit } from '../../kit/index.ts';
import { sendEvent } from './actions/send-event.ts';
import { dataset } from './checks.ts';
import { FAILURES } from './failures.ts';
import { purchases } from './presets/purchases.ts';
import { settingsSchema } from './settings.ts';
import { describeFailure } from './vendor-error.ts';

/** Meta's Conversions API: server events with hashed user data, for the attribution of advertising. */
export const meta = defineConnector({
  id: 'meta',
  title: 'Meta',
  settings: settingsSchema,
  // In the header and not in the address, where Meta's own libraries put it and where logs keep it.
  auth: ({ access_token }) => ({ kind: 'bearer', token: access_token }),
  http: {
    baseUrl: ({ base_url }) => base_url,
    // Ten calls carry up to 10,000 events.
    limits: () => [
      politeLimit(
        10,
        'https://developers.facebook.com/docs/marketing-api/conversions-api/using-the-api says that calls have no limit (2026-11); this one is ours.',
      ),
    ],
    failures: FAILURES,
    describeFailure,
    // What Meta advises for background jobs is 10 s; a full call of a megabyte may take longer to arrive.
    timeoutMs: 20_000,
    // A call of a thousand events is rare; two in flight hide the time of one answer.
    concurrent: 2,
  },
  // As Segment's own destinations are addressed.
  integrationNames: ['Facebook Conversions API (Actions)', 'Facebook Pixel Server Side', 'Meta'],
  checks: [dataset],
  actions: { 'send-event': sendEvent },
  presets: [purchases],
});
