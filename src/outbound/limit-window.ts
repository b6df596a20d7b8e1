/**
 * What is left of one vendor limit. Short windows roll: a call counts from the moment it is sent until the
 * window's length after its answer, which covers whatever moment the vendor counted it at, so the vendor
 * never sees more than it allows. Long windows (a day) are a plain budget.
 */
import type { CallResponse, Limit } from '../kit/index.ts';

export interface LimitWindow {
  /** Milliseconds until one more call may be sent; 0 when it may be now. */
  delayMs(nowMs: number): number;
  sent(nowMs: number): void;
  answered(nowMs: number, response: CallResponse | undefined): void;
}

// Windows up to this length are tracked call by call; a day's would be half a million entries.
const ROLLING_MS_MAX = 60_000;

export function makeLimitWindow(limit: Limit): LimitWindow {
  return limit.perMs <= ROLLING_MS_MAX ? new RollingWindow(limit) : new Budget(limit);
}

// Times are whole milliseconds on the vendor's side and may be rounded either way; found by a property test that
// counted a call at the very moment of its answer.
const CLOCK_GRAIN_MS = 1;

// Calls are spread evenly so that a burst does not leave the rest of the window silent; this share of the
// window may go at once, which keeps a quiet connection quick.
const BURST_SHARE = 0.03;

class RollingWindow implements LimitWindow {
  readonly #limit: Limit;
  /** When each answered call stops counting, oldest first; entries before `#firstHeld` have passed. */
  #heldUntilMs: number[] = [];
  #firstHeld = 0;
  #inFlight = 0;
  #allowed: number;
  /** Calls of others on the same account, as last seen in the vendor's headers. */
  #foreign = { count: 0, untilMs: 0 };
  /** When the evenly spread schedule has its next place (generic cell rate algorithm). */
  #nextPlaceMs = 0;

  constructor(limit: Limit) {
    this.#limit = limit;
    this.#allowed = limit.calls;
  }

  delayMs(nowMs: number): number {
    this.#forget(nowMs);
    const place = this.#nextPlaceMs - this.#burst() * this.#spacingMs() - nowMs;
    if (this.#free(nowMs) >= 1) return Math.max(0, place);
    const oldest = this.#heldUntilMs[this.#firstHeld];
    // All of it in flight: the answers will tell; look again after one place of the schedule.
    const opensMs = oldest === undefined ? this.#spacingMs() : oldest - nowMs;
    return Math.max(place, opensMs, 1);
  }

  sent(nowMs: number): void {
    this.#inFlight += 1;
    this.#nextPlaceMs = Math.max(this.#nextPlaceMs, nowMs) + this.#spacingMs();
  }

  answered(nowMs: number, response: CallResponse | undefined): void {
    this.#inFlight -= 1;
    this.#heldUntilMs.push(nowMs + this.#limit.perMs + CLOCK_GRAIN_MS);
    const reading = response === undefined ? undefined : this.#limit.read?.(response);
    if (reading?.calls !== undefined) this.#allowed = Math.min(this.#limit.calls, Math.max(1, reading.calls));
    if (reading?.remaining !== undefined) {
      const own = this.#heldUntilMs.length - this.#firstHeld;
      const count = Math.max(0, (reading.calls ?? this.#allowed) - reading.remaining - own);
      this.#foreign = { count, untilMs: nowMs + this.#limit.perMs };
    }
  }

  #free(nowMs: number): number {
    const foreign = nowMs < this.#foreign.untilMs ? this.#foreign.count : 0;
    return this.#allowed - this.#inFlight - (this.#heldUntilMs.length - this.#firstHeld) - foreign;
  }

  #spacingMs(): number {
    return this.#limit.perMs / this.#allowed;
  }

  #burst(): number {
    return Math.max(1, Math.ceil(this.#allowed * BURST_SHARE)) - 1;
  }

  #forget(nowMs: number): void {
    while ((this.#heldUntilMs[this.#firstHeld] ?? Infinity) <= nowMs) this.#firstHeld += 1;
    // Cutting the array once per window keeps the cost per call constant.
    if (this.#firstHeld > this.#limit.calls) {
      this.#heldUntilMs = this.#heldUntilMs.slice(this.#firstHeld);
      this.#firstHeld = 0;
    }
  }
}

// How often a spent budget is tried again, because the moment of the vendor's reset is not known exactly
// (HubSpot: midnight in the account's time zone).
const BUDGET_RETRY_MS = 15 * 60_000;

class Budget implements LimitWindow {
  readonly #limit: Limit;
  #remaining: number;
  #refillsAtMs = 0;
  #tryAgainAtMs = 0;

  constructor(limit: Limit) {
    this.#limit = limit;
    this.#remaining = limit.calls;
  }

  delayMs(nowMs: number): number {
    if (nowMs >= this.#refillsAtMs) {
      this.#refillsAtMs = nowMs + this.#limit.perMs;
      this.#remaining = this.#limit.calls;
    }
    return this.#remaining > 0 ? 0 : Math.max(0, this.#tryAgainAtMs - nowMs);
  }

  sent(nowMs: number): void {
    this.#remaining -= 1;
    if (this.#remaining <= 0) this.#tryAgainAtMs = nowMs + BUDGET_RETRY_MS;
  }

  answered(nowMs: number, response: CallResponse | undefined): void {
    const remaining = response === undefined ? undefined : this.#limit.read?.(response)?.remaining;
    if (remaining === undefined) return;
    this.#remaining = remaining;
    if (remaining <= 0) this.#tryAgainAtMs = nowMs + BUDGET_RETRY_MS;
  }
}
