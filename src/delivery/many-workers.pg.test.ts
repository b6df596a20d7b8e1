import { expect, onTestFinished, test } from 'vitest';
import { withDatabase } from '../../test/support/database.ts';
import { anEvent, makeDeliveryBench } from '../../test/support/delivery-bench.ts';
import type { DeliveryBench } from '../../test/support/delivery-bench.ts';
import { makeGate } from '../../test/support/gate.ts';
import { startLocalVendor } from '../../test/support/local-vendor.ts';
import type { LocalVendor, VendorRequest } from '../../test/support/local-vendor.ts';
import { makePausable } from '../../test/support/pausable-pool.ts';
import { takeLease } from '../../test/support/take-lease.ts';
import { makeTestConnector } from '../../test/support/test-connector.ts';
import type { TestInput } from '../../test/support/test-connector.ts';
import { until } from '../../test/support/until.ts';
import { systemClock } from '../kernel/clock.ts';
import { claim } from '../kit/index.ts';
import type { AnyAction } from '../kit/index.ts';
import { PostgresLog } from '../log/index.ts';
import { recutShards } from '../flows/recut-shards.ts';
import { moveCursor, releaseLease } from '../store/queries/cursors.ts';
import { resumeConnection } from '../store/queries/suspensions.ts';
import { LEASE_MS, renewWorker, sweepWorkers } from '../store/queries/workers.ts';
import { sendSignal } from '../store/signals.ts';
import { withTransaction } from '../store/transaction.ts';

const database = withDatabase();

const inputsOf = (request: VendorRequest): readonly TestInput[] =>
  JSON.parse(request.text) as readonly TestInput[];

const ok = (request: VendorRequest) => ({
  status: 200,
  body: inputsOf(request).map(() => ({ kind: 'delivered' })),
});

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** What each person's events-like inputs carried, in the order of arrival. */
function received(vendor: LocalVendor): Map<string, number[]> {
  const values = new Map<string, number[]>();
  for (const input of vendor.requests.flatMap(inputsOf)) {
    values.set(input.key, [...(values.get(input.key) ?? []), ...input.values]);
  }
  return values;
}

async function setShards(bench: DeliveryBench, shards: number): Promise<void> {
  await database.pool.query(`update connections set delivery = $2 where workspace_id = $1`, [
    bench.workspaceId,
    JSON.stringify({ shards }),
  ]);
  await withTransaction(database.pool, (tx) => recutShards(tx, bench.workspaceId, 'vendor'));
  await sendSignal(database.pool, 'control', bench.workspaceId);
}

/** How many shards each worker owns, by the name under which it was started. */
async function loads(bench: DeliveryBench): Promise<Record<string, number>> {
  const { rows } = await database.pool.query<{ name: string; count: number }>(
    `select coalesce(regexp_replace(owner, '_[^_]*$', ''), 'nobody') as name, count(*)::integer as count
     from cursors where workspace_id = $1 group by 1 order by 1`,
    [bench.workspaceId],
  );
  return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
}

async function loadsBecome(bench: DeliveryBench, wanted: Record<string, number>): Promise<void> {
  await until(async () => JSON.stringify(await loads(bench)) === JSON.stringify(wanted), {
    what: JSON.stringify(wanted),
  });
}

async function allRead(
  bench: DeliveryBench,
  people: number,
  values: number,
  vendor: LocalVendor,
): Promise<void> {
  await until(
    () => {
      const all = received(vendor);
      return all.size === people && [...all.values()].every((got) => got.length >= values);
    },
    { timeoutMs: 20_000, what: `${String(values)} values of ${String(people)} people` },
  );
  await until(async () => (await bench.count('parked')) === 0);
}

test('shards spread evenly when workers join and leave, and nobody is without a reader', async () => {
  const vendor = await startLocalVendor(ok);
  const bench = await makeDeliveryBench(database.pool, vendor, makeTestConnector());
  await setShards(bench, 12);
  const first = await bench.startWorker({ owner: 'first' });
  await loadsBecome(bench, { first: 12 });
  const second = await bench.startWorker({ owner: 'second' });
  await loadsBecome(bench, { first: 6, second: 6 });
  await bench.startWorker({ owner: 'third' });
  await loadsBecome(bench, { first: 4, second: 4, third: 4 });
  await first.stop();
  await loadsBecome(bench, { second: 6, third: 6 });
  await until(() => {
    const states = second.report().map(({ state }) => state);
    return states.filter((state) => state === 'reading').length === 6 && !states.includes('waiting');
  });
  await second.stop();
  await loadsBecome(bench, { third: 12 });
});

test('a draining worker keeps a shard until its call is answered, and gives up the others at once', async () => {
  const gate = makeGate();
  const vendor = await startLocalVendor(async (request) => {
    if (inputsOf(request).some(({ key }) => key === 'slow')) await gate.opened;
    return ok(request);
  });
  const bench = await makeDeliveryBench(database.pool, vendor, makeTestConnector());
  await setShards(bench, 4);
  const first = await bench.startWorker({ owner: 'first' });
  await loadsBecome(bench, { first: 4 });
  await bench.log.append([anEvent('slow', 1)]);
  await until(() => vendor.openCount === 1);
  const stopped = first.stop();
  await bench.startWorker({ owner: 'second' });
  await loadsBecome(bench, { first: 1, second: 3 });
  await bench.log.append([anEvent('slow', 2)]);
  gate.open();
  expect(await stopped).toBe(true);
  await loadsBecome(bench, { second: 4 });
  await allRead(bench, 1, 2, vendor);
  expect(received(vendor).get('slow')).toEqual([1, 2]);
});

test('what does not end within the bound of a stop is cut off, and sent again by the next reader', async () => {
  let isHanging = true;
  const gate = makeGate();
  const vendor = await startLocalVendor(async (request) => {
    if (isHanging) await gate.opened;
    return ok(request);
  });
  onTestFinished(() => {
    gate.open();
  });
  const bench = await makeDeliveryBench(database.pool, vendor, makeTestConnector());
  const first = await bench.startWorker({ owner: 'first' });
  await bench.log.append([anEvent('a', 1)]);
  await until(() => vendor.openCount === 1);
  expect(await first.stop(100)).toBe(false);
  isHanging = false;
  await bench.startWorker({ owner: 'second' });
  await until(() => vendor.requests.length === 2);
  await until(async () => (await bench.cursor()).position === (await bench.log.head()));
});

test('what a batch of one shard has for itself no other shard of the connection touches meanwhile', async () => {
  const gate = makeGate();
  const vendor = await startLocalVendor(async (request) => {
    await gate.opened;
    return ok(request);
  });
  const connector = makeTestConnector();
  let begunCount = 0;
  let insideCount = 0;
  let insideMax = 0;
  const presets = connector.presets.map((preset) => ({
    ...preset,
    action: {
      ...preset.action,
      *deliver(...[items, context]: Parameters<AnyAction['deliver']>) {
        begunCount += 1;
        yield* claim(['the fields of the account']);
        insideCount += 1;
        insideMax = Math.max(insideMax, insideCount);
        const outcomes = yield* preset.action.deliver(items, context);
        insideCount -= 1;
        return outcomes;
      },
    },
  }));
  const bench = await makeDeliveryBench(database.pool, vendor, { ...connector, presets });
  await setShards(bench, 4);
  await bench.startWorker({ owner: 'only' });
  await loadsBecome(bench, { only: 4 });
  const people = range(20).map((n) => `person-${String(n)}`);
  await bench.log.append(people.map((person) => anEvent(person, 1)));
  await until(() => begunCount >= 4);
  gate.open();
  await allRead(bench, 20, 1, vendor);
  expect(insideMax).toBe(1);
});

test('credentials refused to one shard stand all shards still, and are announced once', async () => {
  let isRevoked = true;
  const vendor = await startLocalVendor((request) => (isRevoked ? { status: 401 } : ok(request)));
  const bench = await makeDeliveryBench(database.pool, vendor, makeTestConnector());
  await setShards(bench, 2);
  const workers = [await bench.startWorker({ owner: 'one' }), await bench.startWorker({ owner: 'two' })];
  await loadsBecome(bench, { one: 1, two: 1 });
  await bench.log.append([anEvent('a', 1)]);
  const states = () => workers.flatMap((worker) => worker.report().map(({ state }) => state));
  await until(() => states().filter((state) => state === 'suspended').length === 2, { what: 'two at rest' });
  // Of both shards, whichever it is that reads them.
  await bench.log.append(range(20).map((n) => anEvent(`person-${String(n)}`, n)));
  isRevoked = false;
  expect(vendor.requests.length).toBe(1);
  await resumeConnection(database.pool, bench.workspaceId, 'vendor');
  await sendSignal(database.pool, 'control', bench.workspaceId);
  await until(() => received(vendor).size === 21, { what: 'all people at the vendor' });
  await until(async () => (await bench.count('events', `name = 'resumed'`)) === 1);
  expect(await bench.count('events', `name = 'suspended'`)).toBe(1);
});

test('another number of shards under load: nothing is lost, nothing comes twice, every person stays in order', async () => {
  const vendor = await startLocalVendor(ok);
  const bench = await makeDeliveryBench(database.pool, vendor, makeTestConnector());
  await bench.startWorker({ owner: 'first' });
  await bench.startWorker({ owner: 'second' });
  const people = range(40).map((n) => `person-${String(n)}`);
  let value = 0;
  for (const shards of [4, 2, 5, 1]) {
    const before = vendor.requests.length;
    const appending = (async (): Promise<void> => {
      for (let count = 0; count < 15; count += 1, value += 1) {
        await bench.log.append(people.map((person) => anEvent(person, value, { type: 'track' })));
      }
    })();
    await until(() => vendor.requests.length > before);
    await setShards(bench, shards);
    await until(
      async () => {
        const owned = await loads(bench);
        const count = Object.values(owned).reduce((sum, each) => sum + each, 0);
        return count === shards && owned['nobody'] === undefined;
      },
      { timeoutMs: 10_000, what: `${String(shards)} shards that are read` },
    );
    await appending;
  }
  const values = range(value);
  await allRead(bench, people.length, values.length, vendor);
  for (const [person, got] of received(vendor)) expect([person, got]).toEqual([person, values]);
});

test('a connection is cut anew at once when nobody reads it, and every epoch of before is stale', async () => {
  const vendor = await startLocalVendor(ok);
  const bench = await makeDeliveryBench(database.pool, vendor, makeTestConnector());
  const lease = await takeLease(database.pool, bench.key);
  await setShards(bench, 3);
  expect(await loads(bench)).toEqual({ [lease.owner]: 1 });
  await releaseLease(database.pool, lease);
  await setShards(bench, 3);
  expect(await loads(bench)).toEqual({ nobody: 3 });
  expect(await moveCursor(database.pool, bench.key, lease.epoch, { position: 9, done: [] })).toBe(false);
  const taken = await takeLease(database.pool, { ...bench.key, shard: 2 });
  expect(taken.epoch).toBeGreaterThan(lease.epoch + 1);
  expect(taken.key.slots).toEqual({ from: 42, to: 64 });
});

test('a worker declared dead cannot renew, and what it owned is taken by whoever lives', async () => {
  const vendor = await startLocalVendor(ok);
  const bench = await makeDeliveryBench(database.pool, vendor, makeTestConnector());
  const dead = await takeLease(database.pool, bench.key, { leftMs: -1 });
  await bench.startWorker({ owner: 'heir' });
  await loadsBecome(bench, { heir: 1 });
  const living = await sweepWorkers(database.pool, LEASE_MS);
  expect(living.map(({ id }) => id.replace(/_.*/, ''))).toContain('heir');
  expect(await renewWorker(database.pool, dead.owner)).toBe(false);
  expect(await moveCursor(database.pool, bench.key, dead.epoch, { position: 9, done: [] })).toBe(false);
});

test('a worker that was declared dead while it lives stops reading, comes back under another id, and goes on', async () => {
  const vendor = await startLocalVendor(ok);
  const bench = await makeDeliveryBench(database.pool, vendor, makeTestConnector());
  await bench.startWorker({ owner: 'zombie' });
  const { epoch } = await bench.cursor();
  await database.pool.query('delete from workers where workspace_id = $1', [bench.workspaceId]);
  await until(async () => (await bench.cursor()).epoch > epoch, { timeoutMs: 10_000, what: 'a new lease' });
  await bench.log.append([anEvent('a', 1)]);
  await until(async () => (await bench.cursor()).position === (await bench.log.head()));
  expect(received(vendor).get('a')).toEqual([1]);
});

test('a worker that cannot reach the store stops sending before its lease has run out', async () => {
  const vendor = await startLocalVendor(ok);
  const bench = await makeDeliveryBench(database.pool, vendor, makeTestConnector());
  const network = makePausable(database.pool);
  const worker = await bench.startWorker({ owner: 'cut off', pool: network.pool });
  await until(() => worker.report().some(({ state }) => state === 'reading'));
  onTestFinished(() => {
    network.resume();
  });
  const startedMs = performance.now();
  network.pause();
  await until(() => worker.report().every(({ state }) => state !== 'reading'), {
    timeoutMs: LEASE_MS + 1_000,
    what: 'the end of reading',
  });
  expect(performance.now() - startedMs).toBeLessThan(LEASE_MS + 500);
});

test('events whose signal was lost are read all the same', async () => {
  const vendor = await startLocalVendor(ok);
  const bench = await makeDeliveryBench(database.pool, vendor, makeTestConnector());
  await bench.startWorker();
  await until(async () => (await bench.cursor()).owner !== null);
  const silent = new PostgresLog({ pool: database.pool, workspaceId: bench.workspaceId, clock: systemClock });
  await silent.append([anEvent('a', 1)]);
  await until(() => received(vendor).get('a')?.length === 1);
});
