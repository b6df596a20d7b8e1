import { request as send } from 'undici';
import type { EmulatorClock } from './clock.ts';

/** A message to a receiver of webhooks; signed anew for each attempt, as vendors sign the time of sending. */
export interface WebhookMessage {
  readonly url: string;
  readonly method?: 'POST' | 'PUT';
  /** A vendor that counts its attempts inside the body makes it anew for each, the first being 1. */
  readonly body: string | ((attempt: number) => string);
  readonly headers?: Readonly<Record<string, string>>;
  /** In place of the rules' `sign`, where each receiver has a secret of its own. */
  readonly sign?: WebhookRules['sign'];
  /** Messages of one lane share so many attempts at a time; the others wait their turn. */
  readonly lane?: { readonly key: string; readonly concurrencyMax: number };
}

export interface WebhookAttempt {
  readonly at: string;
  readonly status?: number;
  /** Why no answer came. */
  readonly fault?: string;
}

export interface WebhookDelivery {
  readonly id: number;
  readonly url: string;
  readonly body: string;
  readonly state: 'pending' | 'delivered' | 'given_up';
  readonly attempts: readonly WebhookAttempt[];
}

export interface WebhookRules {
  /** Headers that prove the sender, made from the exact bytes sent. */
  readonly sign: (message: {
    readonly url: string;
    readonly method: string;
    readonly body: string;
    readonly atMs: number;
    readonly attempt: number;
  }) => Readonly<Record<string, string>>;
  /** Waits before the second, third … attempt; after the last of them the vendor gives up. */
  readonly retryDelaysMs: readonly number[];
  readonly timeoutMs: number;
  /** Answers that end the retries at once; none by default. */
  readonly finalStatuses?: readonly number[];
}

interface Pending {
  readonly id: number;
  readonly message: WebhookMessage;
  state: WebhookDelivery['state'];
  attempts: WebhookAttempt[];
}

// Enough for a long test; older deliveries are forgotten.
const DELIVERIES_KEPT = 10_000;

/** Sends webhooks and retries them on the emulator's clock, and keeps a journal of every attempt. */
export class Webhooks {
  readonly #clock: EmulatorClock;
  readonly #rules: WebhookRules;
  #deliveries: Pending[] = [];
  readonly #lanes = new Map<string, { busy: number; readonly waiting: Pending[] }>();
  readonly #cancels = new Set<() => void>();
  readonly #inFlight = new Set<Promise<void>>();
  readonly #closing = new AbortController();
  #nextId = 1;

  constructor(clock: EmulatorClock, rules: WebhookRules) {
    this.#clock = clock;
    this.#rules = rules;
  }

  /** Starts delivering and returns the delivery's id; the journal tells how it went. */
  deliver(message: WebhookMessage): number {
    const pending: Pending = { id: this.#nextId++, message, state: 'pending', attempts: [] };
    this.#deliveries.push(pending);
    if (this.#deliveries.length > DELIVERIES_KEPT) this.#deliveries.shift();
    this.#start(pending);
    return pending.id;
  }

  list(): WebhookDelivery[] {
    return this.#deliveries.map(({ id, message, state, attempts }) => ({
      id,
      url: message.url,
      body: bodyOf(message, Math.max(1, attempts.length)),
      state,
      attempts: [...attempts],
    }));
  }

  /** Resolves when no attempt is under way; retries may still be due later. */
  async settled(): Promise<void> {
    while (this.#inFlight.size > 0) await Promise.all(this.#inFlight);
  }

  clear(): void {
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
    for (const { waiting } of this.#lanes.values()) waiting.length = 0;
    this.#deliveries = [];
  }

  async close(): Promise<void> {
    this.clear();
    this.#closing.abort();
    await this.settled();
  }

  #start(pending: Pending): void {
    const { lane } = pending.message;
    if (lane === undefined) return this.#launch(pending, () => undefined);
    const state = this.#lanes.get(lane.key) ?? { busy: 0, waiting: [] };
    this.#lanes.set(lane.key, state);
    if (state.busy >= lane.concurrencyMax) {
      state.waiting.push(pending);
      return;
    }
    state.busy += 1;
    this.#launch(pending, () => {
      state.busy -= 1;
      const next = state.waiting.shift();
      if (next !== undefined) this.#start(next);
    });
  }

  #launch(pending: Pending, done: () => void): void {
    const attempt = this.#attempt(pending).finally(() => {
      done();
      this.#inFlight.delete(attempt);
    });
    this.#inFlight.add(attempt);
  }

  async #attempt(pending: Pending): Promise<void> {
    const { message } = pending;
    const method = message.method ?? 'POST';
    const atMs = this.#clock.now();
    const at = new Date(atMs).toISOString();
    const attempt = pending.attempts.length + 1;
    const body = bodyOf(message, attempt);
    let status: number | undefined;
    try {
      const response = await send(message.url, {
        method,
        body,
        headers: {
          'content-type': 'application/json',
          ...message.headers,
          ...(message.sign ?? this.#rules.sign)({ url: message.url, method, body, atMs, attempt }),
        },
        signal: AbortSignal.any([AbortSignal.timeout(this.#rules.timeoutMs), this.#closing.signal]),
      });
      await response.body.dump();
      status = response.statusCode;
      pending.attempts.push({ at, status });
    } catch (error) {
      pending.attempts.push({ at, fault: error instanceof Error ? error.message : String(error) });
    }
    this.#settle(pending, status);
  }

  #settle(pending: Pending, status: number | undefined): void {
    if (status !== undefined && status >= 200 && status < 300) {
      pending.state = 'delivered';
      return;
    }
    const delayMs = this.#rules.retryDelaysMs[pending.attempts.length - 1];
    const isFinal = status !== undefined && (this.#rules.finalStatuses ?? []).includes(status);
    if (delayMs === undefined || isFinal || this.#closing.signal.aborted) {
      pending.state = 'given_up';
      return;
    }
    const cancel = this.#clock.alarm(this.#clock.now() + delayMs, () => {
      this.#cancels.delete(cancel);
      this.#start(pending);
    });
    this.#cancels.add(cancel);
  }
}

function bodyOf({ body }: WebhookMessage, attempt: number): string {
  return typeof body === 'string' ? body : body(attempt);
}
