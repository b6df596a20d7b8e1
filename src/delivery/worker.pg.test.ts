import { expect, test } from 'vitest';
import { anEvent, makeDeliveryBench, TOKEN } from '../../test/support/delivery-bench.ts';
import { withDatabase } from '../../test/support/database.ts';
import { makeGate } from '../../test/support/gate.ts';
import { startLocalVendor } from '../../test/support/local-vendor.ts';
import type { LocalVendor, VendorRequest } from '../../test/support/local-vendor.ts';
import { makeTestConnector } from '../../test/support/test-connector.ts';
import type { TestInput, TestVerdict } from '../../test/support/test-connector.ts';
import { until } from '../../test/support/until.ts';
import { findDeadLetter, listDeadLetters } from '../store/queries/dead-letters.ts';
import { resumeConnection } from '../store/queries/suspensions.ts';
import { sendSignal } from '../store/signals.ts';
import { retryDeadLetters } from './index.ts';

const database = withDatabase();

const OPEN = { status: 'open' } as const;
const PAGE = { after: 0, limit: 1_000 } as const;

function inputsOf(request: VendorRequest): readonly TestInput[] {
  return JSON.parse(request.text) as readonly TestInput[];
}

/** What each key received, in order. */
function received(vendor: LocalVendor, path: string): Map<string, number[]> {
  const values = new Map<string, number[]>();
  for (const request of vendor.requests.filter((each) => each.path === path)) {
    for (const input of inputsOf(request)) {
      values.set(input.key, [...(values.get(input.key) ?? []), ...input.values]);
    }
  }
  return values;
}

/** Answers each input by a rule. */
function judging(rule: (input: TestInput) => TestVerdict | undefined) {
  return (request: VendorRequest) => ({
    status: 200,
    body: inputsOf(request).map((input) => rule(input) ?? { kind: 'delivered' }),
  });
}

const ok = judging(() => undefined);

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

test('every event reaches the vendor once, in order per key, merged or not', async () => {
  const vendor = await startLocalVendor(ok);
  const bench = await makeDeliveryBench(database.pool, vendor, makeTestConnector());
  await bench.startWorker();
  const values = range(30);
  await Promise.all(
    values.map((value) =>
      bench.log.append(
        ['a', 'b', 'c'].flatMap((key) => [anEvent(key, value), anEvent(key, value, { type: 'track' })]),
      ),
    ),
  );
  const head = await bench.log.head();
  await until(async () => (await bench.cursor()).position === head);
  for (const path of ['/put', '/tell']) {
    const got = received(vendor, path);
    expect([...got.keys()].sort()).toEqual(['a', 'b', 'c']);
    for (const each of got.values()) expect(each).toEqual(values);
  }
});

test('what waits together travels together, up to the most that a batch takes', async () => {
  const vendor = await startLocalVendor(ok);
  const bench = await makeDeliveryBench(database.pool, vendor, makeTestConnector());
  await bench.log.append(range(1_000).map((n) => anEvent(`person-${String(n)}`, n)));
  await bench.startWorker();
  await until(async () => (await bench.cursor()).position === (await bench.log.head()));
  expect(vendor.requests.map((request) => inputsOf(request).length)).toEqual(range(10).map(() => 100));
  expect(vendor.openCountMax).toBeLessThanOrEqual(4);
});

test('a failing key waits alone: its later events queue up behind it, other keys pass', async () => {
  let isFailing = true;
  const vendor = await startLocalVendor(
    judging(({ key }) => (key === 'bad' && isFailing ? { kind: 'retry' } : undefined)),
  );
  const bench = await makeDeliveryBench(database.pool, vendor, makeTestConnector());
  await bench.startWorker({ schedule: { attemptsMax: 1_000, firstWaitMs: 30, factor: 1 } });
  await bench.log.append([anEvent('bad', 0, { type: 'track' })]);
  await until(async () => (await bench.count('parked')) === 1);
  await bench.log.append([
    ...range(5).map((n) => anEvent('bad', n + 1, { type: 'track' })),
    ...range(5).map((n) => anEvent('good', n, { type: 'track' })),
  ]);
  await until(async () => (await bench.cursor()).position === (await bench.log.head()));
  await until(async () => (await bench.count('parked')) === 6);
  expect(received(vendor, '/tell').get('good')).toEqual(range(5));
  expect(new Set(received(vendor, '/tell').get('bad'))).toEqual(new Set([0]));
  isFailing = false;
  const before = vendor.requests.length;
  await until(async () => (await bench.count('parked')) === 0);
  const after = vendor.requests.slice(before).flatMap(inputsOf);
  expect(after.filter(({ key }) => key === 'bad').flatMap(({ values }) => values)).toEqual(range(6));
});

test('a limit of the vendor makes inputs wait and spends no attempt', async () => {
  let refusalCount = 0;
  const vendor = await startLocalVendor((request) => {
    refusalCount += 1;
    return refusalCount > 5 ? ok(request) : { status: 429, headers: { 'retry-after': '0.05' } };
  });
  const bench = await makeDeliveryBench(database.pool, vendor, makeTestConnector());
  await bench.startWorker({ schedule: { attemptsMax: 1, firstWaitMs: 1, factor: 1 } });
  await bench.log.append([anEvent('a', 1)]);
  await until(async () => (await bench.cursor()).position === (await bench.log.head()));
  expect(await bench.count('dead_letters')).toBe(0);
  expect(await bench.count('attempts', 'retry_count = 1')).toBe(5);
  expect(await bench.count('attempts', 'delivered_count = 1')).toBe(1);
});

test('an input that the vendor defers alone waits as long as it was told', async () => {
  const times: number[] = [];
  const vendor = await startLocalVendor((request) => {
    times.push(performance.now());
    return judging(() => (times.length === 1 ? { kind: 'deferred', waitMs: 200 } : undefined))(request);
  });
  const bench = await makeDeliveryBench(database.pool, vendor, makeTestConnector());
  await bench.startWorker();
  await bench.log.append([anEvent('a', 1)]);
  await until(() => times.length === 2);
  expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(190);
});

test('refused credentials stand the connection still, and resuming loses nothing', async () => {
  let isRevoked = true;
  const vendor = await startLocalVendor((request) => (isRevoked ? { status: 401 } : ok(request)));
  const bench = await makeDeliveryBench(database.pool, vendor, makeTestConnector());
  await bench.startWorker();
  await bench.log.append(range(20).map((n) => anEvent('a', n, { type: 'track' })));
  const suspended = `exists (select from connections c where c.workspace_id = $1 and c.status = 'suspended')`;
  await until(async () => (await bench.count('events', `name = 'suspended' and ${suspended}`)) === 1);
  await bench.log.append([anEvent('b', 1)]);
  expect(vendor.requests.length).toBe(1);
  expect(await bench.count('parked')).toBe(0);
  isRevoked = false;
  await resumeConnection(database.pool, bench.workspaceId, 'vendor');
  await sendSignal(database.pool, 'control', bench.workspaceId);
  await until(async () => (await bench.cursor()).position === (await bench.log.head()));
  expect(received(vendor, '/tell').get('a')).toEqual([0, ...range(20)]);
  expect(received(vendor, '/put').get('b')).toEqual([1]);
});

test('an input that spends its attempts becomes a dead letter, frees its key, and comes back on request in order', async () => {
  let isFailing = true;
  const vendor = await startLocalVendor(
    judging(({ values }) => (isFailing && (values[0] ?? 9) < 3 ? { kind: 'retry' } : undefined)),
  );
  const bench = await makeDeliveryBench(database.pool, vendor, makeTestConnector());
  await bench.startWorker();
  await bench.log.append(range(5).map((n) => anEvent('a', n, { type: 'track' })));
  await until(async () => (await bench.count('dead_letters')) === 3);
  await until(() => received(vendor, '/tell').get('a')?.includes(4));
  const letters = await listDeadLetters(database.pool, bench.workspaceId, OPEN, PAGE);
  expect(letters.map(({ attemptCount }) => attemptCount)).toEqual([3, 3, 3]);
  const letter = await findDeadLetter(database.pool, bench.workspaceId, letters[0]?.id ?? 0);
  expect(letter?.lastExchange).toContain('/tell');
  expect(letter?.lastExchange).not.toContain(TOKEN);
  isFailing = false;
  const before = vendor.requests.length;
  await retryDeadLetters(database.pool, bench.workspace, { filter: {}, mode: 'as-is', isDryRun: false });
  await until(async () => (await bench.count('parked')) === 0);
  expect(
    vendor.requests
      .slice(before)
      .flatMap(inputsOf)
      .flatMap(({ values }) => values),
  ).toEqual([0, 1, 2]);
  expect(await bench.count('dead_letters', `status = 'open'`)).toBe(0);
});

test('one poisonous record in a batch of a hundred costs one record', async () => {
  const vendor = await startLocalVendor((request) =>
    inputsOf(request).some(({ key }) => key === 'person-42') ? { status: 400 } : ok(request),
  );
  const bench = await makeDeliveryBench(database.pool, vendor, makeTestConnector());
  await bench.log.append(range(100).map((n) => anEvent(`person-${String(n)}`, n)));
  await bench.startWorker();
  await until(async () => (await bench.cursor()).position === (await bench.log.head()));
  const letters = await listDeadLetters(database.pool, bench.workspaceId, OPEN, PAGE);
  expect(letters.map(({ orderKey }) => orderKey)).toEqual(['put person-42']);
  const { rows } = await database.pool.query<{ n: number }>(
    `select sum(delivered_count)::integer as n from attempts where workspace_id = $1`,
    [bench.workspaceId],
  );
  expect(rows[0]?.n).toBe(99);
  // Seven halvings, two calls each, and the whole.
  expect(vendor.requests.length).toBeLessThanOrEqual(15);
});

test('merged inputs that are refused together are told apart: only the bad one dies', async () => {
  const vendor = await startLocalVendor(
    judging(({ values }) => (values.includes(2) ? { kind: 'rejected' } : undefined)),
  );
  const bench = await makeDeliveryBench(database.pool, vendor, makeTestConnector());
  await bench.log.append(range(5).map((n) => anEvent('a', n)));
  await bench.startWorker();
  await until(async () => (await bench.cursor()).position === (await bench.log.head()));
  const calls = vendor.requests.flatMap(inputsOf).map(({ values }) => values);
  expect(calls).toEqual([[0, 1, 2, 3, 4], [0], [1], [2], [3], [4]]);
  expect(await bench.count('dead_letters')).toBe(1);
});

test('a mapping that throws costs its event, which becomes a dead letter without an input, and no other', async () => {
  const vendor = await startLocalVendor(ok);
  const bench = await makeDeliveryBench(database.pool, vendor, makeTestConnector());
  await bench.startWorker();
  await bench.log.append([
    anEvent('a', 1),
    anEvent('a', 2, { more: { map: 'throw' } }),
    anEvent('a', 3, { more: { map: 'skip' } }),
    anEvent('a', 4),
  ]);
  await until(async () => (await bench.cursor()).position === (await bench.log.head()));
  expect(received(vendor, '/put').get('a')).toEqual([1, 4]);
  expect(await bench.count('attempts', 'rejected_count = 1 or skipped_count = 1')).toBeGreaterThan(0);
  expect(await bench.count('dead_letters')).toBe(1);
  expect(
    await bench.count('dead_letters', `input = 'null' and fault ->> 'code' = 'delivery.mapping_failed'`),
  ).toBe(1);
});

test('stopping lets calls in flight finish, writes what is known and hands the reader over', async () => {
  const gate = makeGate();
  const vendor = await startLocalVendor(async (request) => {
    await gate.opened;
    return ok(request);
  });
  const bench = await makeDeliveryBench(database.pool, vendor, makeTestConnector());
  const worker = await bench.startWorker();
  await bench.log.append([anEvent('a', 1)]);
  await until(() => vendor.openCount === 1);
  const stopped = worker.stop();
  gate.open();
  await stopped;
  expect(await bench.cursor()).toMatchObject({ position: await bench.log.head(), owner: null });
  await bench.startWorker();
  await bench.log.append([anEvent('a', 2)]);
  await until(async () => (await bench.cursor()).position === (await bench.log.head()));
  expect(received(vendor, '/put').get('a')).toEqual([1, 2]);
});

test('two workers never read one connection at once', async () => {
  const vendor = await startLocalVendor(ok);
  const bench = await makeDeliveryBench(database.pool, vendor, makeTestConnector());
  const first = await bench.startWorker({ owner: 'first' });
  await bench.startWorker({ owner: 'second' });
  await bench.log.append(range(50).map((n) => anEvent('a', n, { type: 'track' })));
  await until(async () => (await bench.cursor()).position === (await bench.log.head()));
  expect((await bench.cursor()).owner).toBe('first');
  await first.stop();
  await until(async () => (await bench.cursor()).owner === 'second');
  await bench.log.append(range(50).map((n) => anEvent('a', n + 50, { type: 'track' })));
  await until(async () => (await bench.cursor()).position === (await bench.log.head()));
  expect(received(vendor, '/tell').get('a')).toEqual(range(100));
});

test('derived events are in the log before the cursor passes what they came from', async () => {
  const positions: number[] = [];
  const vendor = await startLocalVendor(async (request) => {
    positions.push((await bench.cursor()).position);
    return judging(({ key }) => ({
      kind: 'delivered',
      emit: [{ ...derived, id: `derived-${key}`, payload: { key, value: 1 } }],
    }))(request);
  });
  const derived = {
    type: 'track' as const,
    name: null,
    personKey: 'x',
    occurredAt: '2026-11-21T12:00:00.000Z',
  };
  const bench = await makeDeliveryBench(database.pool, vendor, makeTestConnector());
  await bench.startWorker();
  await bench.log.append([anEvent('a', 1)]);
  await until(async () => (await bench.count('events', `message_id = 'derived-a'`)) === 1);
  await until(async () => (await bench.cursor()).position === (await bench.log.head()));
  expect(positions).toEqual([0]);
  expect(await bench.count('events', `source = 'vendor'`)).toBe(1);
});
