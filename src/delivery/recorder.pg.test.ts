import { expect, onTestFinished, test } from 'vitest';
import { anEvent, makeDeliveryBench } from '../../test/support/delivery-bench.ts';
import type { DeliveryBench } from '../../test/support/delivery-bench.ts';
import { withDatabase } from '../../test/support/database.ts';
import { takeLease } from '../../test/support/take-lease.ts';
import { startLocalVendor } from '../../test/support/local-vendor.ts';
import { makeTestConnector } from '../../test/support/test-connector.ts';
import { until } from '../../test/support/until.ts';
import { systemClock } from '../kernel/clock.ts';
import type { ParkedRow } from '../store/queries/parked.ts';
import type { Run } from './attempt-record.ts';
import { Recorder } from './recorder.ts';
import type { RecorderOptions } from './recorder.ts';

const database = withDatabase();

async function makeBench(): Promise<DeliveryBench> {
  const vendor = await startLocalVendor(() => ({ status: 200 }));
  const bench = await makeDeliveryBench(database.pool, vendor, makeTestConnector());
  await bench.log.append([anEvent('a', 1)]);
  return bench;
}

async function makeRecorder(bench: DeliveryBench, options: Partial<RecorderOptions> = {}) {
  const lease = await takeLease(database.pool, bench.key);
  const told = { recordedCount: 0, isLost: false, errors: [] as unknown[] };
  const mark = { value: 0 };
  const giveUp = new AbortController();
  onTestFinished(() => {
    giveUp.abort();
  });
  const recorder = new Recorder({
    pool: database.pool,
    clock: systemClock,
    key: bench.key,
    epoch: lease.epoch,
    startPosition: 0,
    giveUp: giveUp.signal,
    position: () => mark.value,
    progress: () => ({ position: mark.value, done: [] }),
    onError: (error) => told.errors.push(error),
    onLeaseLost: () => {
      told.isLost = true;
    },
    onRecorded: () => {
      told.recordedCount += 1;
    },
    ...options,
  });
  return { recorder, told, mark, giveUp };
}

const RUN: Run = {
  flow: 'test/put',
  action: 'put',
  startedAtMs: Date.parse('2026-11-21T12:00:00Z'),
  durationMs: 5,
  items: [{ position: 1, eventId: 'e', attempt: 1, outcome: 'delivered' }],
  exchanges: [],
};

const PARKED: ParkedRow = {
  flow: 'test/put',
  action: 'put',
  orderKey: 'put a',
  position: 1,
  eventId: 'e',
  eventType: 'identify',
  input: '{}',
  attemptCount: 1,
  dueAt: null,
  fault: null,
  slot: 0,
  priority: 'live',
};

test('what one step leaves, and the cursor, are one transaction', async () => {
  const bench = await makeBench();
  const { recorder, told, mark } = await makeRecorder(bench);
  recorder.record({ run: RUN });
  recorder.record({ parked: [PARKED] });
  mark.value = 7;
  recorder.flush();
  await recorder.idle();
  expect(told.recordedCount).toBe(1);
  expect((await bench.cursor()).position).toBe(7);
  expect([await bench.count('attempts'), await bench.count('parked')]).toEqual([1, 1]);
});

test('when a part cannot be written, nothing is: the cursor never passes what is not on record', async () => {
  const bench = await makeBench();
  const { recorder, told, mark, giveUp } = await makeRecorder(bench);
  mark.value = 7;
  recorder.record({ run: RUN, parked: [{ ...PARKED, dueAt: 'no time' }] });
  await until(() => told.errors.length > 0);
  expect((await bench.cursor()).position).toBe(0);
  expect(await bench.count('attempts')).toBe(0);
  giveUp.abort();
  await recorder.idle();
});

test('an owner of the past writes nothing and is told so', async () => {
  const bench = await makeBench();
  const { recorder, told, mark } = await makeRecorder(bench);
  await database.pool.query('delete from workers where workspace_id = $1', [bench.workspaceId]);
  const { recorder: heir } = await makeRecorder(bench);
  mark.value = 7;
  recorder.record({ run: RUN, parked: [PARKED] });
  await recorder.idle();
  expect(told).toMatchObject({ isLost: true, recordedCount: 0 });
  expect((await bench.cursor()).position).toBe(0);
  expect([await bench.count('attempts'), await bench.count('parked')]).toEqual([0, 0]);
  heir.record({ run: RUN });
  await heir.idle();
  expect(await bench.count('attempts')).toBe(1);
});

test('nothing recorded while a transaction ends is left behind', async () => {
  const bench = await makeBench();
  let left = 20;
  const { recorder } = await makeRecorder(bench, {
    onRecorded: () => {
      // Between the end of a transaction and the next look for work, in every place of that gap.
      const later = (turns: number): void => {
        if (turns > 0)
          void Promise.resolve().then(() => {
            later(turns - 1);
          });
        else recorder.record({ run: RUN });
      };
      if (left > 0) later((left -= 1) % 7);
    },
  });
  recorder.record({ run: RUN });
  await until(async () => {
    await recorder.idle();
    return left === 0;
  });
  await recorder.idle();
  await until(async () => (await bench.count('attempts')) > 20);
  expect(await bench.count('attempts')).toBe(21);
});

test('a day without a partition for attempts gets one', async () => {
  const bench = await makeBench();
  const { recorder, told } = await makeRecorder(bench);
  const { rows } = await database.pool.query<{ name: string }>(
    `select 'attempts_p' || to_char(now() at time zone 'utc', 'YYYYMMDD') as name`,
  );
  await database.pool.query(`drop table ${rows[0]?.name ?? ''}`);
  recorder.record({ run: RUN });
  await recorder.idle();
  expect(await bench.count('attempts')).toBe(1);
  expect(told.errors).toHaveLength(1);
});
