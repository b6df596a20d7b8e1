import { expect, test } from 'vitest';
import type { CallResponse, Limit } from '../kit/index.ts';
import { LIVE_CLAIMANT } from './limit-kind.ts';
import type { Claimant } from './limit-kind.ts';
import { advance, grant, offer, report } from './limit-state.ts';
import type { LimitState } from './limit-state.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const QUARTER_MS = 15 * 60_000;
const NOW = Date.parse('2026-11-21T00:00:00Z');
const REPLAY: Claimant = { priority: 'replay', rateShare: 0.5 };

const read = ({ headers }: CallResponse) => ({ remaining: Number(headers['remaining']) });

/** A budget of a day, and what happens to it. */
class Day {
  readonly #limit: Limit;
  #state: LimitState | undefined;

  constructor(calls: number) {
    this.#limit = { name: 'daily', calls, perMs: DAY_MS, appliesTo: () => true, source: '', read };
    this.#state = advance(undefined, this.#limit, NOW);
  }

  waitMs(ms: number, claimant = LIVE_CLAIMANT): number {
    const offered = this.#offer(ms, claimant, 1);
    return offered.kind === 'wait' ? offered.waitMs : offered.atMs - NOW - ms;
  }

  /** Calls as often as it may, at most `wish` times; how often it did. */
  call(ms: number, wish = 1, claimant = LIVE_CLAIMANT, remaining?: number): number {
    const offered = this.#offer(ms, claimant, wish);
    if (offered.kind === 'wait') return 0;
    const atMs = NOW + ms;
    const endsMs = atMs + 60_000;
    const granted = { claimant, count: offered.count, atMs, endsMs };
    const reading = remaining === undefined ? undefined : { remaining };
    const answers = Array.from({ length: offered.count }, () => ({
      atMs,
      endsMs,
      answeredAtMs: atMs,
      reading,
    }));
    this.#state = report(grant(this.#at(ms), this.#limit, atMs, granted), this.#limit, atMs, answers);
    return offered.count;
  }

  #offer(ms: number, claimant: Claimant, wish: number) {
    return offer(this.#at(ms), this.#limit, NOW + ms, claimant, wish);
  }

  #at(ms: number): LimitState {
    return advance(this.#state, this.#limit, NOW + ms);
  }
}

test('a daily budget that is spent is tried again each quarter of an hour, and is whole the next day', () => {
  const day = new Day(2);
  expect(day.call(0)).toBe(1);
  expect(day.call(0)).toBe(1);
  expect(day.waitMs(0)).toBe(QUARTER_MS);
  expect(day.waitMs(QUARTER_MS)).toBe(0);
  expect(day.call(QUARTER_MS)).toBe(1);
  expect(day.waitMs(QUARTER_MS)).toBe(QUARTER_MS);
  expect(day.waitMs(DAY_MS)).toBe(0);
});

test('what the vendor says is left of the day counts', () => {
  const day = new Day(1_000);
  day.call(0, 1, LIVE_CLAIMANT, 0);
  expect(day.waitMs(10)).toBe(QUARTER_MS - 10);
  day.call(QUARTER_MS, 1, LIVE_CLAIMANT, 500);
  expect(day.waitMs(QUARTER_MS)).toBe(0);
});

test('live calls may use the whole budget at any hour', () => {
  expect(new Day(1_000).call(0, 5_000)).toBe(1_000);
});

test('a replay has used no more of the budget than has gone of the day, and leaves a fifth to live calls', () => {
  const day = new Day(1_000);
  let used = 0;
  for (let hour = 0; hour < 24; hour += 1) {
    used += day.call(hour * HOUR_MS, 1_000, REPLAY);
    expect(used).toBeLessThanOrEqual((hour / 24) * 800);
  }
  expect(used).toBeGreaterThan(750);
  expect(day.call(23.99 * HOUR_MS, 1_000)).toBeGreaterThanOrEqual(200);
});

test('what live calls have used is no longer there for a replay', () => {
  const day = new Day(1_000);
  day.call(0, 390);
  expect(day.call(12 * HOUR_MS, 1_000, REPLAY)).toBe(10);
  expect(day.waitMs(12 * HOUR_MS, REPLAY)).toBeGreaterThan(60_000);
});

test('after quiet days a replay finds a day that has begun, however often somebody looks', () => {
  const day = new Day(1_000);
  day.call(0);
  const lateMs = 2.5 * DAY_MS;
  expect(day.waitMs(lateMs, REPLAY)).toBe(0);
  expect(day.call(lateMs, 1_000, REPLAY)).toBe(400);
  expect(day.call(lateMs, 1_000)).toBe(600);
});

test('the day begins when the vendor gives back what was used', () => {
  const day = new Day(1_000);
  day.call(0, 1, LIVE_CLAIMANT, 100);
  day.call(6 * HOUR_MS, 1, LIVE_CLAIMANT, 999);
  // As at the beginning of a day: nothing has gone of it.
  expect(day.call(6 * HOUR_MS, 1_000, REPLAY)).toBe(0);
  expect(day.call(18 * HOUR_MS, 1_000, REPLAY)).toBe(399);
});
