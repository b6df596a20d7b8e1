/** A clock that a test moves by hand: whoever sleeps wakes when its time has come, in order. */
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../src/kernel/clock.ts';

export interface ManualClock extends Clock {
  /** Sleepers that have not been woken yet. */
  readonly sleeperCount: number;
  /** How often anyone went to sleep. */
  readonly sleepCount: number;
  /** Milliseconds until the first sleeper wakes; `undefined` when nobody sleeps. */
  readonly nextWakeMs: number | undefined;
  /** Moves on by `ms`, stopping at each sleeper's time; what a woken one does runs before the next is woken. */
  advance(ms: number): Promise<void>;
  /** Sets the time without waking anyone, as a clock that is corrected does. */
  stepTo(nowMs: number): void;
}

interface Sleeper {
  readonly untilMs: number;
  readonly wake: () => void;
}

export function makeManualClock(startMs = Date.parse('2026-11-21T12:00:00Z')): ManualClock {
  let nowMs = startMs;
  let sleepCount = 0;
  const sleepers = new Set<Sleeper>();
  return {
    get sleeperCount() {
      return sleepers.size;
    },
    get sleepCount() {
      return sleepCount;
    },
    get nextWakeMs() {
      const first = Math.min(...[...sleepers].map(({ untilMs }) => untilMs));
      return sleepers.size === 0 ? undefined : Math.max(0, first - nowMs);
    },
    now: () => nowMs,
    sleep: (ms, signal) => {
      sleepCount += 1;
      return new Promise((resolve) => {
        if (signal?.aborted === true) {
          resolve();
          return;
        }
        const wake = (): void => {
          sleepers.delete(sleeper);
          signal?.removeEventListener('abort', wake);
          resolve();
        };
        const sleeper: Sleeper = { untilMs: nowMs + Math.max(0, ms), wake };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', wake);
      });
    },
    advance: async (ms) => {
      const endMs = nowMs + ms;
      for (;;) {
        await setImmediate();
        const due = [...sleepers].filter(({ untilMs }) => untilMs <= endMs);
        const next = due.sort((a, b) => a.untilMs - b.untilMs)[0];
        if (next === undefined) break;
        nowMs = Math.max(nowMs, next.untilMs);
        next.wake();
      }
      nowMs = endMs;
      await setImmediate();
    },
    stepTo: (ms) => {
      nowMs = ms;
    },
  };
}
