import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shareUsed, simulate, START_MS } from '../../test/support/limit-simulation.ts';
import type { CallResponse, Limit } from '../kit/index.ts';

function aLimit(calls: number, perMs: number, more: Partial<Limit> = {}): Limit {
  return { name: 'burst', calls, perMs, appliesTo: () => true, source: '', ...more };
}

const read = ({ headers }: CallResponse) => ({ remaining: Number(headers['remaining']) });

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
    { numRuns: 50 },
  );
});

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

test.each([[1], [2], [4]])('another client takes a third: workers %i', async (count) => {
  const foreignMs = Array.from({ length: 380 }, (_, index) => index * 158.7);
  const limit = aLimit(190, 10_000, { read });
  const durationMs = 60_000;
  const workers = Array.from({ length: count }, () => ({ concurrent: 4 }));
  const run = { limits: [limit], workers, latenciesMs: [200], countedAt: [0.5], durationMs, foreignMs };
  const result = await simulate(run);
  const share = shareUsed(result, limit, durationMs);
  console.log(
    count,
    share,
    share + 63 / 190,
    result.refusedMs.length,
    result.foreignRefusedMs.map((at) => at - START_MS),
    result.swapCount,
  );
});
