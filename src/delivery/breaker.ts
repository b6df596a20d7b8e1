/**
 * Notices that a whole vendor is failing and keeps the reader from hammering it: after some batches in a row
 * that failed as a whole, nothing is sent for a while; then one input probes. When a probe is answered, calls
 * come back one, two, four at a time, because a vendor that just got up falls again under a backlog. The backlog
 * stays in the log.
 */
import type { Random } from '../kernel/clock.ts';

// Batches in a row. One may be chance; at the usual handful in flight, three are an outage.
const FAILURES_TO_OPEN = 3;

const FIRST_PAUSE_MS = 1_000;
const PAUSE_MS_MAX = 60_000;

// More calls than any connector has in flight: from here on the breaker sets no bound.
const RAMP_END = 64;

export class Breaker {
  readonly #random: Random;
  /** Failures in a row. */
  #failureCount = 0;
  /** Pauses since the vendor was last wholly up. */
  #pauseCount = 0;
  #isOpen = false;
  #openUntilMs = 0;
  /** Calls at once while the vendor gets up. */
  #ramp = RAMP_END;

  constructor(random: Random) {
    this.#random = random;
  }

  /** True from the failure that opened it until a probe succeeds. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Milliseconds until something may be sent. */
  delayMs(nowMs: number): number {
    return this.#isOpen ? Math.max(0, this.#openUntilMs - nowMs) : 0;
  }

  /** How many calls may be in flight, of `most`. */
  places(most: number): number {
    return this.#isOpen ? 1 : Math.min(most, this.#ramp);
  }

  succeeded(): void {
    this.#failureCount = 0;
    if (this.#isOpen) {
      this.#isOpen = false;
      this.#ramp = 1;
    } else if (this.#ramp < RAMP_END) {
      this.#ramp *= 2;
    }
    if (this.#ramp >= RAMP_END) this.#pauseCount = 0;
  }

  failed(nowMs: number): void {
    // Batches that left before it opened say nothing new.
    if (this.#isOpen && nowMs < this.#openUntilMs) return;
    this.#failureCount += 1;
    // A probe that fails, or a call while the vendor gets up, is enough to open it again.
    const isShaky = this.#isOpen || this.#ramp < RAMP_END;
    if (isShaky || this.#failureCount >= FAILURES_TO_OPEN) this.#open(nowMs);
  }

  #open(nowMs: number): void {
    this.#isOpen = true;
    const pauseMs = Math.min(PAUSE_MS_MAX, FIRST_PAUSE_MS * 2 ** this.#pauseCount);
    this.#pauseCount += 1;
    // Half fixed, half chance, so that workers do not probe in step.
    this.#openUntilMs = nowMs + pauseMs / 2 + (pauseMs / 2) * this.#random();
  }
}
