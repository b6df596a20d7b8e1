import { retryAfterMs } from '../../kit/index.ts';
import type { CallResponse, FailureRule } from '../../kit/index.ts';
import { readVendorErrors } from './vendor-error.ts';

const ERRORS = 'https://docs.x.com/x-ads-api/fundamentals/error-codes-and-responses';
const RATES = 'https://docs.x.com/x-ads-api/fundamentals/rate-limiting';
const CONVERSIONS = 'https://docs.x.com/x-ads-api/measurement/web-conversions';

// A window of X is a quarter of an hour (the page on rates, read 2026-11). Where neither header tells how much of it is
// left, a minute finds its end soon enough.
const UNNAMED_WAIT_MS = 60_000;

/** What X's answers mean beyond the default table; read 2026-11. */
export const FAILURES: readonly FailureRule[] = [
  { status: 408, verdict: 'retry', source: `${ERRORS} (CANCELLED_REQUEST)` },
  { status: 423, verdict: 'retry', source: `${ERRORS} (LOCK_ACQUISITION_TIMEOUT)` },
  {
    status: 429,
    verdict: 'deferred',
    waitMs: (response) => retryAfterMs(response) ?? untilResetMs(response) ?? UNNAMED_WAIT_MS,
    source: RATES,
  },
  // The path holds nothing but settings, and the event is one too: wrong for one conversion, they are wrong for all. Some
  // of these answers are pages of HTML without a code (seen 2026-11): the status decides.
  { status: 404, verdict: 'suspended', source: ERRORS },
  {
    status: 400,
    when: everyError(({ message }) => message.includes('is not a single event tag')),
    verdict: 'suspended',
    source: CONVERSIONS,
  },
];

function everyError(
  test: (error: ReturnType<typeof readVendorErrors>[number]) => boolean,
): (response: CallResponse) => boolean {
  return ({ body }) => {
    const errors = readVendorErrors(body);
    return errors.length > 0 && errors.every(test);
  };
}

/** X names the moment by its own clock, which `date` tells: ours may differ. */
function untilResetMs({ headers }: CallResponse): number | undefined {
  const nowMs = Date.parse(headers['date'] ?? '');
  const resets = ['x-rate-limit', 'x-account-rate-limit'].flatMap((name) => {
    const resetMs = Number(headers[`${name}-reset`] ?? Number.NaN) * 1000;
    // The limit that still has room is not the one that refused.
    const isSpent = !(Number(headers[`${name}-remaining`] ?? 0) > 0);
    return isSpent && Number.isFinite(resetMs - nowMs) ? [resetMs - nowMs] : [];
  });
  return resets.length === 0 ? undefined : Math.max(0, ...resets);
}
