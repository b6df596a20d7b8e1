import { defineConnector, politeLimit } from '../../kit/index.ts';
import { syncContact } from './actions/sync-contact.ts';
import { account } from './checks.ts';
import { isContactPath } from './paths.ts';
import { subscribers } from './presets/subscribers.ts';
import { settingsSchema } from './settings.ts';
import { describeFailure } from './vendor-error.ts';

/** Mailmojo, the newsletter service: contacts of a list with tags and account fields. */
export const mailmojo = defineConnector({
  id: 'mailmojo',
  title: 'Mailmojo',
  settings: settingsSchema,
  auth: ({ api_token }) => ({ kind: 'bearer', token: api_token }),
  http: {
    baseUrl: ({ base_url }) => base_url,
    limits: ({ calls_per_second }) => [
      politeLimit(
        calls_per_second,
        'No limit is published (mailmojo.dev, read 2026-11); the setting calls_per_second states ours.',
      ),
    ],
    // None beyond the common policy: what the vendor's clients tell apart is what it tells apart. What a 404 means for a
    // list, the call that names it knows.
    failures: [],
    describeFailure,
    // No answer worth waiting for comes later from an API that serves forms on web pages.
    timeoutMs: 30_000,
    // As many as use the default limit.
    concurrent: 4,
  },
  integrationNames: ['Mailmojo'],
  checks: [account],
  // As of an account that does not know the contact yet.
  assume: ({ method, path }) =>
    method === 'GET' && isContactPath(path) ? { status: 404, headers: {}, body: undefined } : undefined,
  actions: { 'sync-contact': syncContact },
  presets: [subscribers],
});
