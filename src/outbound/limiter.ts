/**
 * Holds calls back until every limit of the vendor that applies to them has room, in the order in which they
 * asked. One limiter per connection and process.
 */
import type { Clock } from '../kernel/clock.ts';
import type { Call, CallResponse, Limit } from '../kit/index.ts';
import { makeLimitWindow } from './limit-window.ts';
import type { LimitWindow } from './limit-window.ts';

export interface Permit {
  /** Must be called when the answer is there, or when none will come. */
  answered(response: CallResponse | undefined): void;
}

interface Tracked {
  readonly limit: Limit;
  readonly window: LimitWindow;
}

export class Limiter {
  readonly #clock: Clock;
  readonly #tracked: readonly Tracked[];
  /** The last of those waiting, for each set of limits: others may pass a queue they have no part in. */
  readonly #queues = new Map<string, Promise<void>>();
  #blockedUntilMs = 0;

  constructor(limits: readonly Limit[], clock: Clock) {
    this.#clock = clock;
    this.#tracked = limits.map((limit) => ({ limit, window: makeLimitWindow(limit) }));
  }

  /** Waits for room; `undefined` when `signal` aborted first. */
  async acquire(call: Call, signal: AbortSignal): Promise<Permit | undefined> {
    const applying = this.#tracked.filter(({ limit }) => limit.appliesTo(call));
    const queue = applying.map(({ limit }) => limit.name).join('+');
    const before = this.#queues.get(queue);
    let next: () => void = () => undefined;
    const turn = new Promise<void>((resolve) => {
      next = resolve;
    });
    this.#queues.set(queue, turn);
    await before;
    try {
      for (;;) {
        if (signal.aborted) return undefined;
        const waitMs = this.#delayMs(applying);
        if (waitMs <= 0) break;
        await this.#clock.sleep(waitMs, signal);
      }
      return this.#take(applying);
    } finally {
      next();
      if (this.#queues.get(queue) === turn) this.#queues.delete(queue);
    }
  }

  /**
   * Milliseconds until a batch may start: its inputs are chosen only then, so that those that arrive
   * meanwhile travel along. Looks at the connector's first limit, the one that its ordinary calls share.
   */
  delayMs(): number {
    return this.#delayMs(this.#tracked.slice(0, 1));
  }

  /** No call leaves before `untilMs`: the vendor said so. */
  blockUntil(untilMs: number): void {
    this.#blockedUntilMs = Math.max(this.#blockedUntilMs, untilMs);
  }

  #delayMs(applying: readonly Tracked[]): number {
    const nowMs = this.#clock.now();
    return applying.reduce(
      (longest, { window }) => Math.max(longest, window.delayMs(nowMs)),
      Math.max(0, this.#blockedUntilMs - nowMs),
    );
  }

  #take(applying: readonly Tracked[]): Permit {
    for (const { window } of applying) window.sent(this.#clock.now());
    return {
      answered: (response) => {
        for (const { window } of applying) window.answered(this.#clock.now(), response);
      },
    };
  }
}
