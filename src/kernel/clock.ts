/**
 * Time and chance, the only readers of both in `src`. Areas receive a `Clock` and a `Random`, so that a
 * test can decide what time it is and how the dice fall.
 */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms`, or at once when `signal` aborts; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A number in [0, 1). */
export type Random = () => number;

// Node silently turns a longer timer into 1 ms (nodejs.org/api/timers.html, "delay", 2026-11).
const TIMER_MS_MAX = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) {
        resolve();
        return;
      }
      const finish = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', finish);
        resolve();
      };
      const timer = setTimeout(finish, Math.min(Math.max(ms, 0), TIMER_MS_MAX));
      signal?.addEventListener('abort', finish);
    }),
};

export const systemRandom: Random = () => Math.random();
