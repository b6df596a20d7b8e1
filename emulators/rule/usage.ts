/** What a key has used, and when Rule stops answering it. */
import { json, RollingWindow } from '../core/index.ts';
import type { Reply } from '../core/index.ts';
import { stockholm } from './stockholm.ts';

export interface Limits {
  /** Calls in a window. */
  allowed: number;
  /** The share of failed calls, in percent, above which a key is blocked. */
  errorPercent: number;
  /** Below so many calls in a window no share is told. Not documented; without it one failed call would block a key. */
  errorsCountFrom: number;
  /** Of both; "about ten minutes" is what `Retry-After` named. */
  windowMs: number;
}

export const DEFAULT_LIMITS: Readonly<Limits> = {
  allowed: 2_000,
  errorPercent: 49,
  errorsCountFrom: 100,
  windowMs: 600_000,
};

/** Of one key. */
export class Usage {
  #calls: RollingWindow;
  #errors: RollingWindow;
  #blockedUntilMs = 0;
  readonly #limits: Limits;

  constructor(limits: Limits) {
    this.#limits = limits;
    this.#calls = new RollingWindow(limits.windowMs);
    this.#errors = new RollingWindow(limits.windowMs);
  }

  /** The refusal of a call that is one too many, or of a key that is blocked. */
  refusal(nowMs: number): Reply | undefined {
    if (nowMs < this.#blockedUntilMs) return this.#tooMany(this.#blockedUntilMs, nowMs);
    if (this.#calls.count(nowMs) >= this.#limits.allowed) {
      return this.#tooMany(nowMs + this.#limits.windowMs, nowMs);
    }
    return undefined;
  }

  /** Counts an answer, refusals for the limit too: "retrying inside the server-suggested window counts" (@rulecom/client). */
  count(status: number, nowMs: number): void {
    this.#calls.add(nowMs);
    if (status >= 400) this.#errors.add(nowMs);
    if (
      this.#calls.count(nowMs) >= this.#limits.errorsCountFrom &&
      this.#percent(nowMs) > this.#limits.errorPercent
    ) {
      this.#blockedUntilMs = nowMs + this.#limits.windowMs;
    }
  }

  /** Of every answer but 429; those bear the second pair only. */
  headers(nowMs: number): Record<string, string> {
    return {
      'requestscount-allowed': String(this.#limits.allowed),
      'requestscount-current': String(this.#calls.count(nowMs)),
      ...this.#errorHeaders(nowMs),
    };
  }

  show(nowMs: number): unknown {
    return {
      calls: this.#calls.count(nowMs),
      errorPercent: this.#percent(nowMs),
      isBlocked: nowMs < this.#blockedUntilMs,
    };
  }

  #tooMany(untilMs: number, nowMs: number): Reply {
    return json(
      429,
      { error: 'TooManyRequests', message: 'Too many requests.' },
      { 'retry-after': stockholm(untilMs), ...this.#errorHeaders(nowMs) },
    );
  }

  #errorHeaders(nowMs: number): Record<string, string> {
    return {
      'x-errorpercent-limit': String(this.#limits.errorPercent),
      'x-errorpercent-current': String(this.#percent(nowMs)),
    };
  }

  #percent(nowMs: number): number {
    const calls = this.#calls.count(nowMs);
    return calls === 0 ? 0 : Math.round((100 * this.#errors.count(nowMs)) / calls);
  }
}
