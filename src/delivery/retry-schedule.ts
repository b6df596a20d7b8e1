/** When a failed input is tried again: exponential backoff with full jitter, over about a day. */
import type { Random } from '../kernel/clock.ts';

export interface RetrySchedule {
  /** After this many attempts an input becomes a dead letter. */
  readonly attemptsMax: number;
  /** The longest possible wait after the first attempt; each further one is `factor` times as long. */
  readonly firstWaitMs: number;
  readonly factor: number;
}

/**
 * Ten attempts: 2 s, 8 s, 32 s … 36 h as upper bounds. Full jitter takes half of each on average, which adds
 * up to 24 hours, the time over which HubSpot too repeats its own webhooks.
 */
export const DEFAULT_RETRY: RetrySchedule = { attemptsMax: 10, firstWaitMs: 2_000, factor: 4 };

// A vendor that asks for more, by mistake or in another unit, would keep an input for ever.
const ASKED_MS_MAX = 24 * 3_600_000;

/** How long to wait after `attempts` failed attempts; at least what the vendor asked for, within a day. */
export function retryWaitMs(schedule: RetrySchedule, attempts: number, random: Random, askedMs = 0): number {
  const longest = schedule.firstWaitMs * schedule.factor ** (attempts - 1);
  return Math.max(Math.min(askedMs, ASKED_MS_MAX), Math.round(longest * random()));
}
