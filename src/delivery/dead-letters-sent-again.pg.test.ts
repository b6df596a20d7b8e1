import { expect, test } from 'vitest';
import { withDatabase } from '../../test/support/database.ts';
import { anEvent, makeDeliveryBench } from '../../test/support/delivery-bench.ts';
import { startLocalVendor } from '../../test/support/local-vendor.ts';
import { makeTestConnector } from '../../test/support/test-connector.ts';
import type { TestInput } from '../../test/support/test-connector.ts';
import { until } from '../../test/support/until.ts';
import { retryDeadLetters, tellStory } from './index.ts';

const database = withDatabase();

test('a dead letter sent again leaves the vendor with the newest value, and its story tells both attempts', async () => {
  let isRefusing = true;
  const taken: number[][] = [];
  const vendor = await startLocalVendor(({ text }) => {
    const inputs = JSON.parse(text) as readonly TestInput[];
    const isRefused = ({ values }: TestInput): boolean => isRefusing && values.includes(1);
    taken.push(...inputs.filter((input) => !isRefused(input)).map(({ values }) => [...values]));
    return {
      status: 200,
      body: inputs.map((input) => ({ kind: isRefused(input) ? 'rejected' : 'delivered' })),
    };
  });
  const bench = await makeDeliveryBench(database.pool, vendor, makeTestConnector());
  await bench.startWorker();
  const old = anEvent('a', 1);
  await bench.log.append([old]);
  await until(async () => (await bench.count('dead_letters')) === 1);
  await bench.log.append([anEvent('a', 2)]);
  await until(() => taken.length === 1);
  isRefusing = false;
  await retryDeadLetters(database.pool, bench.workspace, { filter: {}, mode: 'as-is', isDryRun: false });
  await until(async () => taken.length === 2 && (await bench.count('parked')) === 0);
  expect(taken).toEqual([[2], [1, 2]]);
  const story = await tellStory(database.pool, bench.workspace, old.id);
  expect(story?.attempts.flatMap(({ items }) => items.map(({ outcome }) => outcome))).toEqual([
    'rejected',
    'delivered',
  ]);
  expect(story?.flows[0]?.standing).toMatchObject({ kind: 'delivered' });
});
