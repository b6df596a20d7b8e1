import { ERROR_CODES } from './error-codes.ts';
import type { ErrorCode } from './error-codes.ts';

export interface ErrorDetails {
  /** What happened, in one sentence. Never holds a secret. */
  readonly message: string;
  /** The field, option or file position at fault, e.g. `batch[3].userId` or `linchpin.yaml:4:12`. */
  readonly field?: string;
  /** What to do, when the catalogue's general remedy can be said more exactly here. */
  readonly remedy?: string;
  /** When to try again, for errors with status 429 or 503. */
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/**
 * An error thrown at an edge: a bad request, a wrong configuration, a broken environment. Every code stands
 * in the catalogue (`error-codes.ts`) and has a page in `docs/errors/`. Facts about a single delivery are
 * never thrown; they are `Outcome`s.
 */
export class LinchpinError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly title: string;
  readonly remedy: string;
  readonly field: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, details: ErrorDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    const entry = ERROR_CODES[code];
    this.name = 'LinchpinError';
    this.code = code;
    this.status = entry.status;
    this.title = entry.title;
    this.remedy = details.remedy ?? entry.remedy;
    this.field = details.field;
    this.retryAfterSeconds = details.retryAfterSeconds;
  }
}
