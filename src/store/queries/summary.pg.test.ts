import { beforeAll, expect, test } from 'vitest';
import { aNewEventRow } from '../../../test/support/an-event-row.ts';
import { withDatabase } from '../../../test/support/database.ts';
import { insertFlow } from '../../../test/support/insert-flow.ts';
import { appendEvents } from './events.ts';
import { emptyStore, listProgress } from './summary.ts';
import type { ReaderProgress } from './summary.ts';
import { ensureWorkspace } from './workspaces.ts';

const database = withDatabase();
let workspaceId: number;
let positions: readonly number[];

// Every eighth event is in slot 40, the others in slot 3.
const EVENT_COUNT = 24_000;
const isLate = (index: number): boolean => index % 8 === 0;

beforeAll(async () => {
  workspaceId = await ensureWorkspace(database.pool, 'acme');
  await insertFlow(database.pool, workspaceId, 'hubspot', 'hubspot/identify');
  const receivedAt = new Date(Date.now() - 600_000).toISOString();
  for (let from = 0; from < EVENT_COUNT; from += 4_000) {
    const rows = Array.from({ length: 4_000 }, (_, index) =>
      aNewEventRow({
        messageId: String(from + index),
        slot: isLate(from + index) ? 40 : 3,
        receivedAt,
        body: '{}',
      }),
    );
    await appendEvents(database.pool, workspaceId, rows);
  }
  const { rows } = await database.pool.query<{ position: number }>(
    'select position from events order by position',
  );
  positions = rows.map(({ position }) => position);
});

async function progressOf(behind: number, slots = { from: 0, to: 64 }): Promise<ReaderProgress | undefined> {
  const cursor = positions.at(-1 - behind) ?? 0;
  await database.pool.query('delete from cursors');
  await database.pool.query(
    `insert into cursors (workspace_id, connection, shard, position, slot_from, slot_to) values ($1, 'hubspot', 0, $2, $3, $4)`,
    [workspaceId, cursor, slots.from, slots.to],
  );
  return (await listProgress(database.pool, workspaceId))[0];
}

test('a reader at the end of the log is not behind', async () => {
  expect(await progressOf(0)).toEqual({
    connection: 'hubspot',
    isRead: true,
    behind: 0,
    isExact: true,
    behindSeconds: 0,
    parked: 0,
    deadLetters: 0,
    shardCount: 1,
    ownedCount: 0,
  });
});

test('below ten thousand events the lag is exact, and its age is that of the oldest of them', async () => {
  const progress = await progressOf(9_000);
  expect(progress).toMatchObject({ behind: 9_000, isExact: true });
  expect(progress?.behindSeconds).toBeGreaterThan(590);
  expect(progress?.behindSeconds).toBeLessThan(900);
});

test('beyond, the lag is estimated from positions, and says so', async () => {
  const progress = await progressOf(23_000);
  expect(progress?.isExact).toBe(false);
  expect(progress?.behind).toBeGreaterThan(22_000);
  expect(progress?.behind).toBeLessThan(24_000);
});

test('a shard counts the events of its own slots only', async () => {
  expect(await progressOf(8_000, { from: 32, to: 64 })).toMatchObject({ behind: 1_000, isExact: true });
  const estimate = (await progressOf(23_000, { from: 32, to: 64 }))?.behind;
  expect(estimate).toBeGreaterThan(2_700);
  expect(estimate).toBeLessThan(3_100);
  expect(await progressOf(8_000, { from: 50, to: 64 })).toMatchObject({ behind: 0, behindSeconds: 0 });
});

test('a connection to which no flow sends is told as not read, and is not behind', async () => {
  await progressOf(9_000);
  await database.pool.query(
    `insert into cursors (workspace_id, connection, shard, position) values ($1, 'unused', 0, 0)`,
    [workspaceId],
  );
  expect(await listProgress(database.pool, workspaceId)).toMatchObject([
    { connection: 'hubspot', isRead: true, behind: 9_000 },
    { connection: 'unused', isRead: false, behind: 0, isExact: true, behindSeconds: 0 },
  ]);
});

test('shards that a living worker owns are told from those that wait for one', async () => {
  await progressOf(0);
  await database.pool.query(
    `insert into workers (id, host, pid, process_mark, role, version) values ('w1', 'here', 1, 'm', 'all', '0')`,
  );
  await database.pool.query(
    `insert into cursors (workspace_id, connection, shard, position, owner) values ($1, 'hubspot', 1, 0, 'w1'), ($1, 'hubspot', 2, 0, 'dead')`,
    [workspaceId],
  );
  const [progress] = await listProgress(database.pool, workspaceId);
  expect(progress).toMatchObject({ shardCount: 3, ownedCount: 1 });
});

test('looking costs the same however long the backlog is', async () => {
  await progressOf(EVENT_COUNT - 1);
  const { rows } = await database.pool.query<{ 'QUERY PLAN': [{ Plan: { 'Actual Rows': number } }] }>(
    `explain (analyze, buffers, format json) select * from look_ahead($1, 0, 0::smallint, 64::smallint, 100)`,
    [workspaceId],
  );
  const plan = JSON.stringify(rows[0]);
  const blocks = Number(/"Shared Hit Blocks":\s*(\d+)/.exec(plan)?.[1]);
  expect(blocks).toBeLessThan(300);
});

test('an emptied store has forgotten every workspace and all that belonged to one', async () => {
  const { pool } = database;
  await progressOf(0);
  await emptyStore(pool);
  const { rows: tables } = await pool.query<{ name: string }>(
    `select relname as name from pg_class
     where relnamespace = current_schema::regnamespace and relkind in ('r', 'p') and not relispartition
       and relname <> 'migrations'`,
  );
  expect(tables).toContainEqual({ name: 'logins' });
  for (const { name } of tables) {
    const { rows } = await pool.query(`select from ${name} limit 1`);
    expect(rows, name).toEqual([]);
  }
  // Numbers begin anew as well, so that a demo shows the same day again.
  expect(await ensureWorkspace(pool, 'acme')).toBe(1);
});
