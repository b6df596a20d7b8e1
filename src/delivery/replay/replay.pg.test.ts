import { expect, test } from 'vitest';
import { withDatabase } from '../../../test/support/database.ts';
import { anEvent, makeDeliveryBench } from '../../../test/support/delivery-bench.ts';
import type { DeliveryBench } from '../../../test/support/delivery-bench.ts';
import { startLocalVendor } from '../../../test/support/local-vendor.ts';
import type { LocalVendor, VendorRequest } from '../../../test/support/local-vendor.ts';
import { makeTestConnector } from '../../../test/support/test-connector.ts';
import type { TestInput, TestVerdict } from '../../../test/support/test-connector.ts';
import { until } from '../../../test/support/until.ts';
import { systemClock } from '../../kernel/clock.ts';
import type { Limit } from '../../kit/index.ts';
import { dryRun } from './dry-run.ts';
import type { ReplayFilter } from './replay-filter.ts';
import { cancelReplay, getReplay, pauseReplay, resumeReplay, startReplay } from './replays.ts';
import type { Replay } from './replays.ts';

const database = withDatabase();

function inputsOf(request: VendorRequest): readonly TestInput[] {
  return JSON.parse(request.text) as readonly TestInput[];
}

/** The values of each input that a key received, in order. */
function received({ requests }: LocalVendor, path: string, key: string): readonly (readonly number[])[] {
  return requests
    .filter((request) => request.path === path)
    .flatMap(inputsOf)
    .filter((input) => input.key === key)
    .map(({ values }) => values);
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** Holds what it is asked to hold until it is opened. */
function makeGate() {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

async function makeBench(connector = makeTestConnector()) {
  const vendor = await startLocalVendor(judging(() => undefined));
  const bench = await makeDeliveryBench(database.pool, vendor, connector);
  const replay = (filter: ReplayFilter = {}, more: { priority?: 'backfill' } = {}): Promise<Replay> =>
    startReplay(database.pool, systemClock, { connection: bench.connection, filter, ...more });
  const find = (id: number): Promise<Replay> => getReplay(database.pool, systemClock, bench.workspaceId, id);
  const untilStatus = (id: number, status: Replay['status']): Promise<true> =>
    until(async () => (await find(id)).status === status);
  return { vendor, bench, replay, find, untilStatus };
}

function judging(rule: (input: TestInput) => TestVerdict | undefined) {
  return (request: VendorRequest) => ({
    status: 200,
    body: inputsOf(request).map((input) => rule(input) ?? { kind: 'delivered' }),
  });
}

async function delivered(bench: DeliveryBench): Promise<void> {
  const head = await bench.log.head();
  await until(async () => (await bench.cursor()).position >= head);
}

test('a replay sends what is event-like as it was, and what merges as it is now', async () => {
  const { vendor, bench, replay, find, untilStatus } = await makeBench();
  await bench.startWorker();
  for (const value of range(3)) {
    await bench.log.append([anEvent('a', value), anEvent('a', value, { type: 'track' })]);
    await delivered(bench);
  }
  const { id } = await replay();
  await untilStatus(id, 'done');
  expect(received(vendor, '/tell', 'a').flat()).toEqual([0, 1, 2, 0, 1, 2]);
  expect(received(vendor, '/put', 'a').slice(3)).toEqual([[0, 1, 2]]);
  expect(await find(id)).toMatchObject({
    share: 1,
    eventCount: 6,
    inputCount: 6,
    deliveredCount: 6,
    skippedCount: 0,
    failedCount: 0,
    eventsPerSecond: null,
  });
});

test('the dry run tells what the replay then does, and sends nothing', async () => {
  const { vendor, bench, replay, find, untilStatus } = await makeBench();
  await bench.startWorker();
  await bench.log.append([
    anEvent('a', 1),
    anEvent('b', 2),
    anEvent('a', 3),
    anEvent('c', 4, { more: { map: 'skip' } }),
    anEvent('c', 5, { more: { map: 'throw' } }),
  ]);
  await delivered(bench);
  const sentCount = vendor.requests.length;
  const report = await dryRun(database.pool, bench.connection, {});
  expect(report).toMatchObject({
    eventCount: 5,
    inputCount: 5,
    skippedCount: 1,
    failedCount: 1,
    reasons: [
      { reason: 'The event says so.', count: 1 },
      { reason: 'The mapping of test/put failed: no such field', count: 1 },
    ],
    samples: [
      { flow: 'test/put', input: { key: 'a', values: [1, 3] } },
      { flow: 'test/put', input: { key: 'b', values: [2] } },
      { flow: 'test/put', input: { key: 'a', values: [3] } },
    ],
  });
  expect(vendor.requests.length).toBe(sentCount);
  const { id } = await replay();
  await untilStatus(id, 'done');
  expect(await find(id)).toMatchObject({
    eventCount: 5,
    inputCount: 5,
    deliveredCount: 3,
    skippedCount: 1,
    failedCount: 1,
  });
});

test.each<[string, ReplayFilter, number[]]>([
  ['one person', { person: 'b' }, [2, 3]],
  ['a flow', { flow: 'test/put' }, []],
  ['a type', { type: 'track' }, [0, 1, 2, 3]],
  ['a name that no event has', { name: 'Ordered' }, []],
  ['a time that has not come', { since: '2999-01-01T00:00:00.000Z' }, []],
  ['a time that is over', { until: '2000-01-01T00:00:00.000Z' }, []],
  ['what was delivered', { outcome: 'delivered' }, [0, 2]],
  ['what was skipped', { outcome: 'skipped' }, [1]],
  ['what was refused', { outcome: 'rejected' }, [3]],
  ['what was never tried', { outcome: 'none' }, []],
])('a replay of %s takes that and no more', async (_, filter, expected) => {
  const { vendor, bench, replay, untilStatus } = await makeBench();
  await bench.startWorker();
  const verdicts = ['delivered', 'skipped', 'delivered', 'rejected'] as const;
  vendor.answer = judging(({ values }) => ({ kind: verdicts[values[0] ?? 0] ?? 'delivered' }));
  const keys = ['a', 'a', 'b', 'b'];
  await bench.log.append(keys.map((key, value) => anEvent(key, value, { type: 'track' })));
  await delivered(bench);
  const before = vendor.requests.length;
  vendor.answer = judging(() => undefined);
  const { id } = await replay(filter);
  await untilStatus(id, 'done');
  const sent = vendor.requests
    .slice(before)
    .flatMap(inputsOf)
    .flatMap(({ values }) => values);
  expect(sent.sort((a, b) => a - b)).toEqual(expected);
});

test('one event is replayed by its id', async () => {
  const { vendor, bench, replay, untilStatus } = await makeBench();
  await bench.startWorker();
  const events = range(3).map((value) => anEvent('a', value, { type: 'track' }));
  await bench.log.append(events);
  await delivered(bench);
  const { id } = await replay({ event: events[1]?.id });
  await untilStatus(id, 'done');
  expect(received(vendor, '/tell', 'a').flat()).toEqual([0, 1, 2, 1]);
});

test('what still waits for another attempt is left out of a replay, with the reason', async () => {
  const { vendor, bench, replay, find, untilStatus } = await makeBench();
  vendor.answer = judging(({ key }) => ({ kind: key === 'a' ? 'retry' : 'delivered' }));
  await bench.startWorker({ schedule: { attemptsMax: 9, firstWaitMs: 3_600_000, factor: 1 } });
  await bench.log.append(['a', 'b'].map((key) => anEvent(key, 1, { type: 'track' })));
  await delivered(bench);
  const { id } = await replay();
  await untilStatus(id, 'done');
  expect(await find(id)).toMatchObject({ inputCount: 2, deliveredCount: 1, skippedCount: 1 });
  expect(await bench.count('parked')).toBe(1);
});

test('live events overtake a replay whose calls hang', async () => {
  const { vendor, bench, replay, untilStatus } = await makeBench();
  await bench.startWorker();
  await bench.log.append(range(400).map((n) => anEvent(`old-${String(n)}`, n, { type: 'track' })));
  await delivered(bench);
  const gate = makeGate();
  const ok = judging(() => undefined);
  vendor.answer = async (request) => {
    if (inputsOf(request)[0]?.key.startsWith('old') === true) await gate.opened;
    return ok(request);
  };
  const before = vendor.requests.length;
  const { id } = await replay();
  await until(() => vendor.requests.length > before);
  await bench.log.append(range(20).map((n) => anEvent(`new-${String(n)}`, n, { type: 'track' })));
  await delivered(bench);
  expect(vendor.openCount).toBeGreaterThan(0);
  gate.open();
  await untilStatus(id, 'done');
});

/** Twenty calls of it are more than a replay may have of its day within minutes; the paths of calls that asked for room. */
function makeSmallDay() {
  const asked: string[] = [];
  const daily: Limit = {
    name: 'daily',
    calls: 2_000,
    perMs: 86_400_000,
    appliesTo: ({ path }) => {
      asked.push(path);
      return true;
    },
    source: '',
  };
  const burst: Limit = { ...daily, name: 'burst', calls: 1_000, perMs: 1_000, appliesTo: () => true };
  return { connector: makeTestConnector({ limits: [burst, daily] }), asked };
}

const tracks = (keys: readonly string[], value: number) =>
  keys.map((key) => anEvent(key, value, { type: 'track' }));

test('while the day has no room for a replay, live events of its keys and of others are sent at once', async () => {
  const { connector } = makeSmallDay();
  const { vendor, bench, replay, find } = await makeBench(connector);
  await bench.startWorker();
  const keys = range(20).map((n) => `key-${String(n)}`);
  const skipped = anEvent('nobody', 0, { type: 'track', more: { map: 'skip' } });
  await bench.log.append([skipped, ...tracks([...keys, 'quiet'], 1)]);
  await delivered(bench);
  const { id } = await replay();
  // Its first page has been read, and what is to be sent waits.
  await until(async () => (await find(id)).skippedCount === 1);
  await bench.log.append(tracks([...keys, 'another'], 2));
  await delivered(bench);
  for (const key of keys) expect(received(vendor, '/tell', key).flat().at(-1)).toBe(2);
  // Whom nothing live waits behind is not replayed yet.
  expect(received(vendor, '/tell', 'quiet').flat()).toEqual([1]);
  expect(await find(id)).toMatchObject({ status: 'running' });
});

test.each<[string, typeof pauseReplay]>([
  ['paused', pauseReplay],
  ['cancelled', cancelReplay],
])('a %s replay that waits for room frees what it held at once, and sends nothing more', async (_, stop) => {
  const { connector, asked } = makeSmallDay();
  const { vendor, bench, replay } = await makeBench(connector);
  const first = await bench.startWorker({ owner: 'first' });
  await bench.log.append(tracks(['a', ...range(20).map(String)], 1));
  await delivered(bench);
  const { id } = await replay({ person: 'a' });
  await first.stop();
  const sentCount = vendor.requests.length;
  const askedCount = asked.length;
  // It does not know yet what the calls of the action will meet.
  await bench.startWorker({ owner: 'second' });
  await until(() => asked.length > askedCount);
  await bench.log.append(tracks(['a'], 2));
  await stop(database.pool, systemClock, bench.workspaceId, id);
  await delivered(bench);
  expect(vendor.requests.length).toBe(sentCount + 1);
  expect(received(vendor, '/tell', 'a').at(-1)).toEqual([2]);
});

test('while live events come in, a replay never puts an older value over a newer one', async () => {
  const { vendor, bench, replay, untilStatus } = await makeBench();
  await bench.startWorker();
  let failures = 0;
  vendor.answer = judging(() => ({ kind: (failures = (failures + 1) % 7) === 3 ? 'retry' : 'delivered' }));
  const keys = range(5).map((n) => `key-${String(n)}`);
  let value = 0;
  const more = () => bench.log.append(keys.map((key) => anEvent(key, (value += 1))));
  for (const _ of range(60)) await more();
  await delivered(bench);
  const { id } = await replay();
  for (const _ of range(60)) await more();
  vendor.answer = judging(() => undefined);
  await untilStatus(id, 'done');
  await delivered(bench);
  await until(async () => (await bench.count('parked')) === 0);
  for (const key of keys) {
    const newest = received(vendor, '/put', key).map((values) => Math.max(...values));
    expect(newest).toEqual(newest.toSorted((a, b) => a - b));
    expect(newest.at(-1)).toBe(value - keys.length + 1 + keys.indexOf(key));
  }
});

test('a replay paused in the middle goes on where it was, also with another worker', async () => {
  const { vendor, bench, replay, find, untilStatus } = await makeBench();
  const first = await bench.startWorker({ owner: 'first' });
  const count = 1_500;
  await bench.log.append(range(count).map((n) => anEvent(`key-${String(n)}`, n, { type: 'track' })));
  await delivered(bench);
  const { id } = await replay();
  await until(() => vendor.requests.length > count + 100);
  const paused = await pauseReplay(database.pool, systemClock, bench.workspaceId, id);
  expect(paused).toMatchObject({ status: 'paused', eventsPerSecond: null });
  expect(paused.share).toBeLessThan(1);
  await first.stop();
  const sentCount = vendor.requests.length;
  await bench.startWorker({ owner: 'second' });
  await bench.log.append([anEvent('live', 1, { type: 'track' })]);
  await delivered(bench);
  expect(vendor.requests.length).toBe(sentCount + 1);
  await resumeReplay(database.pool, systemClock, bench.workspaceId, id);
  await untilStatus(id, 'done');
  expect(await find(id)).toMatchObject({ share: 1 });
  const again = new Set(
    vendor.requests
      .slice(count)
      .flatMap(inputsOf)
      .map(({ key }) => key),
  );
  for (const n of range(count)) expect(again).toContain(`key-${String(n)}`);
  // What was under way at the pause comes twice, and no more.
  expect(vendor.requests.length).toBeLessThanOrEqual(2 * count + 1 + 700);
});

test('a cancelled replay stops, and the next one takes its turn', async () => {
  const { vendor, bench, replay, find, untilStatus } = await makeBench();
  await bench.startWorker();
  const count = 1_500;
  await bench.log.append(range(count).map((n) => anEvent(`key-${String(n)}`, n, { type: 'track' })));
  await delivered(bench);
  const first = await replay();
  const second = await replay({ person: 'key-3' }, { priority: 'backfill' });
  expect(second).toMatchObject({ isWaiting: true, status: 'running', priority: 'backfill' });
  await until(() => vendor.requests.length > count);
  await cancelReplay(database.pool, systemClock, bench.workspaceId, first.id);
  await untilStatus(second.id, 'done');
  expect(await find(first.id)).toMatchObject({ status: 'cancelled' });
  await expect(resumeReplay(database.pool, systemClock, bench.workspaceId, first.id)).rejects.toMatchObject({
    code: 'replay.over',
  });
});
