import type { FastifyReply } from 'fastify';
import type { ErrorCode } from '../kernel/error-codes.ts';
import { LinchpinError } from '../kernel/errors.ts';

/** RFC 9457, and beside it the two fields that Segment's clients read: `success` and `message`. */
export interface Problem {
  /** The page of the code, served by `routes/error-pages.ts`. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly field?: string;
  readonly remedy: string;
  readonly success: false;
  // analytics-python retries ten times unless the body has `code` and `message` (analytics-python 2, 2026-11).
  readonly message: string;
}

export function toProblem(error: LinchpinError): Problem {
  return {
    type: `/docs/errors/${error.code}`,
    title: error.title,
    status: error.status,
    detail: error.message,
    code: error.code,
    ...(error.field === undefined ? {} : { field: error.field }),
    remedy: error.remedy,
    success: false,
    message: error.message,
  };
}

// Long enough for a database to restart, short enough for a client's own queue.
const RETRY_AFTER_SECONDS = 5;

export function sendProblem(reply: FastifyReply, error: LinchpinError): FastifyReply {
  if (error.status === 429 || error.status === 503) {
    reply.header('retry-after', String(error.retryAfterSeconds ?? RETRY_AFTER_SECONDS));
  }
  // RFC 9110 section 11.6.1 wants a challenge with 401. Bearer makes no browser open a password dialogue, as
  // Basic would on somebody's web page.
  if (error.status === 401) reply.header('www-authenticate', 'Bearer realm="linchpin"');
  return reply
    .code(error.status)
    .type('application/problem+json; charset=utf-8')
    .send(JSON.stringify(toProblem(error)));
}

/** What Fastify itself refuses has a status; everything else that is not ours is a bug or a broken machine. */
export function toLinchpinError(error: unknown): LinchpinError {
  if (error instanceof LinchpinError) return error;
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  if (error instanceof Error && typeof status === 'number' && status >= 400 && status < 500) {
    return new LinchpinError('http.request_malformed', { message: `${error.message}.`, cause: error });
  }
  return new LinchpinError('http.internal', { message: 'The request failed inside Linchpin.', cause: error });
}
