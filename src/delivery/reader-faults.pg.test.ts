import { expect, test } from 'vitest';
import { anEvent, makeDeliveryBench, SILENT } from '../../test/support/delivery-bench.ts';
import type { DeliveryBench } from '../../test/support/delivery-bench.ts';
import { withDatabase } from '../../test/support/database.ts';
import { takeLease } from '../../test/support/take-lease.ts';
import { makeGate } from '../../test/support/gate.ts';
import { startLocalVendor } from '../../test/support/local-vendor.ts';
import type { LocalVendor } from '../../test/support/local-vendor.ts';
import { makeManualClock } from '../../test/support/manual-clock.ts';
import { makeTestConnector } from '../../test/support/test-connector.ts';
import type { TestInput } from '../../test/support/test-connector.ts';
import { until } from '../../test/support/until.ts';
import { systemClock } from '../kernel/clock.ts';
import type { Clock } from '../kernel/clock.ts';
import type { EventLog } from '../log/index.ts';
import { ConnectionClient } from '../outbound/index.ts';
import { SILENT_OBSERVER } from './observer.ts';
import type { DeliveryObserver } from './observer.ts';
import { makeShared } from './reader-parts.ts';
import { Reader } from './reader.ts';

const database = withDatabase();

const ok = () => ({ status: 200, body: [] });

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** The values that arrived, in order; what arrives again counts again. */
function arrived(vendor: LocalVendor): number[] {
  return vendor.requests
    .flatMap((request) => JSON.parse(request.text) as readonly TestInput[])
    .flatMap(({ values }) => values);
}

interface AReader {
  readonly clock?: Clock;
  readonly log?: EventLog;
  readonly observer?: DeliveryObserver;
  readonly leaseMs?: number;
}

async function makeReader(
  bench: DeliveryBench,
  { clock = systemClock, log = bench.log, observer = SILENT_OBSERVER, leaseMs }: AReader = {},
): Promise<Reader> {
  const lease = await takeLease(database.pool, bench.key, leaseMs === undefined ? {} : { leftMs: leaseMs });
  return new Reader({
    pool: database.pool,
    log,
    clock,
    random: () => 0.5,
    logger: SILENT,
    observer,
    shared: makeShared(),
    connection: bench.connection,
    client: new ConnectionClient({
      connector: bench.connection.connector,
      settings: bench.connection.settings,
      clock,
      privateAddresses: true,
    }),
    key: bench.key,
    lease,
    isOwner: () => true,
    giveUp: new AbortController().signal,
    onSuspended: () => Promise.resolve(true),
  });
}

test('a reader that dies with calls in flight is taken over when its lease ends, and nothing is lost', async () => {
  let isHanging = true;
  const gate = makeGate();
  let answerCount = 0;
  const vendor = await startLocalVendor(async () => {
    answerCount += 1;
    // The fifth call of the first reader never ends while that reader lives.
    if (isHanging && answerCount >= 5) await gate.opened;
    return ok();
  });
  const bench = await makeDeliveryBench(database.pool, vendor, makeTestConnector({ concurrent: 1 }));
  const values = range(20);
  await bench.log.append(values.map((n) => anEvent('a', n, { type: 'track' })));
  const dead = await makeReader(bench, { leaseMs: 500 });
  const running = dead.run();
  await until(() => vendor.openCount === 1);
  isHanging = false;
  await bench.startWorker({ owner: 'the heir' });
  await until(async () => (await bench.cursor()).owner === 'the heir');
  await until(async () => (await bench.cursor()).position === (await bench.log.head()));
  expect(new Set(arrived(vendor))).toEqual(new Set(values));
  // Only what was in flight came twice.
  expect(arrived(vendor).length).toBeLessThanOrEqual(values.length + 1);
  const before = await bench.cursor();
  gate.open();
  // The dead one wakes up: its epoch is stale, so it writes nothing and ends.
  await running;
  expect(await bench.cursor()).toEqual(before);
});

test('an idle reader does nothing until it is woken', async () => {
  const clock = makeManualClock();
  const vendor = await startLocalVendor(ok);
  const bench = await makeDeliveryBench(database.pool, vendor, makeTestConnector());
  let readCount = 0;
  const log: EventLog = {
    append: (events) => bench.log.append(events),
    head: () => bench.log.head(),
    read: () => {
      readCount += 1;
      return Promise.resolve([]);
    },
  };
  const reader = await makeReader(bench, { clock, log });
  const running = reader.run();
  await until(() => clock.sleeperCount === 1);
  const { sleepCount } = clock;
  readCount = 0;
  await clock.advance(600_000);
  expect(readCount).toBe(0);
  expect(clock.sleepCount - sleepCount).toBeLessThanOrEqual(11);
  reader.wake();
  await until(() => readCount === 1);
  reader.stop();
  await running;
});

test('after a read that failed, the next is a second later and not when something else happens', async () => {
  const clock = makeManualClock();
  const vendor = await startLocalVendor(ok);
  const bench = await makeDeliveryBench(database.pool, vendor, makeTestConnector());
  await bench.log.append([anEvent('a', 7)]);
  let readCount = 0;
  const log: EventLog = {
    append: (events) => bench.log.append(events),
    head: () => bench.log.head(),
    read: (from, limit) => {
      readCount += 1;
      return readCount === 1 ? Promise.reject(new Error('away')) : bench.log.read(from, limit);
    },
  };
  const reader = await makeReader(bench, { clock, log });
  const running = reader.run();
  await until(() => clock.sleeperCount === 1);
  expect(readCount).toBe(1);
  await clock.advance(1_000);
  await until(() => arrived(vendor).includes(7));
  reader.stop();
  await running;
});

test('an event that cannot be taken in is read again, and so is what was read with it', async () => {
  const clock = makeManualClock();
  const vendor = await startLocalVendor(ok);
  const bench = await makeDeliveryBench(database.pool, vendor, makeTestConnector());
  await bench.log.append([anEvent('a', 1), anEvent('b', 2)]);
  let readCount = 0;
  const log: EventLog = {
    append: (events) => bench.log.append(events),
    head: () => bench.log.head(),
    read: async (from, limit) => {
      readCount += 1;
      const events = await bench.log.read(from, limit);
      if (readCount > 1) return events;
      return events.map((event) =>
        event.personKey === 'b'
          ? Object.defineProperty({ ...event }, 'source', {
              get: () => {
                throw new Error('unreadable');
              },
            })
          : event,
      );
    },
  };
  const reader = await makeReader(bench, { clock, log });
  const running = reader.run();
  await until(() => clock.sleeperCount === 1);
  expect(arrived(vendor)).toEqual([]);
  await clock.advance(1_000);
  await until(() => arrived(vendor).length === 2);
  reader.stop();
  await running;
  expect(arrived(vendor).sort((a, b) => a - b)).toEqual([1, 2]);
});

test('a reader with a key parked for long sleeps as an idle one does', async () => {
  const clock = makeManualClock(systemClock.now());
  const vendor = await startLocalVendor(() => ({ status: 503, headers: { 'retry-after': '3600' } }));
  const bench = await makeDeliveryBench(database.pool, vendor, makeTestConnector());
  await bench.log.append([anEvent('a', 1)]);
  const reader = await makeReader(bench, { clock });
  const running = reader.run();
  await until(async () => (await bench.count('parked')) === 1);
  const { sleepCount } = clock;
  await clock.advance(600_000);
  expect(clock.sleepCount - sleepCount).toBeLessThanOrEqual(22);
  expect(vendor.requests.length).toBe(1);
  reader.stop();
  await running;
});

test('while the vendor is down, the backlog stays in the log and single inputs probe', async () => {
  let isDown = true;
  const vendor = await startLocalVendor(() => (isDown ? { status: 503 } : ok()));
  const bench = await makeDeliveryBench(
    database.pool,
    vendor,
    makeTestConnector({ concurrent: 2, batch: { maxItems: 10 } }),
  );
  await bench.log.append(range(500).map((n) => anEvent(`person-${String(n)}`, n)));
  await bench.startWorker({ schedule: { attemptsMax: 100, firstWaitMs: 20, factor: 1 } });
  await until(async () => (await bench.count('attempts')) >= 3);
  // Three batches opened the breaker, and at most what was in flight beside them was parked too.
  expect(await bench.count('parked')).toBeLessThanOrEqual(50);
  const sizes = vendor.requests.map(({ text }) => (JSON.parse(text) as unknown[]).length);
  expect(sizes.slice(5).every((size) => size === 1)).toBe(true);
  isDown = false;
  await until(
    async () =>
      (await bench.count('parked')) === 0 && (await bench.cursor()).position === (await bench.log.head()),
    {
      timeoutMs: 10_000,
    },
  );
  expect(await bench.count('dead_letters')).toBe(0);
});

test('connections to PostgreSQL that break in the middle cost time and no event', async () => {
  const vendor = await startLocalVendor(ok);
  const bench = await makeDeliveryBench(database.pool, vendor, makeTestConnector({ concurrent: 2 }));
  await bench.startWorker();
  const values = range(200);
  const breakAll = `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`;
  for (const value of values) {
    await until(async () => {
      await bench.log.append([anEvent(`person-${String(value % 7)}`, value, { type: 'track' })]);
      return true;
    });
    if (value % 50 === 25) await database.pool.query(breakAll).catch(() => undefined);
  }
  await until(async () => (await bench.cursor()).position === (await bench.log.head()), {
    timeoutMs: 15_000,
  });
  await until(async () => (await bench.count('parked')) === 0);
  expect(new Set(arrived(vendor))).toEqual(new Set(values));
});

test('an order key with characters that PostgreSQL cannot keep does not stop the reader', async () => {
  const vendor = await startLocalVendor(() => ({ status: 200, body: [{ kind: 'retry' }] }));
  const bench = await makeDeliveryBench(database.pool, vendor, makeTestConnector());
  await bench.log.append([anEvent('x', 1)]);
  // Ingest refuses such text, but a mapping may cut a name in the middle of a character.
  await database.pool.query(`update events set body = $2 where workspace_id = $1`, [
    bench.workspaceId,
    String.raw`{"key":"a\u0000b\ud83d","value":1}`,
  ]);
  await bench.startWorker();
  await until(async () => (await bench.count('dead_letters')) === 1);
  expect((await bench.cursor()).position).toBe(await bench.log.head());
});

test('events that are read again after a crash do not make parked inputs forget their attempts', async () => {
  const vendor = await startLocalVendor(() => ({ status: 200, body: [{ kind: 'retry' }] }));
  const bench = await makeDeliveryBench(database.pool, vendor, makeTestConnector());
  await bench.log.append([anEvent('a', 1, { type: 'track' })]);
  const first = await bench.startWorker({ schedule: { attemptsMax: 9, firstWaitMs: 1e9, factor: 1 } });
  await until(async () => (await bench.count('parked', 'attempt_count = 1')) === 1);
  await first.stop();
  await database.pool.query(`update cursors set position = 0 where workspace_id = $1`, [bench.workspaceId]);
  await bench.startWorker();
  await until(async () => (await bench.cursor()).position === (await bench.log.head()));
  expect(await bench.count('parked', 'attempt_count = 1 and due_at is not null and fault is not null')).toBe(
    1,
  );
  expect(vendor.requests.length).toBe(1);
});

test('a worker that stops sends nothing twice, although a slow key holds the cursor back', async () => {
  const gate = makeGate();
  const vendor = await startLocalVendor(async ({ text }) => {
    if (text.includes('slow')) await gate.opened;
    return ok();
  });
  const bench = await makeDeliveryBench(database.pool, vendor, makeTestConnector({ concurrent: 2 }));
  const first = await bench.startWorker();
  await bench.log.append([
    anEvent('slow', 0, { type: 'track' }),
    anEvent('slow', 1, { type: 'track' }),
    ...range(10).map((n) => anEvent('quick', n + 2, { type: 'track' })),
  ]);
  await until(() => arrived(vendor).length === 11);
  const stopped = first.stop();
  gate.open();
  await stopped;
  await bench.startWorker();
  await until(async () => (await bench.cursor()).position === (await bench.log.head()));
  expect([...arrived(vendor)].sort((a, b) => a - b)).toEqual(range(12));
});

test('a mapping that failed is told and is a dead letter once, although a slow key holds the cursor back', async () => {
  const gate = makeGate();
  const vendor = await startLocalVendor(async () => {
    await gate.opened;
    return ok();
  });
  const bench = await makeDeliveryBench(database.pool, vendor, makeTestConnector());
  const events = [0, 1].map((n) => anEvent('slow', n, { type: 'track' }));
  const failing = anEvent('other', 2, { type: 'track', more: { map: 'throw' } });
  await bench.log.append([...events, failing]);
  const told: unknown[] = [];
  const observer: DeliveryObserver = {
    ...SILENT_OBSERVER,
    failed: ({ flow, dead, fault }) => {
      told.push([flow, dead.map(({ eventId }) => eventId), fault.code]);
    },
  };
  const first = await makeReader(bench, { observer });
  const running = first.run();
  await until(() => vendor.openCount === 1);
  await until(async () => (await bench.count('dead_letters')) === 1);
  first.stop();
  gate.open();
  await running;
  expect((await bench.cursor()).position).toBeLessThan(await bench.log.head());
  expect(told).toEqual([['test/tell', [failing.id], 'delivery.mapping_failed']]);
  await database.pool.query('delete from workers where workspace_id = $1', [bench.workspaceId]);
  await bench.startWorker();
  await until(async () => (await bench.cursor()).position === (await bench.log.head()));
  expect(await bench.count('dead_letters')).toBe(1);
});
