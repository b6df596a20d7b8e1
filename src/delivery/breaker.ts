/**
 * Notices that a whole vendor is failing and keeps the reader from hammering it: after some batches in a row
 * that failed as a whole, nothing is sent for a while; then one input probes. The backlog stays in the log.
 */
import type { Random } from '../kernel/clock.ts';

// Batches in a row. One may be chance; at the usual handful in flight, three are an outage.
const FAILURES_TO_OPEN = 3;

const FIRST_PAUSE_MS = 1_000;
const PAUSE_MS_MAX = 60_000;

export class Breaker {
  readonly #random: Random;
  #failureCount = 0;
  #openUntilMs = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** True from the failure that opened it until a probe succeeds. */
  get isOpen(): boolean {
    return this.#failureCount >= FAILURES_TO_OPEN;
  }

  /** Milliseconds until something may be sent. */
  delayMs(nowMs: number): number {
    return this.isOpen ? Math.max(0, this.#openUntilMs - nowMs) : 0;
  }

  succeeded(): void {
    this.#failureCount = 0;
  }

  failed(nowMs: number): void {
    // Batches that left before it opened say nothing new.
    if (this.isOpen && nowMs < this.#openUntilMs) return;
    this.#failureCount += 1;
    if (!this.isOpen) return;
    const pauseMs = Math.min(PAUSE_MS_MAX, FIRST_PAUSE_MS * 2 ** (this.#failureCount - FAILURES_TO_OPEN));
    // Half fixed, half chance, so that workers do not probe in step.
    this.#openUntilMs = nowMs + pauseMs / 2 + (pauseMs / 2) * this.#random();
  }
}
