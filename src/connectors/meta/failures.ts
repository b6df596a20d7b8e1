import { retryAfterMs } from '../../kit/index.ts';
import type { CallResponse, FailureRule } from '../../kit/index.ts';
import { readVendorError } from './vendor-error.ts';
import type { VendorError } from './vendor-error.ts';

const ERRORS = 'https://developers.facebook.com/docs/graph-api/guides/error-handling';
const MARKETING_ERRORS = 'https://developers.facebook.com/docs/marketing-api/error-reference';
const RATES = 'https://developers.facebook.com/docs/graph-api/overview/rate-limiting';
const CONVERSIONS_ERRORS =
  'https://developers.facebook.com/docs/marketing-api/conversions-api/using-the-api#troubleshooting';

// Calls are counted over a rolling hour (the rate page above, read 2026-11): five minutes free a twelfth of it.
const THROTTLE_WAIT_MS = 300_000;

const ANY_REFUSAL = [300, 599] as const;

/**
 * Meta's own codes decide, because the statuses lie: a throttle comes as 400 or 403, a dead token and a wrong parameter
 * now and then as 500 (seen in issues of github.com/facebook/facebook-nodejs-business-sdk and of its users, 2026-11).
 */
export const FAILURES: readonly FailureRule[] = [
  // A page of the edge in front of the API, which never saw the call.
  { status: ANY_REFUSAL, when: isHtml, verdict: 'retry', source: ERRORS },
  // 4 and 17: calls of the app, of the user. 32: of the page. 341: the app's allowance. 368: blocked for a while.
  // 613: calls of the ad account. 80003 and 80004: of the business.
  {
    status: ANY_REFUSAL,
    when: hasCode(4, 17, 32, 341, 368, 613, 80003, 80004),
    verdict: 'deferred',
    waitMs: throttleMs,
    source: RATES,
  },
  { status: ANY_REFUSAL, when: is(({ isTransient }) => isTransient), verdict: 'retry', source: ERRORS },
  { status: ANY_REFUSAL, when: hasCode(190), verdict: 'suspended', source: ERRORS },
  {
    status: ANY_REFUSAL,
    when: is(({ code = 0 }) => code === 3 || code === 10 || (code >= 200 && code <= 299)),
    verdict: 'suspended',
    source: ERRORS,
  },
  // The dataset of the settings is unknown, or the token may not use it: the same for every event.
  {
    status: ANY_REFUSAL,
    when: is(({ code, subcode }) => code === 100 && subcode === 33),
    verdict: 'suspended',
    source: ERRORS,
  },
  // Terms that nobody has accepted yet: the same for every event, and a human can mend it.
  { status: ANY_REFUSAL, when: hasCode(2655), verdict: 'suspended', source: MARKETING_ERRORS },
  // 1 and 2: unknown, service down. 5000 and 21009: "data set upload is temporarily not ready".
  { status: ANY_REFUSAL, when: hasCode(1, 2, 5000, 21009), verdict: 'retry', source: CONVERSIONS_ERRORS },
  // Of 100 nothing is left but parameters. A call is taken or refused whole; the engine halves the batch.
  { status: ANY_REFUSAL, when: hasCode(100, 105, 2650), verdict: 'rejected', source: CONVERSIONS_ERRORS },
];

function is(test: (error: VendorError) => boolean): (response: CallResponse) => boolean {
  return ({ body }) => {
    const error = readVendorError(body);
    return error !== undefined && test(error);
  };
}

function hasCode(...codes: readonly number[]): (response: CallResponse) => boolean {
  return is(({ code }) => code !== undefined && codes.includes(code));
}

function isHtml({ headers, body }: CallResponse): boolean {
  const type = headers['content-type'] ?? '';
  return type.includes('text/html') || (typeof body === 'string' && /^\s*<(?:!doctype|html)/i.test(body));
}

/** What Meta says, in one header or the other; its own is in minutes. */
function throttleMs(response: CallResponse): number {
  return (
    retryAfterMs(response) ?? regainMs(response.headers['x-business-use-case-usage']) ?? THROTTLE_WAIT_MS
  );
}

// {"<business id>": [{"type": "…", "call_count": 100, "estimated_time_to_regain_access": 7, …}]}: the rate page above.
const REGAIN = /"estimated_time_to_regain_access":\s*(\d+)/g;
const MINUTE_MS = 60_000;

function regainMs(header = ''): number | undefined {
  const minutes = Math.max(0, ...[...header.matchAll(REGAIN)].map(([, found]) => Number(found)));
  return minutes === 0 ? undefined : minutes * MINUTE_MS;
}
