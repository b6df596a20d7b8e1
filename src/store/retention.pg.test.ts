import { beforeEach, expect, test } from 'vitest';
import { withDatabase } from '../../test/support/database.ts';
import { insertFlow } from '../../test/support/insert-flow.ts';
import { ensurePartitions, partitionSizes } from './partitions.ts';
import { ensureWorkspace } from './queries/workspaces.ts';
import { dropExpiredPartitions, FORGOTTEN_DAYS, listStoredDays } from './retention.ts';
import type { RetentionResult } from './retention.ts';

const DAY_MS = 86_400_000;
// Far from today, so that the partitions of the template are out of the way.
const NOW = Date.parse('2031-03-01T00:30:00Z');
const ALL_KEPT = { events: 9_999, attempts: 9_999, rejected: 9_999 };
const DAY = 'events_p20310301';

const database = withDatabase();
let workspaceId: number;

beforeEach(async () => {
  workspaceId = await ensureWorkspace(database.pool, 'acme');
  for (const table of ['cursors', 'parked', 'dead_letters', 'replays'])
    await database.pool.query(`delete from ${table}`);
  await dropExpiredPartitions(database.pool, { events: 1, attempts: 1, rejected: 1 }, NOW + 400 * DAY_MS);
  await ensurePartitions(database.pool, NOW, 0);
});

async function insertEvent(position: number, slot = 0): Promise<void> {
  await database.pool.query(
    `insert into events (position, workspace_id, day, slot, message_id, source, type, person_key, occurred_at, received_at, body)
     values ($1::bigint, $2, '2031-03-01', $3, $1::text, 'site', 'track', 'k', now(), now(), '{}')`,
    [position, workspaceId, slot],
  );
}

async function setCursor(connection: string, position: number, slots = { from: 0, to: 64 }): Promise<void> {
  await insertFlow(database.pool, workspaceId, connection, `to ${connection}`);
  await database.pool.query(
    'insert into cursors (workspace_id, connection, shard, position, slot_from, slot_to) values ($1, $2, $4, $3, $4, $5)',
    [workspaceId, connection, position, slots.from, slots.to],
  );
}

async function insertDeadLetter(position: number): Promise<void> {
  await database.pool.query(
    `insert into dead_letters (workspace_id, connection, slot, flow, action, order_key, position, event_id, event_type, input, attempt_count, fault)
     values ($1, 'hubspot', 0, 'f', 'a', 'k', $2, 'm', 'track', '{}', 1, '{}')`,
    [workspaceId, position],
  );
}

async function insertReplay(status: string, filter: object, from: number, to: number): Promise<number> {
  const { rows } = await database.pool.query<{ id: number }>(
    `insert into replays (workspace_id, connection, filter, priority, rate_share, status, from_position, to_position)
     values ($1, 'hubspot', $2, 'replay', 0.5, $3, $4, $5) returning id`,
    [workspaceId, filter, status, from, to],
  );
  return rows[0]?.id ?? 0;
}

/** Retention of a day for events, `daysLater` after the day of the test. */
function dropEvents(daysLater = 20): Promise<RetentionResult> {
  return dropExpiredPartitions(database.pool, { ...ALL_KEPT, events: 1 }, NOW + daysLater * DAY_MS);
}

test('whole days that are older are dropped, of each table by its own count', async () => {
  await ensurePartitions(database.pool, NOW + 5 * DAY_MS, 0);
  const { dropped, kept } = await dropExpiredPartitions(
    database.pool,
    { events: 5, attempts: 6, rejected: 999 },
    NOW + 5 * DAY_MS,
  );
  expect(dropped).toEqual(['duplicates_p20310228', 'events_p20310228']);
  expect(kept).toEqual([]);
  const left = (await partitionSizes(database.pool)).filter(({ table }) => table === 'events');
  expect(left.map(({ day }) => day)).toEqual(['2031-03-01', '2031-03-05', '2031-03-06']);
});

test('a day that the slowest reader has not finished is kept, and dropped once it has', async () => {
  await insertEvent(10);
  await insertEvent(20);
  await setCursor('hubspot', 20);
  await setCursor('slow', 19);
  const { dropped, kept } = await dropEvents();
  expect(dropped).not.toContain(DAY);
  expect(kept).toEqual([{ name: DAY, reason: 'slow of acme has not finished it' }]);
  await database.pool.query(`update cursors set position = 20 where connection = 'slow'`);
  expect((await dropEvents()).dropped).toEqual([DAY]);
});

test('a connection to which no flow sends keeps no day, however far behind its cursor stands', async () => {
  await insertEvent(10);
  await setCursor('hubspot', 10);
  await setCursor('unused', 0);
  await database.pool.query(`delete from flows where connection = 'unused'`);
  expect((await dropEvents()).dropped).toContain(DAY);
});

test('a shard that stays behind because nothing happens in its slots keeps no day', async () => {
  await insertEvent(10, 3);
  await insertEvent(20, 40);
  await setCursor('hubspot', 15, { from: 0, to: 32 });
  await setCursor('hubspot', 20, { from: 32, to: 64 });
  expect((await dropEvents()).dropped).toContain(DAY);
});

test('a day of which an input is parked is kept', async () => {
  await insertEvent(10);
  await insertEvent(12);
  await setCursor('hubspot', 500);
  await database.pool.query(
    `insert into parked (workspace_id, connection, slot, flow, action, order_key, place, position, event_id, event_type, input, attempt_count)
     values ($1, 'hubspot', 0, 'to hubspot', 'a', 'k', 12, 12, 'm', 'track', '{}', 1)`,
    [workspaceId],
  );
  expect((await dropEvents()).kept).toEqual([
    { name: DAY, reason: 'hubspot of acme has parked an input of it' },
  ]);
});

test('an input that is parked for a flow that is gone keeps no day', async () => {
  await insertEvent(10);
  await database.pool.query(
    `insert into parked (workspace_id, connection, slot, flow, action, order_key, place, position, event_id, event_type, input, attempt_count)
     values ($1, 'hubspot', 0, 'gone', 'a', 'k', 10, 10, 'm', 'track', '{}', 1)`,
    [workspaceId],
  );
  expect((await dropEvents()).dropped).toContain(DAY);
});

test('an open dead letter keeps its day for a month longer, and a closed one does not', async () => {
  await insertEvent(10);
  await insertDeadLetter(10);
  expect((await dropEvents(FORGOTTEN_DAYS)).kept).toEqual([
    { name: DAY, reason: 'hubspot of acme has an open dead letter of it' },
  ]);
  await database.pool.query(`update dead_letters set status = 'discarded'`);
  expect((await dropEvents(FORGOTTEN_DAYS)).dropped).toContain(DAY);
});

test('a forgotten dead letter does not keep its day for ever', async () => {
  await insertEvent(10);
  await insertDeadLetter(10);
  expect((await dropEvents(FORGOTTEN_DAYS + 2)).dropped).toContain(DAY);
});

test('a day that a running replay has still to read is kept, until the replay has passed it', async () => {
  await insertEvent(10);
  const id = await insertReplay('running', {}, 5, 100);
  const reason = `hubspot of acme is replaying it (replay ${String(id)})`;
  expect((await dropEvents(200)).kept).toEqual([{ name: DAY, reason }]);
  await database.pool.query(
    'insert into replay_cursors (replay_id, slot_from, slot_to, position, to_position) values ($1, 0, 64, 9, 100)',
    [id],
  );
  expect((await dropEvents(200)).kept).toEqual([{ name: DAY, reason }]);
  await database.pool.query('update replay_cursors set position = 10');
  expect((await dropEvents(200)).dropped).toContain(DAY);
});

test.each([
  { status: 'done', from: 0, to: 100 },
  { status: 'running', from: 10, to: 100 },
  { status: 'running', from: 0, to: 9 },
])('a replay that is $status from $from to $to needs no event at 10', async ({ status, from, to }) => {
  await insertEvent(10);
  await insertReplay(status, {}, from, to);
  expect((await dropEvents()).dropped).toContain(DAY);
});

test('attempts stay while a replay looks outcomes up in them', async () => {
  const id = await insertReplay('running', { outcomes: ['rejected'] }, 0, 100);
  const days = { ...ALL_KEPT, attempts: 1 };
  const drop = (): Promise<RetentionResult> => dropExpiredPartitions(database.pool, days, NOW + 20 * DAY_MS);
  const { dropped, kept } = await drop();
  expect(dropped).toEqual([]);
  expect(kept.at(0)?.reason).toBe(`hubspot of acme looks outcomes up in it (replay ${String(id)})`);
  await database.pool.query(`update replays set status = 'done'`);
  expect((await drop()).dropped).toContain('attempts_p20310301');
});

test('a partition in use is left for another time instead of holding up appends', async () => {
  const reader = await database.pool.connect();
  try {
    await reader.query('begin');
    await reader.query('select count(*) from events');
    const { dropped, kept } = await dropEvents();
    expect(dropped).not.toContain(DAY);
    expect(kept.map(({ reason }) => reason)).toEqual(['in use', 'in use']);
  } finally {
    await reader.query('rollback');
    reader.release();
  }
});

test('workers that drop at once drop each partition once and none fails', async () => {
  await ensurePartitions(database.pool, NOW, 5);
  const days = { events: 1, attempts: 1, rejected: 1 };
  const later = NOW + 100 * DAY_MS;
  await Promise.all(Array.from({ length: 5 }, () => dropExpiredPartitions(database.pool, days, later)));
  await dropExpiredPartitions(database.pool, days, later);
  expect(await partitionSizes(database.pool)).toEqual([]);
});

test('retention below a day is refused, because yesterday tells duplicates', async () => {
  await expect(dropExpiredPartitions(database.pool, { ...ALL_KEPT, events: 0 }, NOW)).rejects.toThrow(
    RangeError,
  );
});

test('the stored days are listed with their sizes and who needs them, empty ones left out', async () => {
  await insertEvent(10);
  await setCursor('slow', 5);
  const [day, ...others] = await listStoredDays(database.pool, NOW);
  expect(others).toEqual([]);
  expect(day).toMatchObject({ day: '2031-03-01', neededBy: 'slow of acme has not finished it' });
  expect(day?.bytes.events).toBeGreaterThan(0);
  expect(day?.bytes.attempts).toBe(0);
});
