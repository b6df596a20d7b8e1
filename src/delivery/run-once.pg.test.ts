import { expect, onTestFinished, test } from 'vitest';
import { withDatabase } from '../../test/support/database.ts';
import { anEvent, makeDeliveryBench } from '../../test/support/delivery-bench.ts';
import type { DeliveryBench } from '../../test/support/delivery-bench.ts';
import { makeGate } from '../../test/support/gate.ts';
import { startLocalVendor } from '../../test/support/local-vendor.ts';
import type { LocalVendor, VendorRequest } from '../../test/support/local-vendor.ts';
import { makePausable } from '../../test/support/pausable-pool.ts';
import { makeTestConnector } from '../../test/support/test-connector.ts';
import type { TestInput, TestVerdict } from '../../test/support/test-connector.ts';
import { until } from '../../test/support/until.ts';
import { recutShards } from '../flows/recut-shards.ts';
import { systemClock } from '../kernel/clock.ts';
import type { AnyAction, AnyConnector } from '../kit/index.ts';
import { slotOf } from '../log/index.ts';
import { withTransaction } from '../store/transaction.ts';
import { getReplay, startReplay } from './index.ts';

const database = withDatabase();

const inputsOf = ({ text }: VendorRequest): readonly TestInput[] => JSON.parse(text) as readonly TestInput[];

/** Answers every input by its key; all the same are delivered. */
const judging = (rule: (input: TestInput) => TestVerdict['kind']) => (request: VendorRequest) => ({
  status: 200,
  body: inputsOf(request).map((input) => ({ kind: rule(input) })),
});

const ok = judging(() => 'delivered');

/** Values stand for purchases: one is sent once, whoever reports it. Negative ones may be sent any number of times. */
function makeConnector(maxItems: number, once: AnyAction['once'] = purchaseOf): AnyConnector {
  const connector = makeTestConnector({ batch: { maxItems } });
  return {
    ...connector,
    presets: connector.presets.map((preset) => ({ ...preset, action: { ...preset.action, once } })),
  };
}

function purchaseOf({ values: [value = 0] }: TestInput): string | undefined {
  return value < 0 ? undefined : `purchase ${String(value)}`;
}

async function makeBench(vendor: LocalVendor, connector = makeConnector(1)): Promise<DeliveryBench> {
  return makeDeliveryBench(database.pool, vendor, connector);
}

const aPurchase = (person: string, value: number) => anEvent(person, value, { type: 'track' });

async function caughtUp(bench: DeliveryBench): Promise<void> {
  await until(async () => (await bench.cursor()).position === (await bench.log.head()));
}

const sentBy = (vendor: LocalVendor): string[] =>
  vendor.requests.flatMap(inputsOf).map(({ key, values }) => `${key} ${values.join()}`);

interface Seen {
  readonly outcome: string;
  readonly reason?: string;
}

/** What became of every event, in the order of the log; of one that was tried again, at last. */
async function outcomesOf({ workspaceId }: DeliveryBench): Promise<readonly Seen[]> {
  const { rows } = await database.pool.query<{ items: string }>(
    'select items from attempts where workspace_id = $1 order by id',
    [workspaceId],
  );
  type Item = Seen & { readonly position: number };
  const items = rows.flatMap((row) => JSON.parse(row.items) as readonly Item[]);
  const last = new Map(items.map(({ position, outcome, reason }) => [position, { outcome, reason }]));
  return [...last]
    .sort(([a], [b]) => a - b)
    .map(([, { outcome, reason }]) => ({ outcome, ...(reason === undefined ? {} : { reason }) }));
}

const kindsOf = async (bench: DeliveryBench): Promise<string[]> =>
  (await outcomesOf(bench)).map(({ outcome }) => outcome);

test('what was delivered is not sent again, and what comes again says when it was sent', async () => {
  const vendor = await startLocalVendor(ok);
  const bench = await makeBench(vendor);
  await bench.startWorker();
  await bench.log.append([aPurchase('ann', 1)]);
  await caughtUp(bench);
  await bench.log.append([
    aPurchase('ann', 1),
    aPurchase('bob', 2),
    aPurchase('ann', -1),
    aPurchase('ann', -1),
  ]);
  await caughtUp(bench);
  expect(sentBy(vendor).sort()).toEqual(['ann -1', 'ann -1', 'ann 1', 'bob 2']);
  const outcomes = await outcomesOf(bench);
  expect(outcomes.map(({ outcome }) => outcome)).toEqual([
    'delivered',
    'skipped',
    'delivered',
    'delivered',
    'delivered',
  ]);
  expect(outcomes[1]?.reason).toMatch(/^It was sent at \d{4}-\d\d-\d\dT[\d:.]+Z, and is sent only once\.$/);
  expect(await bench.count('sent_once')).toBe(2);
});

test('a replay of everything sends nothing that is sent once, and is through', async () => {
  const vendor = await startLocalVendor(ok);
  const bench = await makeBench(vendor, makeConnector(10));
  await bench.startWorker();
  const people = Array.from({ length: 30 }, (_, n) => `person-${String(n)}`);
  await bench.log.append(people.map((person, n) => aPurchase(person, n)));
  await caughtUp(bench);
  for (const _ of [1, 2]) {
    const { id } = await startReplay(database.pool, systemClock, {
      connection: bench.connection,
      filter: {},
    });
    const find = () => getReplay(database.pool, systemClock, bench.workspaceId, id);
    await until(async () => (await find()).status === 'done');
  }
  expect(sentBy(vendor)).toHaveLength(30);
  expect(await bench.count('attempts', 'skipped_count > 0')).toBeGreaterThan(0);
});

test('of inputs with one key in one batch one is sent, and the others are skipped', async () => {
  const vendor = await startLocalVendor(ok);
  const bench = await makeBench(vendor, makeConnector(100));
  await bench.log.append(['ann', 'bob', 'eve'].flatMap((person) => [aPurchase(person, 1)]));
  await bench.startWorker();
  await caughtUp(bench);
  expect(sentBy(vendor)).toEqual(['ann 1']);
  expect(await kindsOf(bench)).toEqual(['delivered', 'skipped', 'skipped']);
});

test('when the first of one key is refused, the next has its turn; a refusal is no delivery', async () => {
  const vendor = await startLocalVendor(judging(({ key }) => (key === 'ann' ? 'rejected' : 'delivered')));
  const bench = await makeBench(vendor, makeConnector(100));
  await bench.log.append([aPurchase('ann', 1), aPurchase('bob', 1), aPurchase('eve', 1)]);
  await bench.startWorker();
  await caughtUp(bench);
  expect(sentBy(vendor)).toEqual(['ann 1', 'bob 1']);
  expect(await kindsOf(bench)).toEqual(['rejected', 'delivered', 'skipped']);
  expect(await bench.count('sent_once')).toBe(1);
});

test('an attempt that is to be repeated records nothing: the next attempt is sent', async () => {
  let isFailing = true;
  const vendor = await startLocalVendor((request) => (isFailing ? { status: 503 } : ok(request)));
  const bench = await makeBench(vendor);
  await bench.log.append([aPurchase('ann', 1)]);
  await bench.startWorker();
  await until(async () => (await bench.count('parked')) === 1);
  expect(await bench.count('sent_once')).toBe(0);
  isFailing = false;
  await until(async () => (await bench.count('sent_once')) === 1);
  await until(async () => (await bench.count('parked')) === 0);
  expect(vendor.requests.length).toBeGreaterThan(1);
});

test('of inputs with one key in flight in several shards of a worker one is sent', async () => {
  const gate = makeGate();
  const vendor = await startLocalVendor(async (request) => {
    await gate.opened;
    return ok(request);
  });
  const bench = await makeBench(vendor);
  await withTransaction(database.pool, async (tx) => {
    await tx.query(`update connections set delivery = '{"shards": 4}' where workspace_id = $1`, [
      bench.workspaceId,
    ]);
    await recutShards(tx, bench.workspaceId, 'vendor');
  });
  const people = ['ann', 'bob', 'eve', 'joe', 'kim', 'lea', 'max', 'zoe'];
  // Slots 0..63 in four shards: these people are in more than one.
  expect(new Set(people.map((person) => Math.floor(slotOf(person) / 16))).size).toBeGreaterThan(2);
  await bench.log.append(people.map((person) => aPurchase(person, 1)));
  const worker = await bench.startWorker();
  await until(() => worker.report().filter(({ state }) => state === 'reading').length === 4);
  await until(() => vendor.openCount === 1);
  gate.open();
  await until(async () => (await outcomesOf(bench)).length === people.length);
  expect(vendor.requests).toHaveLength(1);
  expect((await kindsOf(bench)).filter((kind) => kind === 'skipped')).toHaveLength(people.length - 1);
});

test('a crash between the answer and its record sends it once more, and then never again', async () => {
  const network = makePausable(database.pool);
  onTestFinished(() => {
    network.resume();
  });
  const vendor = await startLocalVendor((request) => {
    // The first worker loses the store before it can write down what the vendor answered.
    if (vendor.requests.length === 1) network.pause();
    return ok(request);
  });
  const bench = await makeBench(vendor);
  await bench.startWorker({ owner: 'first', pool: network.pool });
  await bench.log.append([aPurchase('ann', 1)]);
  await until(() => vendor.requests.length === 1);
  await database.pool.query('delete from workers where workspace_id = $1', [bench.workspaceId]);
  await bench.startWorker({ owner: 'second' });
  await until(async () => (await bench.cursor()).position === (await bench.log.head()), {
    timeoutMs: 10_000,
  });
  expect(sentBy(vendor)).toEqual(['ann 1', 'ann 1']);
  expect(await bench.count('sent_once')).toBe(1);
  network.resume();
  await bench.log.append([aPurchase('ann', 1)]);
  await caughtUp(bench);
  expect(vendor.requests).toHaveLength(2);
});

test('a key that cannot be told is a fault of the connector, and nothing is sent', async () => {
  const vendor = await startLocalVendor(ok);
  const connector = makeConnector(100, ({ key }: TestInput) => {
    if (key === 'ann') throw new TypeError('no such field');
    return key;
  });
  const bench = await makeBench(vendor, connector);
  await bench.log.append([aPurchase('ann', 1), aPurchase('bob', 2)]);
  await bench.startWorker();
  await caughtUp(bench);
  expect(sentBy(vendor)).toEqual(['bob 2']);
  expect(await bench.count('dead_letters', `fault ->> 'code' = 'delivery.connector_bug'`)).toBe(1);
});

test('a key longer than an index takes, or of characters that PostgreSQL does not, is kept all the same', async () => {
  const vendor = await startLocalVendor(ok);
  const long = 'ø'.repeat(5_000);
  const bench = await makeBench(
    vendor,
    makeConnector(1, ({ key }: TestInput) => `${key}\0${long}`),
  );
  await bench.startWorker();
  await bench.log.append([aPurchase('ann', 1), aPurchase('bob', 1), aPurchase('ann', 2)]);
  await caughtUp(bench);
  expect(sentBy(vendor).sort()).toEqual(['ann 1', 'bob 1']);
  expect(await bench.count('sent_once')).toBe(2);
});

test('the keys of a connection go with it: one of that name that is made later is another', async () => {
  const vendor = await startLocalVendor(ok);
  const bench = await makeBench(vendor);
  const worker = await bench.startWorker();
  await bench.log.append([aPurchase('ann', 1)]);
  await caughtUp(bench);
  await worker.stop();
  await database.pool.query('delete from flows where workspace_id = $1', [bench.workspaceId]);
  await database.pool.query('delete from connections where workspace_id = $1', [bench.workspaceId]);
  expect(await bench.count('sent_once')).toBe(0);
});
