import { expect, test } from 'vitest';
import { withDatabase } from '../../test/support/database.ts';
import { anEvent, makeDeliveryBench } from '../../test/support/delivery-bench.ts';
import type { DeliveryBench } from '../../test/support/delivery-bench.ts';
import { startLocalVendor } from '../../test/support/local-vendor.ts';
import { makeTestConnector } from '../../test/support/test-connector.ts';
import { until } from '../../test/support/until.ts';
import type { AnyConnector } from '../kit/index.ts';
import { resumeConnection } from '../store/queries/suspensions.ts';
import { sendSignal } from '../store/signals.ts';

const database = withDatabase();

const DAY_MS = 86_400_000;

function makeConnector(disableAfterMs?: number): AnyConnector {
  const connector = makeTestConnector();
  return {
    ...connector,
    http: { ...connector.http, ...(disableAfterMs === undefined ? {} : { disableAfterMs }) },
  };
}

const tell = (bench: DeliveryBench, person: string) =>
  bench.log.append([anEvent(person, 1, { type: 'track' })]);

interface State {
  readonly status: string;
  readonly since: string | null;
  readonly fault: { readonly code: string; readonly message: string } | null;
}

async function stateOf({ workspaceId }: DeliveryBench): Promise<State | undefined> {
  const { rows } = await database.pool.query<State>(
    `select status, failing_since::text as since, suspended_fault as fault from connections where workspace_id = $1`,
    [workspaceId],
  );
  return rows[0];
}

/** As if every call had failed for so many days, the last one some hours ago. */
async function failSince({ workspaceId }: DeliveryBench, daysAgo: number, hoursAgo = 1): Promise<void> {
  await database.pool.query(
    `update connections set failing_since = now() - make_interval(days => $2), failed_at = now() - make_interval(hours => $3)
     where workspace_id = $1`,
    [workspaceId, daysAgo, hoursAgo],
  );
}

test('a connection of which every call failed for the time that its connector names is suspended, says why, and is announced', async () => {
  const vendor = await startLocalVendor(() => ({ status: 404 }));
  const bench = await makeDeliveryBench(database.pool, vendor, makeConnector(5 * DAY_MS));
  await failSince(bench, 5);
  await bench.startWorker();
  await tell(bench, 'ann');
  await until(async () => (await stateOf(bench))?.status === 'suspended');
  expect(await stateOf(bench)).toMatchObject({
    status: 'suspended',
    fault: {
      code: 'delivery.failing_too_long',
      message:
        'Every call has failed for 5 days, so no more are made until somebody resumes the connection. The last one: The vendor answered 404.',
    },
  });
  await until(async () => (await bench.count('events', `name = 'suspended'`)) === 1);
  await tell(bench, 'bob');
  vendor.answer = () => ({ status: 200 });
  await resumeConnection(database.pool, bench.workspaceId, 'vendor');
  await sendSignal(database.pool, 'control', bench.workspaceId);
  await until(() => vendor.requests.length === 2);
});

test('a quiet receiver is not suspended for two failures that lie days apart', async () => {
  const vendor = await startLocalVendor(() => ({ status: 404 }));
  const bench = await makeDeliveryBench(database.pool, vendor, makeConnector(5 * DAY_MS));
  await failSince(bench, 6, 25);
  await bench.startWorker();
  await tell(bench, 'ann');
  await until(async () => (await bench.count('dead_letters')) === 1);
  const state = await stateOf(bench);
  expect(state?.status).toBe('active');
  expect(Date.now() - Date.parse(state?.since ?? '')).toBeLessThan(DAY_MS);
});

test('who resumes it has the whole time again', async () => {
  const vendor = await startLocalVendor(() => ({ status: 404 }));
  const bench = await makeDeliveryBench(database.pool, vendor, makeConnector(DAY_MS));
  await failSince(bench, 2);
  await bench.startWorker();
  await tell(bench, 'ann');
  await until(async () => (await stateOf(bench))?.status === 'suspended');
  expect((await stateOf(bench))?.since).toBeNull();
});

test('a success in between begins the time anew', async () => {
  const vendor = await startLocalVendor(() => ({ status: 200 }));
  const bench = await makeDeliveryBench(database.pool, vendor, makeConnector(5 * DAY_MS));
  await failSince(bench, 4);
  await bench.startWorker();
  await tell(bench, 'ann');
  await until(async () => (await stateOf(bench))?.since === null);
  vendor.answer = () => ({ status: 404 });
  await tell(bench, 'bob');
  await until(async () => (await stateOf(bench))?.since !== null);
  await until(async () => (await bench.count('dead_letters')) === 1);
  expect((await stateOf(bench))?.status).toBe('active');
});

test('a success counts however soon it follows a failure, and a success before that', async () => {
  const vendor = await startLocalVendor(() => ({ status: 200 }));
  const bench = await makeDeliveryBench(database.pool, vendor, makeConnector(5 * DAY_MS));
  await bench.startWorker();
  await tell(bench, 'ann');
  await until(() => vendor.requests.length === 1);
  vendor.answer = () => ({ status: 404 });
  await tell(bench, 'bob');
  await until(async () => (await stateOf(bench))?.since !== null);
  vendor.answer = () => ({ status: 200 });
  await tell(bench, 'cleo');
  await until(async () => (await stateOf(bench))?.since === null);
});

test('without such a rule a connection is tried for ever, and nothing is noted', async () => {
  const vendor = await startLocalVendor(() => ({ status: 404 }));
  const bench = await makeDeliveryBench(database.pool, vendor, makeConnector());
  await bench.startWorker();
  await tell(bench, 'ann');
  await until(async () => (await bench.count('dead_letters')) === 1);
  expect(await stateOf(bench)).toEqual({ status: 'active', since: null, fault: null });
});
