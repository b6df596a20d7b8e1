import type { Pool } from 'pg';
import { expect, test } from 'vitest';
import { makeDatabase, withDatabase } from '../../test/support/database.ts';
import { dawdle } from '../../test/support/dawdle.ts';
import { aNewEventRow } from '../../test/support/an-event-row.ts';
import { until } from '../../test/support/until.ts';
import { appendEvents } from './queries/events.ts';
import { ensureWorkspace } from './queries/workspaces.ts';
import type { Db } from './db.ts';

const database = withDatabase();
let workspaceCount = 0;

function makeWorkspace(): Promise<number> {
  workspaceCount += 1;
  return ensureWorkspace(database.pool, `workspace-${String(workspaceCount)}`);
}

function append(db: Db, workspaceId: number, ids: readonly string[]) {
  return appendEvents(
    db,
    workspaceId,
    ids.map((messageId) => aNewEventRow({ messageId })),
  );
}

async function readIds(
  pool: Pool,
  workspaceId: number,
  after = 0,
): Promise<{ position: number; id: string }[]> {
  const { rows } = await pool.query<{ position: number; id: string }>(
    'select position, message_id as id from events where workspace_id = $1 and position > $2 order by position',
    [workspaceId, after],
  );
  return rows;
}

test('events get positions in the order they were given', async () => {
  const workspaceId = await makeWorkspace();
  const ids = Array.from({ length: 500 }, (_, index) => `m${String(index)}`);
  expect(await append(database.pool, workspaceId, ids)).toEqual({ appendedCount: 500, duplicateIds: [] });
  expect((await readIds(database.pool, workspaceId)).map(({ id }) => id)).toEqual(ids);
});

test('an id that the workspace has today is dropped and named, its neighbours stay', async () => {
  const workspaceId = await makeWorkspace();
  await append(database.pool, workspaceId, ['a']);
  expect(await append(database.pool, workspaceId, ['a', 'b'])).toEqual({
    appendedCount: 1,
    duplicateIds: ['a'],
  });
  expect(await append(database.pool, workspaceId, ['a', 'b'])).toEqual({
    appendedCount: 0,
    duplicateIds: ['a', 'b'],
  });
});

test('another workspace may have the same id', async () => {
  const [one, two] = [await makeWorkspace(), await makeWorkspace()];
  await append(database.pool, one, ['a']);
  expect(await append(database.pool, two, ['a'])).toMatchObject({ appendedCount: 1 });
});

test('an id of yesterday is a duplicate too, one of the day before is not', async () => {
  const workspaceId = await makeWorkspace();
  const insert = (id: string, daysAgo: number) =>
    database.pool.query(
      `insert into events (workspace_id, day, slot, message_id, source, type, person_key, occurred_at, received_at, body)
       values ($1, (now() at time zone 'utc')::date - $3::integer, 0, $2, 's', 'track', 'k', now(), now(), '{}')`,
      [workspaceId, id, daysAgo],
    );
  await insert('yesterday', 1);
  await database.pool.query(
    `do $$ begin execute format('create table if not exists events_two_days_ago partition of events for values from (%L) to (%L)',
       (now() at time zone 'utc')::date - 2, (now() at time zone 'utc')::date - 1); end $$`,
  );
  await insert('older', 2);
  expect(await append(database.pool, workspaceId, ['yesterday', 'older'])).toEqual({
    appendedCount: 1,
    duplicateIds: ['yesterday'],
  });
});

test('of copies that arrive at once exactly one is kept', async () => {
  const workspaceId = await makeWorkspace();
  const ids = ['a', 'b', 'c'];
  const receipts = await Promise.all(
    Array.from({ length: 10 }, () => append(database.pool, workspaceId, ids)),
  );
  expect(receipts.reduce((sum, { appendedCount }) => sum + appendedCount, 0)).toBe(3);
  expect((await readIds(database.pool, workspaceId)).map(({ id }) => id)).toEqual(ids);
});

test('a copy that waits for a commit sees it, and for a rollback is kept', async () => {
  const workspaceId = await makeWorkspace();
  for (const [end, kept] of [
    ['commit', 0],
    ['rollback', 1],
  ] as const) {
    const first = await database.pool.connect();
    await first.query('begin');
    await append(first, workspaceId, [end]);
    const second = append(database.pool, workspaceId, [end]);
    await until(someoneWaits);
    await first.query(end);
    first.release();
    expect((await second).appendedCount).toBe(kept);
  }
});

async function someoneWaits(): Promise<boolean> {
  const { rows } = await database.pool.query<{ n: number }>(
    `select count(*)::integer as n from pg_locks l join pg_database d on d.oid = l.database
     where d.datname = current_database() and l.locktype = 'advisory' and l.classid = 1 and not l.granted`,
  );
  return (rows[0]?.n ?? 0) > 0;
}

test('an append of another workspace never waits for a slow one', async () => {
  const [slow, other] = [await makeWorkspace(), await makeWorkspace()];
  const client = await database.pool.connect();
  await client.query('begin');
  await append(client, slow, ['a']);
  expect(await append(database.pool, other, ['b'])).toMatchObject({ appendedCount: 1 });
  await client.query('rollback');
  client.release();
});

test('a reader that follows its cursor sees every event, however late its transaction commits', async () => {
  const { pool, close } = await makeDatabase();
  const workspaceId = await ensureWorkspace(pool, 'acme');
  const writers = 4;
  const perWriter = 40;
  let running = writers;
  const write = async (writer: number): Promise<void> => {
    for (let index = 0; index < perWriter; index += 1) {
      const client = await pool.connect();
      await client.query('begin');
      // Before and after the append, so that transactions begin, append and commit in any order.
      await dawdle(client);
      await append(client, workspaceId, [`${String(writer)}-${String(index)}`]);
      await dawdle(client);
      await client.query(index % 10 === 9 ? 'rollback' : 'commit');
      client.release();
    }
    running -= 1;
  };
  const seen: string[] = [];
  const read = async (): Promise<void> => {
    let cursor = 0;
    for (;;) {
      const isLast = running === 0;
      const rows = await readIds(pool, workspaceId, cursor);
      seen.push(...rows.map(({ id }) => id));
      cursor = rows.at(-1)?.position ?? cursor;
      if (isLast && rows.length === 0) return;
    }
  };
  await Promise.all([...Array.from({ length: writers }, (_, writer) => write(writer)), read()]);
  expect(seen).toHaveLength(writers * perWriter * 0.9);
  expect(seen).toEqual((await readIds(pool, workspaceId)).map(({ id }) => id));
  await close();
});
