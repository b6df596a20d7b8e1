import { retryAfterMs } from '../../kit/index.ts';
import type { CallResponse, FailureRule } from '../../kit/index.ts';
import { fromStockholm } from './stockholm-time.ts';

// Rule's documents name no wait. What follows was probed by the authors of its SDK in 2026-05.
const SOURCE = 'https://github.com/rulecom/rule-io-sdk';

/** What Rule's statuses mean beyond the kit's default table. */
export const FAILURES: readonly FailureRule[] = [
  // The same subscriber is being created by another call; what writes subscribers reads it again by itself.
  { status: 409, verdict: 'retry', source: SOURCE },
  { status: 429, verdict: 'deferred', waitMs: ruleWaitMs, source: SOURCE },
];

const WAIT_MS_MIN = 1_000;
// The block was seen to last about ten minutes. A longer wait would be a misread zone.
const WAIT_MS_MAX = 900_000;
const BLOCK_MS = 600_000;

/**
 * How long a 429 wants us to wait. `Retry-After` is a local time without a zone, so it is compared with the time that the
 * same answer bears in `Date`: a clock that is wrong here changes nothing.
 */
export function ruleWaitMs(response: CallResponse): number {
  const seconds = retryAfterMs(response);
  if (seconds !== undefined) return clamp(seconds);
  const moments = fromStockholm(response.headers['retry-after'] ?? '');
  const nowMs = Date.parse(response.headers['date'] ?? '');
  const [firstMs] = moments;
  if (firstMs === undefined || Number.isNaN(nowMs)) return BLOCK_MS;
  // In the hour that comes twice, the first of the two that has not passed is meant.
  return clamp((moments.find((atMs) => atMs > nowMs) ?? firstMs) - nowMs);
}

function clamp(ms: number): number {
  return Math.min(WAIT_MS_MAX, Math.max(WAIT_MS_MIN, ms));
}
