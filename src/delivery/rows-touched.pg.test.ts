import type { PoolClient } from 'pg';
import { beforeAll, expect, test } from 'vitest';
import { makeWorkspace } from '../../test/support/a-workspace.ts';
import { withDatabase } from '../../test/support/database.ts';
import { makeTestConnector } from '../../test/support/test-connector.ts';
import type { Workspace } from '../flows/workspace.ts';
import type { Db } from '../store/db.ts';
import { listDeadLetters } from '../store/queries/dead-letters.ts';
import { appendEvents, findHead, readEvents } from '../store/queries/events.ts';
import type { NewEventRow, ReadEvents } from '../store/queries/events.ts';
import { listDeliveries, tellPerson, tellStory } from './index.ts';

const database = withDatabase();

const EVENTS = 100_000;
const PEOPLE = 10_000;
const LETTERS = 50_000;

let workspace: Workspace;

// There are no statistics yet, as after a busy hour.
beforeAll(async () => {
  workspace = await fillWorkspace();
});

/** A workspace in which each event was delivered twice: alone, and in a batch of a hundred. */
async function fillWorkspace(): Promise<Workspace> {
  const { workspace: made } = await makeWorkspace(database.pool, makeTestConnector());
  const fill = (text: string): Promise<unknown> => database.pool.query(text, [made.id]);
  // Two days of positions; a second workspace comes after the first.
  const { rows } = await database.pool.query<{ head: number }>(
    `select coalesce(max(position), 0) as head from events`,
  );
  const head = String(rows[0]?.head ?? 0);
  await fill(
    `insert into events (position, workspace_id, day, slot, message_id, source, type, name, person_key, occurred_at, received_at, body)
     select ${head} + n, $1, current_date - (n % 2)::integer, n % 64, 'event-' || n, 'site', 'identify', null, 'person-' || n % ${String(PEOPLE)},
       now(), now(), '{"key":"a","value":1}' from generate_series(1, ${String(EVENTS)}) as n`,
  );
  const attempts = `insert into attempts (workspace_id, day, connection, flow, action, started_at, duration_ms, first_position,
    last_position, delivered_count, skipped_count, retry_count, rejected_count, items, exchanges)`;
  await fill(
    `${attempts} select $1, current_date, 'vendor', 'test/tell', 'tell', now(), 1, ${head} + n, ${head} + n, 1, 0, 0, 0,
       '[{"position":' || ${head} + n || ',"eventId":"","attempt":1,"outcome":"delivered"}]', '[]'
     from generate_series(1, ${String(EVENTS)}) as n`,
  );
  await fill(
    `${attempts} select $1, current_date, 'vendor', 'test/put', 'put', now(), 1, ${head} + n, ${head} + n + 99, 100, 0, 0, 0,
       (select json_agg(json_build_object('position', p, 'eventId', '', 'attempt', 1, 'outcome', 'delivered'))::text
        from generate_series(${head} + n, ${head} + n + 99) as p), '[]'
     from generate_series(1, ${String(EVENTS)}, 100) as n`,
  );
  await fill(
    `insert into dead_letters (workspace_id, connection, slot, flow, action, order_key, position, event_id, event_type, input,
       attempt_count, fault) select $1, 'vendor', 0, 'test/put', 'put', 'put a', ${head} + n * 5, 'e', 'identify', '{}', 1, '{"code":"a.b"}'
     from generate_series(1, ${String(LETTERS)}) as n`,
  );
  await database.pool.query(`select setval('events_position_seq', ${head} + ${String(EVENTS)})`);
  return made;
}

const TOUCHED = `select (select sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) from pg_stat_xact_user_tables)
  + (select sum(pg_stat_get_xact_tuples_returned(indexrelid)) from pg_stat_user_indexes) as count`;

/** Rows and index entries that the work reads, by PostgreSQL's own count. */
async function touchedBy(work: (db: PoolClient) => Promise<unknown>): Promise<number> {
  const client = await database.pool.connect();
  const touched = async (): Promise<number> =>
    Number((await client.query<{ count: string }>(TOUCHED)).rows[0]?.count);
  try {
    await client.query('begin');
    const before = await touched();
    await work(client);
    return (await touched()) - before;
  } finally {
    await client.query('rollback');
    client.release();
  }
}

// A workspace that is new to the statistics looks empty to the planner, whatever it holds.
test.each(['before any statistics', 'with statistics', 'with statistics of others'])(
  'what is asked about one event, person or page touches hundreds of rows, however many there are (%s)',
  async (when) => {
    if (when === 'with statistics') await database.pool.query('analyze');
    if (when === 'with statistics of others') workspace = await fillWorkspace();
    const { id } = workspace;
    const page = { after: 1_000, limit: 100 };
    const asked: readonly (readonly [what: string, most: number, (db: PoolClient) => Promise<unknown>])[] = [
      ['an event', 100, (db) => tellStory(db, workspace, 'event-77777')],
      ['an event that is not there', 20, (db) => tellStory(db, workspace, 'nothing')],
      ['a person', 1_000, (db) => tellPerson(db, workspace, 'person-77', 20)],
      ['someone by an address', 12_000, (db) => tellPerson(db, workspace, 'ann@example.com', 20)],
      ['attempts', 100, (db) => listDeliveries(db, id, { limit: 20 })],
      ['attempts of a connection', 100, (db) => listDeliveries(db, id, { connection: 'vendor', limit: 20 })],
      ['attempts of an idle one', 20, (db) => listDeliveries(db, id, { connection: 'idle', limit: 20 })],
      ['failed attempts', 20, (db) => listDeliveries(db, id, { outcome: 'rejected', limit: 20 })],
      ['rare attempts', 45_000, (db) => listDeliveries(db, id, { outcome: 'skipped', limit: 20 })],
      ['the head of the log', 200, (db) => findHead(db, id)],
      ['an append of a hundred', 1_000, (db) => appendEvents(db, id, newEvents(100))],
      ['a page of the log', 1_000, async (db) => readEvents(db, await lastPage(db, id))],
      ['dead letters', 500, (db) => listDeadLetters(db, id, { status: 'open' }, page)],
      [
        'dead letters of a person',
        500,
        (db) => listDeadLetters(db, id, { status: 'open', personKey: 'person-80' }, page),
      ],
    ];
    for (const [what, most, work] of asked) {
      const touched = await touchedBy(work);
      expect(touched, `${what}: ${String(touched)} rows`).toBeLessThanOrEqual(most);
    }
  },
);

function newEvents(count: number): readonly NewEventRow[] {
  return Array.from({ length: count }, (_, index) => ({
    messageId: `new-${String(index)}`,
    source: 'site',
    type: 'identify',
    name: null,
    personKey: `person-${String(index)}`,
    slot: index % 64,
    occurredAt: '2026-11-21T00:00:00Z',
    receivedAt: '2026-11-21T00:00:00Z',
    body: '{}',
  }));
}

async function lastPage(db: Db, workspaceId: number): Promise<ReadEvents> {
  const after = (await findHead(db, workspaceId)) - 200;
  return { workspaceId, after, dayFrom: '-infinity', slotFrom: 0, slotTo: 64, limit: 100, bytes: 1_000_000 };
}
