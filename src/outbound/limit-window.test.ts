import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CallResponse, Limit } from '../kit/index.ts';
import { makeLimitWindow } from './limit-window.ts';

interface Simulation {
  readonly limit: Limit;
  /** Milliseconds that each call takes, in turn. */
  readonly latenciesMs: readonly number[];
  /** When within a call, from 0 to 1, the vendor counts it. */
  readonly countedAt: readonly number[];
  readonly concurrent: number;
  readonly durationMs: number;
  /** When other programs call the same account. */
  readonly foreignMs?: readonly number[];
}

interface Simulated {
  /** When the vendor counted our calls, in order. */
  readonly countedMs: readonly number[];
  /** Our calls that came when the window was full: the vendor would answer 429. */
  readonly refusedCount: number;
}

/** The vendor: counts calls in a rolling window, refuses what is too much. */
class Vendor {
  readonly #limit: Limit;
  #arrivals: { readonly at: number; readonly isOurs: boolean }[];
  readonly #admittedMs: number[] = [];
  readonly countedMs: number[] = [];
  refusedCount = 0;

  constructor(limit: Limit, foreignMs: readonly number[]) {
    this.#limit = limit;
    this.#arrivals = foreignMs.map((at) => ({ at, isOurs: false }));
  }

  expect(at: number): void {
    this.#arrivals.push({ at, isOurs: true });
  }

  /** Takes in what has arrived by then, and says how much is left. */
  remainingAt(nowMs: number): number {
    const arrived = this.#arrivals.filter(({ at }) => at <= nowMs).sort((a, b) => a.at - b.at);
    this.#arrivals = this.#arrivals.filter(({ at }) => at > nowMs);
    for (const { at, isOurs } of arrived) {
      const isFull = this.#usedAt(at) >= this.#limit.calls;
      if (!isFull) this.#admittedMs.push(at);
      if (isOurs) this.countedMs.push(at);
      if (isOurs && isFull) this.refusedCount += 1;
    }
    return this.#limit.calls - this.#usedAt(nowMs);
  }

  #usedAt(nowMs: number): number {
    return this.#admittedMs.filter((at) => at > nowMs - this.#limit.perMs).length;
  }
}

/** A backlog that sends whenever it may, on a clock that jumps from event to event. */
function simulate({
  limit,
  latenciesMs,
  countedAt,
  concurrent,
  durationMs,
  foreignMs = [],
}: Simulation): Simulated {
  const window = makeLimitWindow(limit);
  const vendor = new Vendor(limit, foreignMs);
  const answersMs: number[] = [];
  let nowMs = 0;
  let callCount = 0;
  while (nowMs < durationMs) {
    answersMs.sort((a, b) => a - b);
    while ((answersMs[0] ?? Number.POSITIVE_INFINITY) <= nowMs) {
      answersMs.shift();
      window.answered(nowMs, {
        status: 200,
        headers: { remaining: String(vendor.remainingAt(nowMs)) },
        body: undefined,
      });
    }
    const waitMs = answersMs.length < concurrent ? window.delayMs(nowMs) : Number.POSITIVE_INFINITY;
    if (waitMs === 0) {
      window.sent(nowMs);
      const latencyMs = latenciesMs[callCount % latenciesMs.length] ?? 0;
      vendor.expect(nowMs + latencyMs * (countedAt[callCount % countedAt.length] ?? 0));
      answersMs.push(nowMs + latencyMs);
      callCount += 1;
      continue;
    }
    nowMs = Math.min(nowMs + waitMs, ...answersMs);
  }
  vendor.remainingAt(Number.MAX_SAFE_INTEGER);
  return vendor;
}

function aLimit(calls: number, perMs: number, more: Partial<Limit> = {}): Limit {
  return { name: 'burst', calls, perMs, appliesTo: () => true, source: '', ...more };
}

const read = ({ headers }: CallResponse) => ({ remaining: Number(headers['remaining']) });

const ways = {
  latenciesMs: fc.array(fc.integer({ min: 1, max: 2_000 }), { minLength: 1, maxLength: 20 }),
  countedAt: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 }),
  concurrent: fc.integer({ min: 1, max: 20 }),
};

test('at whatever moment between call and answer the vendor counts, no window ever sees more than the limit', () => {
  fc.assert(
    fc.property(
      fc.record({ ...ways, calls: fc.integer({ min: 1, max: 60 }), perMs: fc.constantFrom(1_000, 10_000) }),
      ({ calls, perMs, ...rest }) => {
        const limit = aLimit(calls, perMs);
        expect(simulate({ ...rest, limit, durationMs: 3 * perMs }).refusedCount).toBe(0);
      },
    ),
    { numRuns: 150 },
  );
});

test.each([
  ['HubSpot professional, eight at once', 190, 10_000, 8, 250],
  ['HubSpot free, four at once', 100, 10_000, 4, 200],
])('a backlog uses at least 95 % of the limit: %s', (_, calls, perMs, concurrent, latencyMs) => {
  const latenciesMs = [latencyMs, latencyMs / 2, latencyMs * 1.5];
  for (const limit of [aLimit(calls, perMs), aLimit(calls, perMs, { read })]) {
    const windows = 6;
    const run = { limit, latenciesMs, countedAt: [0.5], concurrent, durationMs: windows * perMs };
    const { countedMs, refusedCount } = simulate(run);
    const inTheLast = countedMs.filter((at) => at >= perMs).length;
    expect(inTheLast / ((windows - 1) * calls)).toBeGreaterThan(0.95);
    expect(refusedCount).toBe(0);
  }
});

test('calls of other programs, as the headers show them, leave room for them', () => {
  // Sixty calls of others in each ten seconds, evenly.
  const foreignMs = Array.from({ length: 360 }, (_, index) => index * 166.7);
  const limit = aLimit(100, 10_000, { read });
  const run = { limit, latenciesMs: [200], countedAt: [0.5], concurrent: 4, durationMs: 60_000, foreignMs };
  const { countedMs, refusedCount } = simulate(run);
  // Others may take a place while a call is on its way; nobody can see that coming.
  expect(refusedCount / countedMs.length).toBeLessThan(0.01);
  // And what they leave is used.
  expect(countedMs.filter((at) => at >= 10_000).length).toBeGreaterThan(5 * 30);
});

test('calls are spread over the window instead of leaving at once', () => {
  const { countedMs } = simulate({
    limit: aLimit(100, 10_000),
    latenciesMs: [1],
    countedAt: [0],
    concurrent: 100,
    durationMs: 10_000,
  });
  expect(countedMs.filter((at) => at < 1_000).length).toBeLessThanOrEqual(14);
});

test('a quiet connection sends at once', () => {
  const window = makeLimitWindow(aLimit(100, 10_000));
  expect(window.delayMs(50_000)).toBe(0);
});

test('a vendor that allows less than is documented is believed, one that allows more is not', () => {
  const calls = (allowed: number): number => {
    const limit = aLimit(100, 10_000, { read: () => ({ calls: allowed, remaining: allowed }) });
    const run = { limit, latenciesMs: [10], countedAt: [0], concurrent: 10, durationMs: 40_000 };
    return simulate(run).countedMs.filter((at) => at >= 20_000 && at < 30_000).length;
  };
  expect(calls(20)).toBeLessThanOrEqual(21);
  expect(calls(500)).toBeLessThanOrEqual(100);
});

const DAY_MS = 86_400_000;
const QUARTER_MS = 15 * 60_000;
const left = (remaining: number): CallResponse => ({
  status: 200,
  headers: { remaining: String(remaining) },
  body: undefined,
});

test('a daily budget that is spent is tried again each quarter of an hour, and is whole the next day', () => {
  const budget = makeLimitWindow(aLimit(2, DAY_MS));
  expect(budget.delayMs(0)).toBe(0);
  budget.sent(0);
  budget.sent(0);
  expect(budget.delayMs(0)).toBe(QUARTER_MS);
  expect(budget.delayMs(QUARTER_MS)).toBe(0);
  budget.sent(QUARTER_MS);
  expect(budget.delayMs(QUARTER_MS)).toBe(QUARTER_MS);
  expect(budget.delayMs(DAY_MS)).toBe(0);
});

test('what the vendor says is left of the day counts', () => {
  const budget = makeLimitWindow(aLimit(1_000, DAY_MS, { read }));
  budget.delayMs(0);
  budget.sent(0);
  budget.answered(10, left(0));
  expect(budget.delayMs(10)).toBe(QUARTER_MS);
  budget.answered(20, left(500));
  expect(budget.delayMs(20)).toBe(0);
});
