/**
 * Rule allows a number of calls, and blocks a key of which too large a share of the calls fails. Both are counted over a
 * window of about ten minutes that the client does not see begin, so calls are spread evenly: no backlog spends ten
 * minutes' worth in one and then stands still.
 */
import type { CallResponse, Limit, LimitReading } from '../../kit/index.ts';
import type { RuleSettings } from './settings.ts';

// Probed by the authors of Rule's SDK in 2026-05; the `X-RateLimit-*` headers of the documents were never seen.
const SOURCE = 'https://github.com/rulecom/rule-io-sdk';

const MINUTE_MS = 60_000;
const MINUTES_PER_WINDOW = 10;

// Below this share of the window's calls left, others use the account too, and calls get fewer in proportion.
const CALLS_LEFT_SHARE = 0.05;

// Enough to see the share of failures fall again: one call in some six seconds at Rule's usual allowance.
const SLOWEST_SHARE = 0.05;

// One failed call of two is no sign of anything. From how many on Rule itself looks at the share is not documented.
const CALLS_OF_A_SHARE = 100;

export function limitsOf({ calls_per_ten_minutes }: RuleSettings): readonly Limit[] {
  const calls = Math.floor(calls_per_ten_minutes / MINUTES_PER_WINDOW);
  const common = { calls, perMs: MINUTE_MS, appliesTo: () => true, source: SOURCE };
  return [
    { ...common, name: 'calls', read: readCalls },
    { ...common, name: 'failures', read: (response) => readFailures(response, calls) },
  ];
}

/** Calls a minute that others of the account leave. */
export function readCalls({ headers }: CallResponse): LimitReading | undefined {
  const allowed = toNumber(headers['requestscount-allowed']);
  const used = toNumber(headers['requestscount-current']);
  if (allowed === undefined || used === undefined || allowed <= 0) return undefined;
  const share = (allowed - used) / (allowed * CALLS_LEFT_SHARE);
  return { calls: atLeastOne((allowed / MINUTES_PER_WINDOW) * Math.min(1, share)) };
}

/**
 * Calls a minute that the share of failed ones leaves: all up to half of what Rule bears, then fewer and fewer. The
 * window holds good calls too: the slower failing ones are added to them, the more of them may fail before the block.
 */
export function readFailures({ headers }: CallResponse, calls: number): LimitReading | undefined {
  const limit = toNumber(headers['x-errorpercent-limit']);
  const current = toNumber(headers['x-errorpercent-current']);
  if (limit === undefined || current === undefined || limit <= 0) return undefined;
  // A 429 does not say how many calls there were: there, the share has done its harm.
  const used = toNumber(headers['requestscount-current']) ?? Infinity;
  const share = used < CALLS_OF_A_SHARE ? 1 : (limit - current) / (limit / 2);
  return { calls: atLeastOne(calls * Math.min(1, Math.max(SLOWEST_SHARE, share))) };
}

function toNumber(header: string | undefined): number | undefined {
  const text = header?.trim() ?? '';
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}

function atLeastOne(calls: number): number {
  return Math.max(1, Math.floor(calls));
}
