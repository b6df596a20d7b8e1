/**
 * What was sent and what came back, fit to be kept and shown: secrets taken out, long bodies cut.
 */
import type { CallResponse } from '../kit/index.ts';
import type { Redacted } from '../kernel/redacted.ts';

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
const BODY_CHARACTERS_MAX = 20_000;

// Answer headers that explain what happened; the rest is noise or, like cookies, a credential.
const KEPT_HEADERS = /^(?:content-type|retry-after|date|x-request-id|.*(?:correlation-id|ratelimit).*)$/;

// A shorter secret would tear holes into ordinary text.
const SECRET_CHARACTERS_MIN = 4;

/** Makes exchanges for one connection; `secrets` are taken out wherever they appear. */
export function exchangeRecorder(
  secrets: readonly Redacted[],
): (request: SentRequest, answer: Answer, endedAtMs: number) => Exchange {
  const hidden = secrets
    .map((secret) => secret.reveal())
    .filter((value) => value.length >= SECRET_CHARACTERS_MIN);
  const clean = (text: string): string =>
    hidden.reduce((result, value) => result.replaceAll(value, '[redacted]'), text);
  const cut = (text: string): string =>
    text.length <= BODY_CHARACTERS_MAX
      ? clean(text)
      : `${clean(text).slice(0, BODY_CHARACTERS_MAX)}… (${String(text.length)} characters in all)`;
  return (request, answer, endedAtMs) => ({
    method: request.method,
    url: clean(request.url),
    requestBody: cut(request.body),
    startedAt: new Date(request.startedAtMs).toISOString(),
    durationMs: Math.round(endedAtMs - request.startedAtMs),
    ...(answer.kind === 'network'
      ? { error: `${answer.code}: ${clean(answer.message)}` }
      : {
          status: answer.response.status,
          responseHeaders: Object.fromEntries(
            Object.entries(answer.response.headers).filter(([name]) => KEPT_HEADERS.test(name)),
          ),
          responseBody: cut(answer.text),
        }),
  });
}
