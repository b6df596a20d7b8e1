/** What it means for a connection that a call brought no answer that was wanted. */
import type { Fault, Outcome } from '../kernel/outcome.ts';
import { classifyFailure } from '../kit/index.ts';
import type { AnyConnector, DescribeFailure, FailureVerdict } from '../kit/index.ts';
import type { Answer } from './exchange.ts';
import type { Redact } from './redaction.ts';

export type Failure = Extract<Outcome, { kind: FailureVerdict }>;

/** Of a call of the vendor's API. Faults quote the vendor, and a vendor may quote what it was sent. */
export function callFailure(
  answer: Answer,
  { id, http }: AnyConnector,
  redact: Redact,
  describe: DescribeFailure | undefined = http.describeFailure,
): Failure {
  if (answer.kind === 'network') {
    const fault = { code: `${id}.${answer.code}`, message: redact(answer.message) };
    return answer.code === 'forbidden_address' ? { kind: 'suspended', fault } : { kind: 'retry', fault };
  }
  const failure = classifyFailure(answer.response, http.failures, id, describe);
  if (failure.kind === 'deferred') return { ...failure, reason: redact(failure.reason) };
  return { ...failure, fault: redactFault(failure.fault, redact) };
}

/** What a connector made of an answer may quote it as well. */
export function redactOutcome(outcome: Outcome, redact: Redact): Outcome {
  switch (outcome.kind) {
    case 'delivered':
      return outcome.notes === undefined ? outcome : { ...outcome, notes: outcome.notes.map(redact) };
    case 'skipped':
    case 'deferred':
      return { ...outcome, reason: redact(outcome.reason) };
    case 'retry':
    case 'rejected':
    case 'suspended':
      return { ...outcome, fault: redactFault(outcome.fault, redact) };
  }
}

/** The code too is the vendor's word, in which some quote what they were sent. */
function redactFault(fault: Fault, redact: Redact): Fault {
  const { code, message, requestId } = fault;
  return {
    ...fault,
    code: redact(code),
    message: redact(message),
    ...(requestId === undefined ? {} : { requestId: redact(requestId) }),
  };
}

/**
 * Of a call of the token endpoint. Whatever 4xx it gives, no call of the connection can succeed until someone mends it
 * (RFC 6749 section 5.2 answers 400 or 401 to what is wrong).
 */
export function tokenFailure(
  answer: Answer,
  connector: AnyConnector,
  redact: Redact,
  describe?: DescribeFailure,
): Failure {
  const failure = callFailure(answer, connector, redact, describe);
  return failure.kind === 'rejected' ? { kind: 'suspended', fault: failure.fault } : failure;
}

/** True when the same call may well succeed later without anybody's doing. */
export function isPassing({ kind }: Failure): boolean {
  return kind === 'retry' || kind === 'deferred';
}
