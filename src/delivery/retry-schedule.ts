/** When a failed input is tried again: exponential backoff with full jitter, over about a day. */
import type { RetrySchedule } from '../flows/workspace.ts';
import type { Random } from '../kernel/clock.ts';

// A vendor that asks for more, by mistake or in another unit, would keep an input for ever.
const ASKED_MS_MAX = 24 * 3_600_000;

/** How long to wait after `attempts` failed attempts; at least what the vendor asked for, within a day. */
export function retryWaitMs(schedule: RetrySchedule, attempts: number, random: Random, askedMs = 0): number {
  const longest = schedule.firstWaitMs * schedule.factor ** (attempts - 1);
  return Math.max(Math.min(askedMs, ASKED_MS_MAX), Math.round(longest * random()));
}
