import { defineConnector, politeLimit } from '../../kit/index.ts';
import { forwardEvent } from './actions/forward-event.ts';
import { post } from './actions/post.ts';
import { originOf } from './address.ts';
import { takesMessages } from './checks.ts';
import { describeFailure, FAILURES } from './failures.ts';
import { events } from './presets/events.ts';
import { settingsSchema } from './settings.ts';
import { authOf } from './signing.ts';

const DAY_MS = 86_400_000;

/** Any HTTP endpoint of one's own: raw events forwarded, or requests that a mapping makes. */
export const webhook = defineConnector({
  id: 'webhook',
  title: 'Webhook',
  settings: settingsSchema,
  auth: authOf,
  http: {
    baseUrl: ({ url }) => originOf(url),
    limits: ({ calls_per_second }) => [
      politeLimit(
        calls_per_second,
        'The receiver is yours; the setting calls_per_second states what it bears.',
      ),
    ],
    failures: FAILURES,
    describeFailure,
    // "Answer 2xx within a few seconds" (developers.sesamy.com/guides/webhooks.html); 5 s is Outpost's default and
    // 15 to 30 s what Standard Webhooks allows.
    timeoutMs: 10_000,
    // Keeps the default limit busy at answers of up to 300 ms.
    concurrent: 16,
    // Svix, too, gives up after 120 hours of failures (its open-source server, 2026-08): nobody looks after such a receiver.
    disableAfterMs: 5 * DAY_MS,
    // What is kept of it for the record is less still; an answer in full would be somebody's whole page.
    answerBytes: 64 * 1024,
  },
  integrationNames: ['Webhooks'],
  checks: [takesMessages],
  actions: { 'forward-event': forwardEvent, post },
  presets: [events],
});
