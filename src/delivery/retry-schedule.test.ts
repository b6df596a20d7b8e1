import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_DELIVERY } from '../flows/workspace.ts';
import { retryWaitMs } from './retry-schedule.ts';

const DEFAULT_RETRY = DEFAULT_DELIVERY.retry;

test('the waits between ten attempts add up to a day on average', () => {
  let averageMs = 0;
  for (let attempts = 1; attempts < DEFAULT_RETRY.attemptsMax; attempts += 1) {
    averageMs += retryWaitMs(DEFAULT_RETRY, attempts, () => 0.5);
  }
  expect(averageMs / 3_600_000).toBeCloseTo(24, 0);
});

test('every wait is anything between nothing and its longest: full jitter', () => {
  expect(retryWaitMs(DEFAULT_RETRY, 3, () => 0)).toBe(0);
  expect(retryWaitMs(DEFAULT_RETRY, 3, () => 0.999_999)).toBe(32_000);
});

test('what the vendor asked for is the least, but never more than a day', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, noNaN: true }), fc.integer({ min: 1, max: 10 }), (askedMs, attempts) => {
      const waitMs = retryWaitMs(DEFAULT_RETRY, attempts, () => 0, askedMs);
      expect(waitMs).toBe(Math.min(askedMs, 24 * 3_600_000));
    }),
  );
});
