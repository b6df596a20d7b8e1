/**
 * The time of the store's clock, as nearly as a process can know it: each answer of the store carries its time,
 * which was taken at some moment between question and answer.
 */
import type { Clock } from '../kernel/clock.ts';

export class StoreTime {
  readonly #clock: Clock;
  #aheadMs = { atLeast: 0, atMost: 0 };

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The store's clock shows this or a later time. */
  earliestMs(): number {
    return this.#clock.now() + this.#aheadMs.atLeast;
  }

  /** The store's clock shows this or an earlier time, now or when the clock here shows `ownMs`. */
  latestMs(ownMs = this.#clock.now()): number {
    return ownMs + this.#aheadMs.atMost;
  }

  /** Milliseconds until the store's clock shows `atMs` for certain. */
  untilMs(atMs: number): number {
    return atMs - this.earliestMs();
  }

  /** Asks the store and learns from its answer. */
  async ask<Answer extends { readonly nowMs: number }>(question: () => Promise<Answer>): Promise<Answer> {
    const askedAtMs = this.#clock.now();
    const answer = await question();
    this.#aheadMs = { atLeast: answer.nowMs - this.#clock.now(), atMost: answer.nowMs - askedAtMs };
    return answer;
  }
}
