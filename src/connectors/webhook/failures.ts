import type { Outcome } from '../../kernel/outcome.ts';
import { classifyFailure } from '../../kit/index.ts';
import type { CallResponse, DescribeFailure, FailureRule } from '../../kit/index.ts';

const SPEC =
  'https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#deliverability-and-reliability';

/**
 * What a receiver's statuses mean beyond the common table, by which 408, 425, 429, 5xx and broken connections are tried
 * again and other 4xx are final.
 */
export const FAILURES: readonly FailureRule[] = [
  // "3xx … are considered failures": never followed, as an address that was checked could lead to one that was not.
  // It may be a page for maintenance, so it is tried again.
  { status: [300, 399], verdict: 'retry', source: SPEC },
  // "410 Gone: the sender should disable the endpoint". A human decides whether it comes back.
  { status: 410, verdict: 'suspended', source: SPEC },
];

/** Says what to do; the receiver's own words stand in the record of the exchange. */
export const describeFailure: DescribeFailure = ({ status, headers }: CallResponse) => {
  const message = MESSAGES.find(([from, to]) => status >= from && status <= to)?.[2];
  const requestId = headers['x-request-id'];
  return { ...(message === undefined ? {} : { message }), ...(requestId === undefined ? {} : { requestId }) };
};

const MESSAGES: readonly (readonly [from: number, to: number, message: string])[] = [
  [300, 399, 'The receiver redirects, which is not followed. Write the address that it leads to into url.'],
  [401, 401, 'The receiver does not know the sender: check headers and secret.'],
  [403, 403, 'The receiver does not let the sender in: check headers and secret.'],
  [410, 410, 'The receiver is gone for good. Correct url, or resume the connection if it came back.'],
];

/** What a receiver may say of a path that an event chose. A 401 is about the sender wherever it comes from. */
export const PATH_REFUSALS: readonly number[] = [403, 410];

// "Refuses to fulfill it", and "access to the target resource is no longer available": of the resource, not the server.
const PATH_RULES: readonly FailureRule[] = PATH_REFUSALS.map((status) => ({
  status,
  verdict: 'rejected',
  source: 'RFC 9110 sections 15.5.4 and 15.5.11',
}));

/**
 * Such a path names one thing of the receiver's: that it is closed or gone says nothing of others, so that the input is a
 * dead letter and the connection goes on. A 403 may still mean the sender; dead letters can be sent again, and a backlog
 * that one record holds up is worse.
 */
export function pathRefusal(response: CallResponse): Outcome {
  return classifyFailure(response, PATH_RULES, 'webhook', (refused) => ({
    ...describeFailure(refused),
    message: `The receiver answered ${String(refused.status)} for the path of this input: check it, or headers and secret.`,
  }));
}
