import { defineConnector } from '../../kit/index.ts';
import { recordActivity } from './actions/record-activity.ts';
import { upsertMember } from './actions/upsert-member.ts';
import { assume } from './assume.ts';
import { checks } from './checks.ts';
import { FAILURES } from './failures.ts';
import { activity } from './presets/activity.ts';
import { subscribers } from './presets/subscribers.ts';
import { apiUrl, settingsSchema } from './settings.ts';
import { describeFailure } from './vendor-error.ts';

export const mailchimp = defineConnector({
  id: 'mailchimp',
  title: 'Mailchimp',
  settings: settingsSchema,
  // Any user name will do; this is the one of Mailchimp's own client library.
  auth: ({ api_key }) => ({ kind: 'basic', user: 'user', password: api_key }),
  http: {
    baseUrl: apiUrl,
    // Mailchimp limits connections and not calls in a time: `concurrent` keeps to that.
    limits: () => [],
    failures: FAILURES,
    describeFailure,
    // "API calls time out after 120 seconds": mailchimp.com/developer/marketing/docs/fundamentals, read 2026-11.
    timeoutMs: 120_000,
    // "10 simultaneous connections" per user, over all keys and programs, same page. One is left for `connectors test`
    // and for people.
    concurrent: 9,
  },
  // As Segment's own destination is addressed, and as the vendor writes itself.
  integrationNames: ['MailChimp', 'Mailchimp'],
  checks,
  assume,
  actions: { 'upsert-member': upsertMember, 'record-activity': recordActivity },
  presets: [subscribers, activity],
});
