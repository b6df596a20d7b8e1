/**
 * What was sent and what came back, fit to be kept and shown: secrets taken out, long bodies cut.
 */
import type { CallResponse } from '../kit/index.ts';
import type { Redact } from './redaction.ts';

export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly requestBody: string;
  /** Absent when no answer came. */
  readonly status?: number;
  readonly responseHeaders?: Readonly<Record<string, string>>;
  readonly responseBody?: string;
  /** Why no answer came. */
  readonly error?: string;
  readonly startedAt: string;
  readonly durationMs: number;
}

/** A request as it left, before redaction. */
export interface SentRequest {
  readonly method: string;
  readonly url: string;
  readonly body: string;
  readonly startedAtMs: number;
}

export type Answer =
  | { readonly kind: 'response'; readonly response: CallResponse; readonly text: string }
  | { readonly kind: 'network'; readonly code: string; readonly message: string };

// Enough to read a call of a hundred contacts' first dozens; whole bodies would outweigh the events.
const BODY_BYTES_MAX = 20_000;

// Answer headers that explain what happened; the rest is noise or, like cookies, a credential.
const KEPT_HEADERS =
  /^(?:content-type|retry-after|date|x-request-id|.*(?:correlation-id|rate-?limit|usage).*)$/;

/** The exchange as it may be kept; `redact` takes the secrets of the connection out. */
export function toExchange(
  request: SentRequest,
  answer: Answer,
  endedAtMs: number,
  redact: Redact,
): Exchange {
  return {
    method: request.method,
    url: redact(request.url),
    requestBody: cut(request.body, redact),
    startedAt: new Date(request.startedAtMs).toISOString(),
    durationMs: Math.round(endedAtMs - request.startedAtMs),
    ...(answer.kind === 'network'
      ? { error: `${answer.code}: ${redact(answer.message)}` }
      : {
          status: answer.response.status,
          responseHeaders: Object.fromEntries(
            Object.entries(answer.response.headers)
              .filter(([name]) => KEPT_HEADERS.test(name))
              .map(([name, value]) => [name, redact(value)]),
          ),
          responseBody: cut(answer.text, redact),
        }),
  };
}

// Redacted before it is cut: half a secret at the cut would not be recognised any more.
function cut(text: string, redact: Redact): string {
  const redacted = redact(text);
  // A character is three bytes at the most for each unit of its length, so that most bodies need no count.
  if (redacted.length * 3 <= BODY_BYTES_MAX) return redacted;
  const bytes = Buffer.from(redacted);
  if (bytes.length <= BODY_BYTES_MAX) return redacted;
  let end = BODY_BYTES_MAX;
  // 10xxxxxx continues a character, which is kept whole or not at all.
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return `${bytes.toString('utf8', 0, end)}${cutMark(bytes.length)}`;
}

function cutMark(bytes: number): string {
  return `… (the first ${String(BODY_BYTES_MAX)} of ${String(bytes)} bytes)`;
}

/** True for a body of which only the beginning was kept. */
export function isCut(body: string): boolean {
  return /… \(the first \d+ of \d+ bytes\)$/.test(body);
}
