import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { withDatabase } from '../../../test/support/database.ts';
import { anEvent, makeDeliveryBench } from '../../../test/support/delivery-bench.ts';
import type { DeliveryBench } from '../../../test/support/delivery-bench.ts';
import { startLocalVendor } from '../../../test/support/local-vendor.ts';
import { makeTestConnector } from '../../../test/support/test-connector.ts';
import type { TestInput } from '../../../test/support/test-connector.ts';
import { until } from '../../../test/support/until.ts';
import { systemClock } from '../../kernel/clock.ts';
import type { NewEvent } from '../../kernel/event.ts';
import { saveReplayProgress } from '../../store/queries/replay-cursors.ts';
import { listRunningReplays } from '../../store/queries/replays.ts';
import { withTransaction } from '../../store/transaction.ts';
import type { ReplayFilter } from './replay-filter.ts';
import { ReplayLane } from './replay-lane.ts';
import type { ReplayWorks } from './replay-works.ts';
import { getReplay, pauseReplay, resumeReplay, startReplay } from './replays.ts';

const database = withDatabase();

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** A log whose events were all delivered, as its cursor says; no worker runs. */
async function makeLog(events: readonly NewEvent[]) {
  const vendor = await startLocalVendor(() => ({ status: 200 }));
  const bench = await makeDeliveryBench(database.pool, vendor, makeTestConnector());
  await bench.log.append(events);
  await database.pool.query(`update cursors set position = $2 where workspace_id = $1`, [
    bench.workspaceId,
    await bench.log.head(),
  ]);
  const start = (filter: ReplayFilter = {}) =>
    startReplay(database.pool, systemClock, { connection: bench.connection, filter });
  const find = (id: number) => getReplay(database.pool, systemClock, bench.workspaceId, id);
  return { bench, start, find };
}

async function openLane(bench: DeliveryBench, slots = bench.key.slots): Promise<ReplayLane> {
  const [replay] = await listRunningReplays(database.pool, bench.key);
  if (replay === undefined) throw new Error('No replay runs.');
  return ReplayLane.open({
    pool: database.pool,
    clock: systemClock,
    connection: bench.connection,
    key: { ...bench.key, slots },
    replay,
    done: [],
  });
}

/** Everything of a page is delivered at once. */
function deliver(lane: ReplayLane, { works }: ReplayWorks): readonly number[] {
  for (const { parts } of works) {
    lane.settled('delivered', parts);
    for (const { position } of parts) lane.lane.finish(position);
  }
  return works.flatMap(({ input }) => (input as TestInput).values);
}

async function save(lane: ReplayLane): Promise<void> {
  await withTransaction(database.pool, (tx) => saveReplayProgress(tx, lane.progress()));
}

async function loadAll(lane: ReplayLane, liveReadPosition: number, limit = 200): Promise<readonly number[]> {
  const values: number[] = [];
  while (!lane.isExhausted) values.push(...deliver(lane, await lane.load(liveReadPosition, limit)));
  return values;
}

const track = (key: string, value: number) => anEvent(key, value, { type: 'track' });

test('a lane that was not saved repeats from its watermark, and skips nothing', async () => {
  const { bench, start, find } = await makeLog(range(30).map((n) => track('a', n)));
  const { id } = await start();
  const head = await bench.log.head();
  const first = await openLane(bench);
  deliver(first, await first.load(head, 10));
  await save(first);
  // Read but not finished: the next owner reads it again.
  const lost = await first.load(head, 10);
  expect(lost.works.length).toBe(10);
  await save(first);
  expect(await find(id)).toMatchObject({ status: 'running', deliveredCount: 10 });
  const second = await openLane(bench);
  expect(await loadAll(second, head)).toEqual(range(20).map((n) => n + 10));
  await save(second);
  expect(await find(id)).toMatchObject({ status: 'done', share: 1, deliveredCount: 30 });
});

test('whatever the shards are cut into meanwhile, each event is replayed, and what is saved not again', async () => {
  const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 63 }), { maxLength: 4 }).map((borders) => {
    const all = [0, ...borders.sort((a, b) => a - b), 64];
    return all.slice(1).map((to, index) => ({ from: all[index] ?? 0, to }));
  });
  const { bench, start, find } = await makeLog(range(40).map((n) => track(`key-${String(n)}`, n)));
  const head = await bench.log.head();
  await fc.assert(
    fc.asyncProperty(fc.array(cuts, { minLength: 1, maxLength: 4 }), async (generations) => {
      const { id } = await start();
      const seen: number[] = [];
      for (const shards of generations) {
        for (const slots of shards) {
          const lane = await openLane(bench, slots);
          seen.push(...deliver(lane, await lane.load(head, 3)));
          await save(lane);
        }
        if ((await find(id)).status === 'done') break;
      }
      if ((await find(id)).status !== 'done') {
        const lane = await openLane(bench);
        seen.push(...(await loadAll(lane, head, 3)));
        await save(lane);
      }
      expect(seen.sort((a, b) => a - b)).toEqual(range(40));
      expect(await find(id)).toMatchObject({ status: 'done', deliveredCount: 40 });
    }),
    { numRuns: 15 },
  );
});

test('a page is made smaller until what came later fits, and a person with too much of it is left out', async () => {
  const many = range(2_100).map((n) => anEvent('many', n));
  const { bench, start } = await makeLog([anEvent('few', 0), ...many, anEvent('few', 1)]);
  await start();
  const head = await bench.log.head();
  const lane = await openLane(bench);
  const works: ReplayWorks['works'][number][] = [];
  const reasons: string[] = [];
  while (!lane.isExhausted) {
    const page = await lane.load(head, 200);
    deliver(lane, page);
    works.push(...page.works);
    reasons.push(...page.unsent.flatMap(({ outcome }) => (outcome.kind === 'skipped' ? outcome.reason : [])));
  }
  expect(works.find(({ key }) => key === 'put few')?.input).toEqual({ key: 'few', values: [0, 1] });
  const sent = works.filter(({ key }) => key === 'put many').flatMap(({ parts }) => parts).length;
  expect(sent).toBe(2_000);
  expect(reasons.length).toBe(100);
  expect(reasons[0]).toContain('Too many events of the same person came later');
});

test('an input that was given up is not put on top of an older one', async () => {
  const { bench, start } = await makeLog(range(3).map((n) => anEvent('a', n)));
  const head = await bench.log.head();
  const [, second] = await bench.log.read({ position: 0 }, 3);
  await database.pool.query(
    `insert into dead_letters (workspace_id, connection, slot, flow, action, order_key, position, event_id, event_type, input, attempt_count, fault)
     values ($1, 'vendor', 0, 'test/put', 'put', 'put a', $2, 'e', 'identify', '{}', 1, '{}')`,
    [bench.workspaceId, second?.position],
  );
  await start({ event: (await bench.log.read({ position: 0 }, 1))[0]?.id });
  const { works } = await (await openLane(bench)).load(head, 10);
  expect(works.map(({ input }) => input)).toEqual([{ key: 'a', values: [0, 2] }]);
});

test('an event known by the address alone finds what came later for the person with that address', async () => {
  const byId = (value: number): NewEvent => ({ ...anEvent('ada@x.io', value), personKey: 'ada' });
  const { bench, start } = await makeLog([byId(0), anEvent('ada@x.io', 1), byId(2)]);
  const head = await bench.log.head();
  await start();
  const { works } = await (await openLane(bench)).load(head, 1);
  expect(works.map(({ input }) => input)).toEqual([{ key: 'ada@x.io', values: [0, 1, 2] }]);
});

test('a lane whose live reader has yet to pass what an earlier owner finished counts that as having come', async () => {
  const { bench, start } = await makeLog(range(3).map((n) => anEvent('a', n)));
  await start();
  const [replay] = await listRunningReplays(database.pool, bench.key);
  const [first, , third] = await bench.log.read({ position: 0 }, 3);
  if (replay === undefined || first === undefined || third === undefined) throw new Error('They are there.');
  const lane = await ReplayLane.open({
    pool: database.pool,
    clock: systemClock,
    connection: bench.connection,
    key: bench.key,
    replay,
    done: [{ slotFrom: 0, slotTo: 64, first: third.position, last: third.position }],
  });
  const { works } = await lane.load(first.position, 1);
  expect(works.map(({ input }) => input)).toEqual([{ key: 'a', values: [0, 2] }]);
  expect(works[0]?.parts[0].place).toBe(third.position);
});

test('a replay that was paused when its last input arrived is done when it is resumed', async () => {
  const { bench, start } = await makeLog([track('a', 0)]);
  const { id } = await start();
  const lane = await openLane(bench);
  const page = await lane.load(await bench.log.head(), 10);
  await pauseReplay(database.pool, systemClock, bench.workspaceId, id);
  deliver(lane, page);
  await save(lane);
  const resumed = await resumeReplay(database.pool, systemClock, bench.workspaceId, id);
  expect(resumed).toMatchObject({ status: 'done', deliveredCount: 1 });
});

test('the other shards hear of it when a replay is done, since the next one may start', async () => {
  const { bench, start } = await makeLog([track('a', 0)]);
  await start();
  const lane = await openLane(bench);
  deliver(lane, await lane.load(await bench.log.head(), 10));
  let heardCount = 0;
  const listener = await database.pool.connect();
  onTestFinished(() => {
    listener.release(true);
  });
  listener.on('notification', ({ payload }) => {
    if (payload === `control:${String(bench.workspaceId)}:`) heardCount += 1;
  });
  await listener.query('listen linchpin');
  await save(lane);
  await until(() => heardCount === 1);
});

test('a replay of an empty log is done at once, and one of a connection that was never read is refused', async () => {
  const { bench, start } = await makeLog([]);
  expect(await start()).toMatchObject({ status: 'done', share: 1 });
  await database.pool.query(`delete from cursors where workspace_id = $1`, [bench.workspaceId]);
  await expect(start()).rejects.toMatchObject({ code: 'replay.connection_never_read' });
});
