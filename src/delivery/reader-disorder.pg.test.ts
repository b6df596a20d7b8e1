import { expect, test } from 'vitest';
import { anEvent, makeDeliveryBench } from '../../test/support/delivery-bench.ts';
import type { DeliveryBench } from '../../test/support/delivery-bench.ts';
import { withDatabase } from '../../test/support/database.ts';
import { startLocalVendor } from '../../test/support/local-vendor.ts';
import type { VendorAnswer, VendorRequest } from '../../test/support/local-vendor.ts';
import { makeTestConnector } from '../../test/support/test-connector.ts';
import type { TestInput, TestVerdict } from '../../test/support/test-connector.ts';
import { until } from '../../test/support/until.ts';
import { sendSignal } from '../store/signals.ts';
import { retryDeadLetters } from './index.ts';

const database = withDatabase();

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** The same dice for the same seed (mulberry32), so that a failure can be seen again. */
function makeDice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A vendor that fails in every way it can, and keeps what it took, in order, per path and key. */
function makeFickleVendor(dice: () => number) {
  const taken = new Map<string, number[]>();
  const state = { isCalm: false, taken };
  const judge = (): TestVerdict['kind'] => {
    const roll = state.isCalm ? 1 : dice();
    if (roll < 0.1) return 'retry';
    if (roll < 0.15) return 'deferred';
    return 'delivered';
  };
  const answer = ({ path, text }: VendorRequest): VendorAnswer | 'reset' => {
    const roll = state.isCalm ? 1 : dice();
    if (roll < 0.03) return 'reset';
    if (roll < 0.06) return { status: 503 };
    if (roll < 0.09) return { status: 429, headers: { 'retry-after': '0.01' } };
    if (roll < 0.14) return { status: 400 };
    const inputs = JSON.parse(text) as readonly TestInput[];
    const verdicts = inputs.map(({ key, values }) => {
      const kind = judge();
      const place = `${path} ${key}`;
      if (kind === 'delivered') taken.set(place, [...(taken.get(place) ?? []), ...values]);
      return { kind, waitMs: 5 };
    });
    return { status: 200, body: verdicts };
  };
  return { state, answer };
}

async function settled(bench: DeliveryBench): Promise<boolean> {
  const isRead = (await bench.cursor()).position === (await bench.log.head());
  return isRead && (await bench.count('parked')) === 0;
}

const WAIT = { timeoutMs: 15_000 };

const ALL_OPEN = { filter: {}, mode: 'as-is', isDryRun: false } as const;

test.each([1, 2, 3, 4, 5, 6])(
  'through resets, outages, limits, refusals, single failures and a change of workers, nothing is lost, doubled or out of order (seed %i)',
  async (seed) => {
    const dice = makeDice(seed);
    const { state, answer } = makeFickleVendor(dice);
    const vendor = await startLocalVendor(answer);
    const connector = makeTestConnector({
      batch: { maxItems: 3, lingerMs: 2, gatherMs: seed % 2 === 0 ? 5 : 0 },
    });
    // Two flows that write the same records.
    const twins = connector.presets.flatMap((preset) => [preset, { ...preset, id: `${preset.id}-too` }]);
    const bench = await makeDeliveryBench(database.pool, vendor, { ...connector, presets: twins });
    const schedule = { attemptsMax: 1_000, firstWaitMs: 30, factor: 1 };
    let worker = await bench.startWorker({ schedule });
    const keys = range(8).map((n) => `person-${String(n)}`);
    const values = range(30);
    for (const value of values) {
      await bench.log.append(
        keys.flatMap((key) => [anEvent(key, value), anEvent(key, value, { type: 'track' })]),
      );
      if (dice() < 0.3) await sendSignal(database.pool, 'control', bench.workspaceId);
      if (value % 10 === 9) {
        await worker.stop();
        worker = await bench.startWorker({ schedule });
      }
    }
    await until(async () => vendor.requests.length > 300 || (await settled(bench)), WAIT);
    state.isCalm = true;
    await until(() => settled(bench), WAIT);
    // A refused input leaves a gap and no disorder; it is dead, and comes back late, when asked for.
    const twice = values.flatMap((value) => [value, value]);
    for (const got of state.taken.values()) {
      expect(got).toEqual([...got].sort((a, b) => a - b));
      for (const value of values) expect(got.filter((each) => each === value).length).toBeLessThanOrEqual(2);
    }
    await retryDeadLetters(database.pool, bench.workspace, ALL_OPEN);
    await until(() => settled(bench), WAIT);
    for (const key of keys) {
      const told = state.taken.get(`/tell ${key}`) ?? [];
      expect(
        [...told].sort((a, b) => a - b),
        key,
      ).toEqual(twice);
      // What merges comes back with everything on top that came later, so the newest value stands in the end.
      const put = state.taken.get(`/put ${key}`) ?? [];
      expect(new Set(put), key).toEqual(new Set(values));
      expect(put.at(-1), key).toBe(values.at(-1));
    }
  },
);

test('hundreds of inputs parked behind one head come back all, in order', async () => {
  let isFailing = true;
  const taken: number[] = [];
  const vendor = await startLocalVendor(({ text }) => {
    const inputs = JSON.parse(text) as readonly TestInput[];
    if (isFailing) return { status: 200, body: inputs.map(() => ({ kind: 'retry' })) };
    taken.push(...inputs.flatMap(({ values }) => values));
    return { status: 200, body: [] };
  });
  const bench = await makeDeliveryBench(database.pool, vendor, makeTestConnector());
  await bench.startWorker({ schedule: { attemptsMax: 1_000, firstWaitMs: 50, factor: 1 } });
  const values = range(350);
  await bench.log.append(values.map((value) => anEvent('a', value, { type: 'track' })));
  await until(async () => (await bench.count('parked')) === 350);
  isFailing = false;
  await until(() => settled(bench), WAIT);
  expect(taken).toEqual(values);
});

test('a worker that starts anew takes up what an earlier one parked', async () => {
  let isFailing = true;
  const taken: string[] = [];
  const vendor = await startLocalVendor(({ text }) => {
    const inputs = JSON.parse(text) as readonly TestInput[];
    if (isFailing) return { status: 200, body: inputs.map(() => ({ kind: 'retry' })) };
    taken.push(...inputs.map(({ key }) => key));
    return { status: 200, body: [] };
  });
  const bench = await makeDeliveryBench(database.pool, vendor, makeTestConnector());
  const schedule = { attemptsMax: 1_000, firstWaitMs: 100, factor: 1 };
  const first = await bench.startWorker({ schedule });
  const keys = range(450).map((n) => `person-${String(n)}`);
  await bench.log.append(keys.map((key) => anEvent(key, 1)));
  await until(async () => (await bench.count('parked')) === 450);
  await first.stop();
  isFailing = false;
  await bench.startWorker({ schedule });
  await until(() => settled(bench), WAIT);
  expect(new Set(taken)).toEqual(new Set(keys));
  expect(taken.length).toBe(keys.length);
});
