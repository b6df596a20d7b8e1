/** A clock that moves only when somebody sleeps, and then at once: waits cost nothing, and time passes all the same. */
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../src/kernel/clock.ts';

export function makeLeapingClock(startMs = Date.parse('2026-11-21T12:00:00Z')): Clock {
  let nowMs = startMs;
  return {
    now: () => nowMs,
    sleep: async (ms, signal) => {
      if (signal?.aborted === true) return;
      // Whole milliseconds, as every clock of the machine shows them.
      nowMs += Math.max(0, Math.ceil(ms));
      // Lets sockets be heard, also when somebody sleeps in a loop.
      await setImmediate();
    },
  };
}
