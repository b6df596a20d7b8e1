import { retryAfterMs, stringField } from '../../kit/index.ts';
import type { FailureRule } from '../../kit/index.ts';

const ERRORS = 'https://mailchimp.com/developer/marketing/docs/errors/';
const LIMITS = 'https://mailchimp.com/developer/marketing/docs/fundamentals/#api-limits';

// Mailchimp names no wait. The limit is on connections open at once and not on calls in a time, so that one is free as
// soon as any call ends; two seconds is our choice.
const CONNECTIONS_WAIT_MS = 2_000;

/** What Mailchimp's statuses mean beyond the kit's default table. */
export const FAILURES: readonly FailureRule[] = [
  {
    status: 429,
    verdict: 'deferred',
    waitMs: (response) => retryAfterMs(response) ?? CONNECTIONS_WAIT_MS,
    source: LIMITS,
  },
  // Bursts and the firewall in front are answered with 403 and no JSON, seen by several clients (2026-11). A refused key
  // or user comes with a title.
  {
    status: 403,
    when: ({ body }) => stringField(body, 'title') === undefined,
    verdict: 'retry',
    source: LIMITS,
  },
  // The audience is gone, or list_id is wrong: no contact can be at fault. Calls for which a 404 is about one contact
  // look at it themselves.
  {
    status: 404,
    when: ({ body }) => stringField(body, 'title') === 'Resource Not Found',
    verdict: 'suspended',
    source: ERRORS,
  },
  // The account may not use the method until Mailchimp's own people have looked at it.
  {
    status: 503,
    when: ({ body }) => stringField(body, 'title') === 'ComplianceRelated',
    verdict: 'suspended',
    source: ERRORS,
  },
];
