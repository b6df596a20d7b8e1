import type { EmulatorContext } from '../core/index.ts';
import type { Answer } from './answers.ts';

/** One address of the receiver and what it does. */
export interface Endpoint {
  readonly path: string;
  /** It takes only what one of these has signed; anything when there are none. */
  secrets: readonly string[];
  /** It takes only calls that carry these. Names in lower case. */
  headers: Readonly<Record<string, string>>;
  /** Given in turn, one to a call. */
  answers: Answer[];
  /** Given when those are used up. */
  usual: Answer;
}

/** A call as it came in, with what was found. */
export interface Received {
  readonly id: number;
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly contentType: string;
  readonly messageId: string | null;
  readonly timestamp: number | null;
  /** Entries of `webhook-signature`. */
  readonly signatureCount: number;
  readonly isSigned: boolean;
  /** Parsed when it is JSON. */
  readonly body: unknown;
  /** What a strict receiver would complain of. */
  readonly problems: readonly string[];
  readonly status: number;
}

const OK: Answer = { status: 200, headers: {}, body: 'ok', bodyBytes: 0, delayMs: 0 };

// Enough for a long test; older calls are forgotten, the counts stay.
const RECEIVED_MAX = 20_000;

/** A program that takes webhooks: any path below `/` is an endpoint of it. */
export class ReceiverState {
  readonly context: EmulatorContext;
  readonly endpoints = new Map<string, Endpoint>();
  #received: Received[] = [];
  #count = 0;
  /** The text of each message that was taken, by endpoint and id. */
  readonly #bodies = new Map<string, string>();

  constructor(context: EmulatorContext) {
    this.context = context;
  }

  get received(): readonly Received[] {
    return this.#received;
  }

  endpoint(path: string): Endpoint {
    const known = this.endpoints.get(path);
    if (known !== undefined) return known;
    const made: Endpoint = { path, secrets: [], headers: {}, answers: [], usual: OK };
    this.endpoints.set(path, made);
    return made;
  }

  keep(received: Omit<Received, 'id' | 'at'>): void {
    this.#count += 1;
    const at = new Date(this.context.clock.now()).toISOString();
    this.#received.push({ id: this.#count, at, ...received });
    if (this.#received.length > RECEIVED_MAX) this.#received = this.#received.slice(RECEIVED_MAX / 2);
  }

  /** How a message compares with what came under its id before: a sender may repeat it, and never change it. */
  repeat(path: string, messageId: string, body: string): 'new' | 'same' | 'changed' {
    const known = this.#bodies.get(`${path} ${messageId}`);
    if (known === undefined) return 'new';
    return known === body ? 'same' : 'changed';
  }

  took(path: string, messageId: string, body: string): void {
    this.#bodies.set(`${path} ${messageId}`, body);
  }
}
