/**
 * The one place that opens sockets to vendors: bounded in time and size, no redirects, guarded against
 * private addresses unless the operator named the address.
 */
import { Agent, errors, request } from 'undici';
import type { CallResponse } from '../kit/index.ts';
import type { Answer } from './exchange.ts';
import { ForbiddenAddress, guardedConnector } from './guarded-connect.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Where a call must be quicker than others of the client. */
  readonly timeoutMs?: number;
}

export interface HttpClientOptions {
  readonly timeoutMs: number;
  /** True when the operator wrote the address in the configuration: then it may be a private one. */
  readonly privateAddresses: boolean;
  /** How much of an answer is read where the rest does not matter; all of it, and no more than fits, when absent. */
  readonly answerBytes?: number | undefined;
}

/** The whole call took too long, though bytes kept coming. */
class DeadlinePassed extends Error {}

// The largest honest answer, a hundred contacts with every property, is about 2 MB.
const ANSWER_BYTES_MAX = 16 * 1024 * 1024;

export class HttpClient {
  readonly #agent: Agent;
  readonly #timeoutMs: number;
  readonly #answerBytes: number | undefined;

  constructor({ timeoutMs, privateAddresses, answerBytes }: HttpClientOptions) {
    this.#timeoutMs = timeoutMs;
    this.#answerBytes = answerBytes;
    this.#agent = new Agent({
      bodyTimeout: timeoutMs,
      headersTimeout: timeoutMs,
      maxResponseSize: ANSWER_BYTES_MAX,
      ...(privateAddresses ? {} : { connect: guardedConnector() }),
    });
  }

  /** Sends; a failure to get an answer is an answer of its own, never thrown. */
  async send({ method, url, headers, body, timeoutMs = this.#timeoutMs }: HttpRequest): Promise<Answer> {
    // Ended with the call: a timer of `AbortSignal.timeout` lives on and makes an error for nobody.
    const deadline = new AbortController();
    const timer = setTimeout(() => {
      deadline.abort(new DeadlinePassed());
    }, timeoutMs);
    try {
      const response = await request(url, {
        method,
        headers,
        dispatcher: this.#agent,
        signal: deadline.signal,
        ...(body === '' ? {} : { body }),
      });
      const text =
        this.#answerBytes === undefined
          ? await response.body.text()
          : await readBeginning(response.body, this.#answerBytes);
      return {
        kind: 'response',
        text,
        response: toCallResponse(response.statusCode, response.headers, text),
      };
    } catch (error) {
      return { kind: 'network', ...describe(error, timeoutMs) };
    } finally {
      clearTimeout(timer);
    }
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }
}

/** Leaving the loop cuts the connection, so that whoever answers without end is heard no longer. */
async function readBeginning(body: AsyncIterable<Buffer>, bytes: number): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of body) {
    pieces.push(piece);
    size += piece.length;
    if (size >= bytes) break;
  }
  return Buffer.concat(pieces).toString('utf8', 0, bytes);
}

function toCallResponse(
  status: number,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  text: string,
): CallResponse {
  const single: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) single[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return { status, headers: single, body: text === '' ? undefined : parseJson(text) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Gateways answer in HTML; the caller sees the text as it came.
    return text;
  }
}

function describe(error: unknown, timeoutMs: number): { code: string; message: string } {
  if (error instanceof ForbiddenAddress) return { code: 'forbidden_address', message: error.message };
  if (error instanceof errors.ResponseExceededMaxSizeError) {
    return { code: 'answer_too_large', message: `The answer exceeds ${String(ANSWER_BYTES_MAX)} bytes.` };
  }
  if (
    error instanceof errors.HeadersTimeoutError ||
    error instanceof errors.BodyTimeoutError ||
    error instanceof DeadlinePassed
  ) {
    return { code: 'timeout', message: `No complete answer within ${String(timeoutMs)} ms.` };
  }
  const cause = error as { readonly code?: unknown; readonly message?: unknown };
  return {
    code: typeof cause.code === 'string' ? cause.code.toLowerCase() : 'network_error',
    message: typeof cause.message === 'string' ? cause.message : 'The connection failed.',
  };
}
