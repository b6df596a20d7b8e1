import { beforeEach, expect, test } from 'vitest';
import { withDatabase } from '../../test/support/database.ts';
import { ensurePartitions, partitionSizes, toPartition } from './partitions.ts';
import { appendEvents } from './queries/events.ts';
import { ensureWorkspace } from './queries/workspaces.ts';
import { dropExpiredPartitions } from './retention.ts';

const DAY_MS = 86_400_000;
// Far from today, so that the partitions of the template are out of the way.
const NOW = Date.parse('2031-03-01T00:30:00Z');

const database = withDatabase();
let workspaceId: number;

beforeEach(async () => {
  workspaceId = await ensureWorkspace(database.pool, 'acme');
  await dropExpiredPartitions(database.pool, { events: 1, attempts: 1, rejected: 1 }, NOW + 400 * DAY_MS);
});

async function insertEvent(day: string, position: number): Promise<void> {
  await database.pool.query(
    `insert into events (position, workspace_id, day, slot, message_id, source, type, person_key, occurred_at, received_at, body)
     values ($1::bigint, $2, $3, 0, $1::text, 'site', 'track', 'k', now(), now(), '{}')`,
    [position, workspaceId, day],
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
  expect(made).toHaveLength(16);
  expect(await ensurePartitions(database.pool, NOW, 2)).toEqual([]);
});

test('ten workers that make partitions at once make each once', async () => {
  const made = await Promise.all(Array.from({ length: 10 }, () => ensurePartitions(database.pool, NOW, 3)));
  expect(new Set(made.flat()).size).toBe(made.flat().length);
  expect(made.flat()).toHaveLength(20);
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
