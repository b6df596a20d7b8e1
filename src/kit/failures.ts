import type { Fault, Outcome } from '../kernel/outcome.ts';
import { isJsonObject } from '../kernel/json.ts';
import type { CallResponse } from './call.ts';

/**
 * What a failed call means for the inputs it carried.
 * - `deferred`: a limit of the vendor. They wait as long as the vendor says, and no attempt is spent.
 * - `retry`: it may pass. They wait by the retry schedule, and become dead letters after the last attempt.
 * - `rejected`: this vendor will never take these inputs. They are dead letters at once; others of the batch are tried
 *   without them.
 * - `suspended`: this vendor will take nothing from this connection until a human has done something: refused
 *   credentials (401, 403), an endpoint that is gone for good (410, where the vendor means that by it). Nothing more is
 *   sent, no attempt is spent, and the backlog stays in the log. `linchpin connectors resume`, or a changed
 *   configuration, lets it go on; an event of the connection tells of both.
 */
export type FailureVerdict = Extract<Outcome['kind'], 'deferred' | 'retry' | 'rejected' | 'suspended'>;

/** One row of a connector's failures table; the first row that matches decides. */
export interface FailureRule {
  readonly status: number | readonly [from: number, to: number];
  /** Narrows the row to certain answers, for vendors that say one status for different things. */
  readonly when?: (response: CallResponse) => boolean;
  readonly verdict: FailureVerdict;
  /**
   * How long the vendor wants us to wait; as `Retry-After` says when absent, which any answer may bear (RFC 9110 section
   * 10.2.3). `undefined` leaves it to the retry schedule.
   */
  readonly waitMs?: (response: CallResponse) => number | undefined;
  /** Where the vendor documents it. */
  readonly source: string;
}

/** Reads the vendor's error envelope, so that faults quote the vendor's own code and request id. */
export type DescribeFailure = (response: CallResponse) => Partial<Fault>;

/**
 * The common policy (2xx delivered, 429 and 5xx retried, other 4xx rejected) with 401/403 as a broken
 * connection. Stands behind every connector's own rows.
 */
export const DEFAULT_FAILURES: readonly FailureRule[] = [
  { status: 401, verdict: 'suspended', source: 'RFC 9110 section 15.5.2' },
  { status: 403, verdict: 'suspended', source: 'RFC 9110 section 15.5.4' },
  { status: 408, verdict: 'retry', source: 'RFC 9110 section 15.5.9' },
  { status: 425, verdict: 'retry', source: 'RFC 8470 section 5.2' },
  { status: 429, verdict: 'deferred', source: 'RFC 6585 section 4' },
  { status: [500, 599], verdict: 'retry', source: 'RFC 9110 section 15.6' },
  { status: [300, 499], verdict: 'rejected', source: 'RFC 9110 section 15.5' },
];

// The one form of a date that is sent today (RFC 9110 section 5.6.7); others have no zone that is sure.
const HTTP_DATE = /^[A-Z][a-z]{2}, .+ GMT$/;

/** `Retry-After` in milliseconds. A date is held against the answer's own `Date`, so that no clock but the vendor's counts. */
export function retryAfterMs({ headers }: CallResponse): number | undefined {
  const header = headers['retry-after']?.trim();
  if (header === undefined) return undefined;
  if (/^\d+(\.\d+)?$/.test(header)) return Number(header) * 1000;
  if (!HTTP_DATE.test(header)) return undefined;
  const waitMs = Date.parse(header) - Date.parse(headers['date'] ?? '');
  return Number.isNaN(waitMs) ? undefined : Math.max(0, waitMs);
}

// A vendor that answers 429 without naming a wait gets this much: HubSpot's rolling window, the longest short
// one among the vendors we know (developers.hubspot.com, API usage guidelines; 2026-11).
const UNNAMED_WAIT_MS = 10_000;

/** The outcome that a non-2xx answer means for every input of its call. */
export function classifyFailure(
  response: CallResponse,
  rules: readonly FailureRule[],
  connector: string,
  describe: DescribeFailure = () => ({}),
): Extract<Outcome, { kind: FailureVerdict }> {
  const rule = [...rules, ...DEFAULT_FAILURES].find((row) => matches(row, response));
  const fault: Fault = {
    code: `${connector}.http_${String(response.status)}`,
    message: `The vendor answered ${String(response.status)}.`,
    status: response.status,
    ...describe(response),
  };
  const waitMs = (rule?.waitMs ?? retryAfterMs)(response);
  switch (rule?.verdict) {
    case 'suspended':
      return { kind: 'suspended', fault };
    case 'deferred':
      return { kind: 'deferred', waitMs: waitMs ?? UNNAMED_WAIT_MS, reason: fault.message };
    case 'retry':
      return { kind: 'retry', fault, ...(waitMs === undefined ? {} : { waitMs }) };
    case 'rejected':
    case undefined:
      return { kind: 'rejected', fault };
  }
}

function matches(rule: FailureRule, response: CallResponse): boolean {
  const [from, to] = typeof rule.status === 'number' ? [rule.status, rule.status] : rule.status;
  return response.status >= from && response.status <= to && (rule.when?.(response) ?? true);
}

/** A string field of a JSON error body, or `undefined`. */
export function stringField(body: unknown, name: string): string | undefined {
  const value = isJsonObject(body) ? body[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}
