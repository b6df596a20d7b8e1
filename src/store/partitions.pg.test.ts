import { beforeEach, expect, test } from 'vitest';
import { withDatabase } from '../../test/support/database.ts';
import { dropExpiredPartitions, ensurePartitions, partitionSizes, toPartition } from './partitions.ts';
import { appendEvents } from './queries/events.ts';
import { ensureWorkspace } from './queries/workspaces.ts';

const DAY_MS = 86_400_000;
// Far from today, so that the partitions of the template are out of the way.
const NOW = Date.parse('2031-03-01T00:30:00Z');
const ALL_KEPT = { events: 9_999, attempts: 9_999, rejected: 9_999 };

const database = withDatabase();
let workspaceId: number;

beforeEach(async () => {
  workspaceId = await ensureWorkspace(database.pool, 'acme');
  await database.pool.query('delete from cursors');
  await database.pool.query('delete from parked');
  await dropExpiredPartitions(database.pool, { events: 1, attempts: 1, rejected: 1 }, NOW + 400 * DAY_MS);
});

async function insertEvent(day: string, position: number): Promise<void> {
  await database.pool.query(
    `insert into events (position, workspace_id, day, slot, message_id, source, type, person_key, occurred_at, received_at, body)
     values ($1::bigint, $2, $3, 0, $1::text, 'site', 'track', 'k', now(), now(), '{}')`,
    [position, workspaceId, day],
  );
}

async function setCursor(connection: string, position: number): Promise<void> {
  await database.pool.query(
    'insert into cursors (workspace_id, connection, shard, position) values ($1, $2, 0, $3)',
    [workspaceId, connection, position],
  );
}

async function eventDays(): Promise<readonly string[]> {
  return (await partitionSizes(database.pool))
    .filter(({ table }) => table === 'events')
    .map(({ day }) => day);
}

test('partitions reach from yesterday to the days ahead, and are made once', async () => {
  const made = await ensurePartitions(database.pool, NOW, 2);
  expect(made).toContain('events_p20310301');
  expect(await eventDays()).toEqual(['2031-02-28', '2031-03-01', '2031-03-02', '2031-03-03']);
  expect(made).toHaveLength(12);
  expect(await ensurePartitions(database.pool, NOW, 2)).toEqual([]);
});

test('ten workers that make partitions at once make each once', async () => {
  const made = await Promise.all(Array.from({ length: 10 }, () => ensurePartitions(database.pool, NOW, 3)));
  expect(new Set(made.flat()).size).toBe(made.flat().length);
  expect(made.flat()).toHaveLength(15);
});

test('making partitions waits for no writer', async () => {
  await ensurePartitions(database.pool, NOW, 0);
  const writer = await database.pool.connect();
  try {
    await writer.query('begin');
    await appendEvents(writer, workspaceId, []);
    await writer.query('lock table events in row exclusive mode');
    expect(await ensurePartitions(database.pool, NOW, 2)).toContain('events_p20310303');
  } finally {
    await writer.query('rollback');
    writer.release();
  }
});

test('a partition is like the table: the message id is unique in it, and its events are found', async () => {
  await ensurePartitions(database.pool, NOW, 0);
  await insertEvent('2031-03-01', 7);
  await expect(insertEvent('2031-03-01', 7)).rejects.toThrow('unique');
  const { rows } = await database.pool.query('select tableoid::regclass::text as partition from events');
  expect(rows).toEqual([{ partition: toPartition('events', NOW).name }]);
});

test('retention drops whole days that are older, of each table by its own count', async () => {
  await ensurePartitions(database.pool, NOW, 0);
  await ensurePartitions(database.pool, NOW + 5 * DAY_MS, 0);
  const { dropped, kept } = await dropExpiredPartitions(
    database.pool,
    { events: 5, attempts: 6, rejected: 999 },
    NOW + 5 * DAY_MS,
  );
  expect(dropped).toEqual(['events_p20310228']);
  expect(kept).toEqual([]);
  expect(await eventDays()).toEqual(['2031-03-01', '2031-03-05', '2031-03-06']);
});

test('a day that the slowest reader has not finished is kept, and dropped once it has', async () => {
  await ensurePartitions(database.pool, NOW, 0);
  await insertEvent('2031-03-01', 10);
  await insertEvent('2031-03-01', 20);
  await setCursor('hubspot', 20);
  await setCursor('slow', 19);
  const later = NOW + 100 * DAY_MS;
  const days = { ...ALL_KEPT, events: 1 };
  const first = await dropExpiredPartitions(database.pool, days, later);
  expect(first.dropped).toEqual(['events_p20310228']);
  expect(first.kept).toEqual([{ name: 'events_p20310301', reason: 'slow of acme has not finished it' }]);
  await database.pool.query(`update cursors set position = 20 where connection = 'slow'`);
  expect((await dropExpiredPartitions(database.pool, days, later)).dropped).toEqual(['events_p20310301']);
});

test('a day of which an event is parked is kept', async () => {
  await ensurePartitions(database.pool, NOW, 0);
  await insertEvent('2031-03-01', 10);
  await insertEvent('2031-03-01', 12);
  await setCursor('hubspot', 500);
  await database.pool.query(
    `insert into parked (workspace_id, connection, slot, flow, action, order_key, position, event_id, event_type, input, attempt_count)
     values ($1, 'hubspot', 0, 'f', 'a', 'k', 12, 'm', 'track', '{}', 1)`,
    [workspaceId],
  );
  const { kept } = await dropExpiredPartitions(database.pool, { ...ALL_KEPT, events: 1 }, NOW + 100 * DAY_MS);
  expect(kept).toEqual([{ name: 'events_p20310301', reason: 'hubspot of acme has not finished it' }]);
});

test('a partition in use is left for another time instead of holding up appends', async () => {
  await ensurePartitions(database.pool, NOW, 0);
  const reader = await database.pool.connect();
  try {
    await reader.query('begin');
    await reader.query('select count(*) from events');
    const { dropped, kept } = await dropExpiredPartitions(
      database.pool,
      { ...ALL_KEPT, events: 1 },
      NOW + 100 * DAY_MS,
    );
    expect(dropped).toEqual([]);
    expect(kept.map(({ reason }) => reason)).toEqual(['in use', 'in use']);
  } finally {
    await reader.query('rollback');
    reader.release();
  }
});

test('workers that drop at once drop each partition once and none fails', async () => {
  await ensurePartitions(database.pool, NOW, 5);
  const days = { events: 1, attempts: 1, rejected: 1 };
  await Promise.all(
    Array.from({ length: 5 }, () => dropExpiredPartitions(database.pool, days, NOW + 100 * DAY_MS)),
  );
  await dropExpiredPartitions(database.pool, days, NOW + 100 * DAY_MS);
  expect(await eventDays()).toEqual([]);
});

test('retention below a day is refused, because yesterday tells duplicates', async () => {
  await expect(dropExpiredPartitions(database.pool, { ...ALL_KEPT, events: 0 }, NOW)).rejects.toThrow(
    RangeError,
  );
});
