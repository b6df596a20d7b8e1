import { expect, test } from 'vitest';
import { aPart } from '../../test/support/a-part.ts';
import { withDatabase } from '../../test/support/database.ts';
import { makeDeliveryBench } from '../../test/support/delivery-bench.ts';
import { startLocalVendor } from '../../test/support/local-vendor.ts';
import { makeTestConnector } from '../../test/support/test-connector.ts';
import { until } from '../../test/support/until.ts';
import { systemClock } from '../kernel/clock.ts';
import { upsertParked } from '../store/queries/parked.ts';
import { ParkedKeys } from './parked-keys.ts';
import { parkedRow } from './parked-work.ts';
import { WorkQueue } from './work-queue.ts';
import { newWork } from './work.ts';

const database = withDatabase();

test('what waits for a flow that is gone goes too, and hides nothing that still has one', async () => {
  const vendor = await startLocalVendor(() => ({ status: 200 }));
  const bench = await makeDeliveryBench(database.pool, vendor, makeTestConnector());
  const [flow] = bench.connection.flows;
  if (flow === undefined) throw new Error('The connection has no flow.');
  const rowOf = (position: number, name: string) => {
    const part = aPart({ position, input: { key: 'a', values: [position] } });
    return parkedRow(part, newWork({ ...flow, name }, part, 0), 0, null);
  };
  await upsertParked(database.pool, bench.key, [
    ...Array.from({ length: 150 }, (_, index) => rowOf(index + 1, 'gone')),
    rowOf(200, flow.name),
  ]);
  await bench.startWorker();
  await until(async () => (await bench.count('parked')) === 0);
  expect(vendor.requests.map(({ text }) => JSON.parse(text) as unknown)).toEqual([
    [{ key: 'a', values: [200] }],
  ]);
});

test('a key that is parked while others come back is not forgotten before its row is on disk', async () => {
  const vendor = await startLocalVendor(() => ({ status: 200 }));
  const bench = await makeDeliveryBench(database.pool, vendor, makeTestConnector());
  const [flow] = bench.connection.flows;
  if (flow === undefined) throw new Error('The connection has no flow.');
  const queue = new WorkQueue((error) => {
    throw error;
  });
  const late = newWork(flow, aPart({ position: 2, input: { key: 'late', values: [2] } }), 0);
  const early = newWork(flow, aPart({ position: 1, input: { key: 'early', values: [1] } }), 0);
  let isLateParked = false;
  const keys = new ParkedKeys(
    { pool: database.pool, key: bench.key, connection: bench.connection, clock: systemClock },
    queue,
    () => {
      // In the moment in which all is written, something else fails and is due at once; its row comes after.
      if (!isLateParked) keys.park('put', late.key, 1, 0);
      isLateParked = true;
      return Promise.resolve();
    },
  );
  await upsertParked(database.pool, bench.key, [parkedRow(early.parts[0], early, 0, null)]);
  keys.park('put', early.key, 1, 0);
  await keys.unpark();
  expect(keys.has(late.key)).toBe(true);
  await upsertParked(database.pool, bench.key, [parkedRow(late.parts[0], late, 0, null)]);
  await keys.unpark();
  expect(queue.partCount).toBe(2);
});
