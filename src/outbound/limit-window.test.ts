import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shareUsed, simulate, START_MS } from '../../test/support/limit-simulation.ts';
import type { CallResponse, Limit } from '../kit/index.ts';
import { LIVE_CLAIMANT } from './limit-kind.ts';
import { advance, decode, encode, grant, offer, report, useOf } from './limit-state.ts';
import type { LimitState } from './limit-state.ts';

function aLimit(calls: number, perMs: number, more: Partial<Limit> = {}): Limit {
  return { name: 'burst', calls, perMs, appliesTo: () => true, source: '', ...more };
}

const read = ({ headers }: CallResponse) => ({ remaining: Number(headers['remaining']) });

const range = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

const ways = {
  latenciesMs: fc.array(fc.integer({ min: 1, max: 2_000 }), { minLength: 1, maxLength: 20 }),
  countedAt: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 }),
  storeMs: fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 10 }),
  workers: fc.array(
    fc.record({
      concurrent: fc.integer({ min: 1, max: 8 }),
      clockAheadMs: fc.integer({ min: -5_000, max: 5_000 }),
      fromMs: fc.integer({ min: 0, max: 500 }),
    }),
    { minLength: 1, maxLength: 4 },
  ),
};

test('at whatever moment between call and answer the vendor counts, no window sees more calls of all workers than the limit', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({ ...ways, calls: fc.integer({ min: 1, max: 60 }), perMs: fc.constantFrom(1_000, 10_000) }),
      async ({ calls, perMs, ...rest }) => {
        const limits = [aLimit(calls, perMs)];
        const { refusedMs } = await simulate({ ...rest, limits, durationMs: 2.5 * perMs });
        expect(refusedMs).toEqual([]);
      },
    ),
    { numRuns: 30 },
  );
});

test('of a limit of our own no window is granted more calls than it allows, however soon or late they are answered', () => {
  const steps = fc.array(
    fc.record({
      passedMs: fc.integer({ min: 0, max: 300 }),
      wish: fc.integer({ min: 1, max: 10 }),
      answerMs: fc.option(fc.integer({ min: 0, max: 2_000 }), { nil: undefined }),
    }),
    { maxLength: 200 },
  );
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 60 }), (asked, calls) => {
      const limit = aLimit(calls, 1_000, { isOurs: true });
      const granted: number[] = [];
      let state = advance(undefined, limit, NOW);
      let nowMs = NOW;
      for (const { passedMs, wish, answerMs } of asked) {
        nowMs += passedMs;
        state = advance(state, limit, nowMs);
        const offered = offer(state, limit, nowMs, LIVE_CLAIMANT, wish);
        if (offered.kind === 'wait') continue;
        const { atMs, count } = offered;
        const endsMs = atMs + 3_000;
        state = grant(state, limit, nowMs, { claimant: LIVE_CLAIMANT, count, atMs, endsMs });
        granted.push(...Array.from({ length: count }, () => atMs));
        if (answerMs === undefined) continue;
        state = report(state, limit, nowMs, [{ atMs, endsMs, answeredAtMs: atMs + answerMs }]);
      }
      expect(granted.filter((atMs, n) => atMs - (granted[n - calls] ?? 0) < limit.perMs)).toEqual([]);
    }),
  );
});

test.each([1, 4])(
  'of a limit of our own at least 95 % is used though answers take half its window, workers: %i',
  async (count) => {
    const limit = aLimit(10, 1_000, { isOurs: true });
    const durationMs = 10_000;
    const workers = Array.from({ length: count }, () => ({ concurrent: 8 }));
    const run = { limits: [limit], workers, latenciesMs: [500], countedAt: [0], durationMs };
    expect(shareUsed(await simulate(run), limit, durationMs)).toBeGreaterThan(0.95);
  },
);

const LATENCIES = [250, 125, 375];

test.each([
  ['HubSpot professional', 1, 8, 190, 10_000],
  ['HubSpot professional', 2, 4, 190, 10_000],
  ['HubSpot professional', 4, 6, 190, 10_000],
  ['HubSpot free', 1, 4, 100, 10_000],
  ['HubSpot free', 4, 4, 100, 10_000],
])(
  'a backlog uses at least 95 % of the limit: %s, workers: %i, calls at once: %i',
  async (_, count, concurrent, calls, perMs) => {
    for (const limit of [aLimit(calls, perMs), aLimit(calls, perMs, { read })]) {
      const durationMs = 4 * perMs;
      const workers = Array.from({ length: count }, () => ({ concurrent }));
      const run = {
        limits: [limit],
        workers,
        latenciesMs: LATENCIES,
        countedAt: [0.5],
        storeMs: [1, 3],
        durationMs,
      };
      const result = await simulate(run);
      expect(shareUsed(result, limit, durationMs)).toBeGreaterThan(0.95);
      expect(result.refusedMs).toEqual([]);
    }
  },
);

test.each([
  { workerCount: 1, latenciesMs: [50, 100], apartMs: 0 },
  { workerCount: 4, latenciesMs: [50, 100], apartMs: 0 },
  { workerCount: 2, latenciesMs: [200], apartMs: 0 },
  { workerCount: 4, latenciesMs: [150, 300, 500], apartMs: 0 },
  { workerCount: 4, latenciesMs: [50, 100], apartMs: 500 },
])(
  'when another client takes a third, the rest is used and none of our calls refused: %o',
  async ({ workerCount, latenciesMs, apartMs }) => {
    const limit = aLimit(190, 10_000, { read });
    // As even as can be, or each up to `apartMs` late.
    const foreignMs = range(380).map((n) => n * (10_000 / 63) + ((n * 7_919) % 97) * (apartMs / 97));
    // The other client is there before ours.
    const workers = range(workerCount).map(() => ({ concurrent: 24 / workerCount, fromMs: 10_000 }));
    const run = { limits: [limit], workers, latenciesMs, countedAt: [0.5, 0.2, 0.7], foreignMs };
    const result = await simulate({ ...run, durationMs: 60_000 });
    const isMeasured = (atMs: number): boolean => atMs >= 20_000 && atMs < 60_000;
    const own = result.counted.filter(({ atMs }) => isMeasured(atMs - START_MS)).length;
    const others = foreignMs.filter(isMeasured).length;
    expect(result.refusedMs).toEqual([]);
    expect((own + others) / (4 * 190)).toBeGreaterThan(0.95);
  },
);

test('calls of another client that comes and goes leave room for it, and take it back', async () => {
  const limit = aLimit(100, 10_000, { read });
  const foreignMs = range(180).map((n) => 20_000 + n * 166.7);
  const run = {
    limits: [limit],
    workers: [{ concurrent: 4 }],
    latenciesMs: [100],
    countedAt: [0.5],
    foreignMs,
  };
  const { counted, refusedMs } = await simulate({ ...run, durationMs: 90_000 });
  const inWindow = (from: number): number =>
    counted.filter(({ atMs }) => atMs >= START_MS + from && atMs < START_MS + from + 10_000).length;
  expect(inWindow(10_000)).toBeGreaterThan(94);
  expect(inWindow(40_000)).toBeLessThan(40);
  expect(inWindow(40_000)).toBeGreaterThan(30);
  expect(inWindow(80_000)).toBeGreaterThan(88);
  // Nobody can see the other one coming, but it is seen at once.
  expect(refusedMs.length).toBeLessThan(5);
});

test('a plan that is lower than declared is found, and then nearly all of it used', async () => {
  const limit = aLimit(190, 10_000);
  const workers = range(2).map(() => ({ concurrent: 4 }));
  const run = { limits: [limit], trueCalls: 100, workers, latenciesMs: [100], countedAt: [0.5] };
  const { counted, refusedMs } = await simulate({ ...run, durationMs: 200_000 });
  const late = (atMs: number): boolean => atMs >= START_MS + 60_000 && atMs < START_MS + 200_000;
  const used = counted.filter(({ atMs }) => late(atMs)).length / (14 * 100);
  expect(used).toBeGreaterThan(0.85);
  // A try for more now and then, not a storm: one or two in a minute.
  expect(refusedMs.filter(late).length).toBeLessThanOrEqual(5);
});

test('calls are spread over the window instead of leaving at once', async () => {
  const run = { limits: [aLimit(100, 10_000)], workers: [{ concurrent: 50 }, { concurrent: 50 }] };
  const { counted } = await simulate({ ...run, latenciesMs: [1], countedAt: [0], durationMs: 10_000 });
  const early = counted.filter(({ atMs }) => atMs < START_MS + 1_000).length;
  expect(early).toBeGreaterThan(10);
  expect(early).toBeLessThanOrEqual(14);
});

test('a vendor that allows less than is documented is believed, one that allows more is not', async () => {
  const calls = async (allowed: number): Promise<number> => {
    const limit = aLimit(100, 10_000, { read: () => ({ calls: allowed, remaining: allowed }) });
    const run = { limits: [limit], workers: [{ concurrent: 10 }], latenciesMs: [10], countedAt: [0] };
    const { counted } = await simulate({ ...run, durationMs: 40_000 });
    return counted.filter(({ atMs }) => atMs >= START_MS + 20_000 && atMs < START_MS + 30_000).length;
  };
  expect(await calls(20)).toBeLessThanOrEqual(21);
  expect(await calls(500)).toBeLessThanOrEqual(100);
  expect(await calls(500)).toBeGreaterThan(95);
});

const NOW = START_MS;

/** A state in which a call was refused `times` times, each after the one before. */
function refusedTimes(limit: Limit, times: number): LimitState {
  let state = advance(undefined, limit, NOW);
  for (let n = 0; n < times; n += 1) {
    const call = {
      atMs: NOW + n * 100,
      endsMs: NOW + 30_000,
      answeredAtMs: NOW + n * 100 + 50,
      isRefused: true,
    };
    state = report(state, limit, NOW + n * 100 + 50, [call]);
  }
  return state;
}

test('each refusal takes a fifth of the rate, and each quiet window gives back a fiftieth of the plan', () => {
  const limit = aLimit(100, 10_000);
  const allowedAt = (state: LimitState, atMs: number): number =>
    useOf(advance(state, limit, atMs), limit, atMs).allowed;
  const refused = refusedTimes(limit, 2);
  expect(allowedAt(refused, NOW + 1_000)).toBe(64);
  expect(allowedAt(refused, NOW + 10_500)).toBe(66);
  expect(allowedAt(refused, NOW + 100_500)).toBe(84);
  expect(allowedAt(refused, NOW + 1_000_000)).toBe(100);
  expect(allowedAt(refusedTimes(limit, 50), NOW + 5_000)).toBe(1);
});

test('a plan that is configured anew counts at once', () => {
  const state = refusedTimes(aLimit(100, 10_000), 2);
  const bought = aLimit(190, 10_000);
  expect(useOf(advance(state, bought, NOW + 1_000), bought, NOW + 1_000).allowed).toBe(190);
});

test('calls that were under way when one was refused lower the rate no further', () => {
  const limit = aLimit(100, 10_000);
  const call = { atMs: NOW, endsMs: NOW + 30_000, answeredAtMs: NOW + 50, isRefused: true };
  const state = report(advance(undefined, limit, NOW), limit, NOW + 50, [call, call, call]);
  expect(useOf(state, limit, NOW + 50).allowed).toBe(80);
});

test('the places of a worker that died with calls under way are free when their answers would have come', () => {
  const limit = aLimit(2, 1_000);
  const claimant = LIVE_CLAIMANT;
  const fresh = advance(undefined, limit, NOW);
  const taken = grant(fresh, limit, NOW, { claimant, count: 2, atMs: NOW, endsMs: NOW + 3_000 });
  const used = (atMs: number): number => useOf(advance(taken, limit, atMs), limit, atMs).used;
  expect(used(NOW + 3_900)).toBe(2);
  expect(used(NOW + 4_100)).toBe(0);
});

test('what is stored reads back as it was, whatever happened to it', () => {
  const times = fc.array(fc.integer({ min: 0, max: 30_000 }), { maxLength: 50 });
  fc.assert(
    fc.property(times, fc.integer({ min: 1, max: 500 }), (granted, calls) => {
      const limit = aLimit(calls, 10_000);
      let state = advance(undefined, limit, NOW);
      for (const ms of granted) {
        const atMs = NOW + ms;
        state = grant(state, limit, atMs, { claimant: LIVE_CLAIMANT, count: 1, atMs, endsMs: atMs + 3_000 });
      }
      const stored = decode(encode(state, limit), limit);
      if (stored === undefined) throw new Error('Nothing was read back.');
      expect(encode(stored, limit)).toBe(encode(state, limit));
      expect(useOf(stored, limit, NOW)).toEqual(useOf(state, limit, NOW));
    }),
  );
});

test('a clock that is set back by an hour does not silence the connection for an hour', () => {
  const limit = aLimit(2, 1_000);
  const claimant = LIVE_CLAIMANT;
  const fresh = advance(undefined, limit, NOW);
  const taken = grant(fresh, limit, NOW, { claimant, count: 2, atMs: NOW, endsMs: NOW + 3_000 });
  const back = NOW - 3_600_000;
  const offered = offer(advance(taken, limit, back), limit, back, claimant, 1);
  expect(offered.kind === 'wait' ? offered.waitMs : offered.atMs - back).toBeLessThanOrEqual(2_000);
});
