import fc from 'fast-check';
import { expect, test } from 'vitest';
import { startReplay } from '../../src/delivery/index.ts';
import type { Worker } from '../../src/delivery/index.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { makePool } from '../../src/store/pool.ts';
import { sendSignal } from '../../src/store/signals.ts';
import { withDatabase } from '../support/database.ts';
import { anEvent, makeDeliveryBench } from '../support/delivery-bench.ts';
import type { DeliveryBench } from '../support/delivery-bench.ts';
import { makePausable } from '../support/pausable-pool.ts';
import type { PausablePool } from '../support/pausable-pool.ts';
import { makeRecordedLog } from '../support/recorded-log.ts';
import { makeTestConnector } from '../support/test-connector.ts';
import { until } from '../support/until.ts';
import { Dice } from './dice.ts';
import { OrderVendor } from './order-vendor.ts';

const database = withDatabase();

const WORKERS = 4;
const KEYS = Array.from({ length: 12 }, (_none, index) => `person-${String(index)}`);
// Longer than a lease (7 s) and the look that follows it, so that a worker that stands still is replaced meanwhile.
const PAUSE_MS = 9_500;
const APPEND_EVERY_MS = 50;
const WAIT = { timeoutMs: 40_000 };
const SCHEDULE = { attemptsMax: 1_000, firstWaitMs: 30, factor: 1 };

interface Deed {
  readonly atMs: number;
  readonly kind: 'shards' | 'bounce' | 'pause' | 'control' | 'replay';
  readonly worker: number;
  readonly shards: number;
  readonly forMs: number;
}

interface Member {
  readonly worker: Worker;
  readonly link: PausablePool;
}

interface Story {
  readonly sendingMs: number;
  /** Whether a call may take effect and its answer be lost. */
  readonly losesAnswers: boolean;
}

// One for each worker, before anything happens.
const SHARDS_FIRST = { kind: 'shards', atMs: 0, worker: 0, shards: WORKERS, forMs: 0 } as const;

const deed = (withinMs: number, ...kinds: readonly Deed['kind'][]): fc.Arbitrary<Deed> =>
  fc.record({
    atMs: fc.integer({ min: 200, max: withinMs }),
    kind: fc.constantFrom(...kinds),
    worker: fc.nat(WORKERS - 1),
    shards: fc.integer({ min: 1, max: 2 * WORKERS }),
    forMs: fc.integer({ min: 300, max: 3_000 }),
  });

/** One worker stands still for longer than its lease. */
const longPause = deed(2_000, 'pause').map((each) => ({ ...each, forMs: PAUSE_MS }));

// Each run takes the time of a lease: what fails is shown as it is, and not made smaller first.
const ONCE_OR_TWICE = { numRuns: 2, endOnFailure: true };

test('four workers that come, go and share out the shards anew never send an older value after a newer one', async () => {
  const script = fc.array(deed(4_500, 'shards', 'bounce', 'control', 'replay'), {
    minLength: 5,
    maxLength: 8,
  });
  await fc.assert(everyRun({ sendingMs: 5_000, losesAnswers: false }, script), ONCE_OR_TWICE);
});

test('workers that stand still beyond their lease, and wake up, leave no stale value and have no two calls for one key', async () => {
  const others = fc.array(deed(12_000, 'pause', 'shards', 'bounce', 'replay'), { maxLength: 6 });
  const script = fc
    .tuple(longPause, others)
    .map(([first, more]) => [first, ...more.filter(({ worker }) => worker !== first.worker)]);
  await fc.assert(everyRun({ sendingMs: 14_000, losesAnswers: true }, script), ONCE_OR_TWICE);
});

function everyRun(
  story: Story,
  script: fc.Arbitrary<readonly Deed[]>,
): fc.IAsyncProperty<[number, readonly Deed[]]> {
  const throws = fc.integer({ min: 1, max: 2 ** 31 });
  return fc.asyncProperty(throws, script, (dice, deeds) => play(story, new Dice(dice), deeds));
}

async function play({ sendingMs, losesAnswers }: Story, dice: Dice, script: readonly Deed[]): Promise<void> {
  const vendor = new OrderVendor({ dice, losesAnswers });
  const connector = makeTestConnector({ batch: { maxItems: 4, lingerMs: 2 } });
  const bench = await makeDeliveryBench(database.pool, await vendor.listen(), connector);
  const members: Member[] = [];
  for (let number = 0; number < WORKERS; number += 1) members.push(await join(bench, number));

  await act(bench, members, SHARDS_FIRST);
  const sending = append(bench, vendor, dice, sendingMs);
  const doing = script.map(async (each) => {
    await systemClock.sleep(each.atMs);
    await act(bench, members, each);
  });
  await Promise.all([sending, ...doing]);
  for (const { link } of members) link.resume();
  vendor.calm();
  const { judge } = vendor;
  await until(() => judge.openCount() + judge.staleCount() === 0, { ...WAIT, what: 'everything to arrive' });
  await until(() => isSettled(bench), { ...WAIT, what: 'everything to be on record' });
  for (const { worker } of members) await worker.stop();

  expect(judge.verdict()).toMatchObject({ lost: 0, overlaps: 0, overtaken: 0, stale: 0 });
  // With every answer heard and every hand-over in order, nothing needs to be sent again.
  if (!losesAnswers) expect(judge.regressionCount).toBe(0);
}

async function join(bench: DeliveryBench, number: number): Promise<Member> {
  const pool = makePool({
    connectionString: database.connectionString,
    applicationName: `worker ${String(number)}`,
    connectionsMax: 4,
    log: makeRecordedLog(),
  });
  const link = makePausable(pool);
  const worker = await bench.startWorker({
    owner: `worker ${String(number)}`,
    schedule: SCHEDULE,
    pool: link.pool,
  });
  return { worker, link };
}

async function append(
  bench: DeliveryBench,
  vendor: OrderVendor,
  dice: Dice,
  sendingMs: number,
): Promise<void> {
  const values = new Map<string, number>();
  for (const endMs = systemClock.now() + sendingMs; systemClock.now() < endMs;) {
    const keys = KEYS.filter(() => dice.next() < 0.4);
    const events = keys.map((key) => ({ key, value: (values.get(key) ?? 0) + 1 }));
    await bench.log.append(
      events.flatMap(({ key, value }) => [anEvent(key, value), anEvent(key, value, { type: 'track' })]),
    );
    for (const { key, value } of events) {
      values.set(key, value);
      vendor.expect('/put', key, value);
      vendor.expect('/tell', key, value);
    }
    await systemClock.sleep(APPEND_EVERY_MS);
  }
}

async function act(
  bench: DeliveryBench,
  members: Member[],
  { kind, worker: at, shards, forMs }: Deed,
): Promise<void> {
  const member = members[at];
  if (member === undefined) throw new RangeError(`There is no worker ${String(at)}.`);
  switch (kind) {
    case 'pause':
      member.link.pause();
      await systemClock.sleep(forMs);
      member.link.resume();
      return;
    case 'bounce':
      // One that stands still cannot be stopped in order.
      member.link.resume();
      await member.worker.stop();
      members[at] = await join(bench, at);
      return;
    case 'shards':
      await database.pool.query(
        `update connections set delivery = jsonb_build_object('shards', $2::integer) where workspace_id = $1`,
        [bench.workspaceId, shards],
      );
      await sendSignal(database.pool, 'control', bench.workspaceId);
      return;
    case 'control':
      await sendSignal(database.pool, 'control', bench.workspaceId);
      return;
    case 'replay':
      // What is event-like is meant to come again; of what is merged, only the newest may.
      await startReplay(database.pool, systemClock, {
        connection: bench.connection,
        filter: { flow: 'test/put' },
        rateShare: 1,
      });
  }
}

async function isSettled(bench: DeliveryBench): Promise<boolean> {
  const { rows } = await database.pool.query<{ behind: number }>(
    `select count(*)::integer as behind from cursors c join events e on e.workspace_id = c.workspace_id
       and e.slot >= c.slot_from and e.slot < c.slot_to and e.position > c.position where c.workspace_id = $1`,
    [bench.workspaceId],
  );
  const { rows: replays } = await database.pool.query(
    `select from replays where workspace_id = $1 and status <> 'done'`,
    [bench.workspaceId],
  );
  return rows[0]?.behind === 0 && replays.length === 0 && (await bench.count('parked')) === 0;
}
