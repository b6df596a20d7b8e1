import { retryAfterMs, stringField } from '../../kit/index.ts';
import type { CallResponse, FailureRule } from '../../kit/index.ts';

const ERRORS = 'https://developers.hubspot.com/docs/api-reference/error-handling';
const USAGE = 'https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines';

// A spent day lasts until midnight in the account's time zone; looking every hour costs nothing that counts.
const DAILY_WAIT_MS = 3_600_000;
// HubSpot's error page asks for two seconds on 423 (read 2026-11).
const LOCKED_WAIT_MS = 2_000;
// A portal on the move between data centres may take up to a day; used where no `Retry-After` is given.
const MIGRATION_WAIT_MS = 3_600_000;

/** What HubSpot's statuses mean; what is not here stands in the default table. */
export const FAILURES: readonly FailureRule[] = [
  { status: 401, verdict: 'suspended', source: ERRORS },
  { status: 403, verdict: 'suspended', source: ERRORS },
  { status: 423, verdict: 'retry', waitMs: atLeast(LOCKED_WAIT_MS), source: ERRORS },
  { status: 429, when: isLimit('DAILY'), verdict: 'deferred', waitMs: atLeast(DAILY_WAIT_MS), source: USAGE },
  { status: 429, when: isLimit('SECONDLY'), verdict: 'deferred', waitMs: atLeast(1_000), source: USAGE },
  { status: 429, verdict: 'deferred', waitMs: atLeast(10_000), source: USAGE },
  {
    status: 477,
    verdict: 'deferred',
    waitMs: (response) => retryAfterMs(response) ?? MIGRATION_WAIT_MS,
    source: ERRORS,
  },
  // Cloudflare's answer to a token that is no token at all, seen by Airbyte's HubSpot source (2026-08).
  { status: 530, verdict: 'suspended', source: 'https://docs.airbyte.com/integrations/sources/hubspot' },
  // 502 to 504 of HubSpot, 521 to 526 of the proxy before it.
  { status: [500, 599], verdict: 'retry', source: ERRORS },
];

/**
 * Which limit a 429 is about. Newer answers lack `policyName` and older ones `category`; the message has named
 * the limit in all that were seen (2021 to 2026), e.g. `You have reached your ten_secondly_rolling limit.`
 */
function isLimit(policy: 'DAILY' | 'SECONDLY'): (response: CallResponse) => boolean {
  const inMessage = new RegExp(`\\byour ${policy} limit`, 'i');
  return ({ body }) =>
    (stringField(body, 'policyName') ?? '').toUpperCase() === policy ||
    inMessage.test(stringField(body, 'message') ?? '');
}

function atLeast(waitMs: number): (response: CallResponse) => number {
  return (response) => Math.max(retryAfterMs(response) ?? 0, waitMs);
}
