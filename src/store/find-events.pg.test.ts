import { beforeAll, expect, test } from 'vitest';
import { aNewEventRow } from '../../test/support/an-event-row.ts';
import { withDatabase } from '../../test/support/database.ts';
import type { Db } from './db.ts';
import { appendEvents } from './queries/events.ts';
import { findEvents, listEventsOfPeople, lookThroughEvents } from './queries/find-events.ts';
import { ensureWorkspace } from './queries/workspaces.ts';
import { withTransaction } from './transaction.ts';

const database = withDatabase();

const BACKLOG = 10_000;
const EVERYTHING = { after: 0, upTo: Number.MAX_SAFE_INTEGER, slotFrom: 0, slotTo: 64 } as const;

let workspaceId: number;

// The table has no statistics yet, as after a first burst of events: there a scan of it all looks cheapest.
beforeAll(async () => {
  workspaceId = await ensureWorkspace(database.pool, 'backlog');
  for (let first = 0; first < BACKLOG; first += 1_000) {
    const rows = Array.from({ length: 1_000 }, (_, index) => {
      const n = first + index;
      const name = n % 3_000 === 1_500 ? 'Rare' : null;
      return aNewEventRow({ messageId: `m${String(n)}`, personKey: `p${String(n % 1_000)}`, name });
    });
    await appendEvents(database.pool, workspaceId, rows);
  }
});

/** Rows of the log that this session fetched; what earlier transactions did may still be among them. */
async function fetchedCount(db: Db): Promise<number> {
  const { rows } = await db.query<{ fetched: number }>(
    `select sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::integer as fetched
     from pg_stat_xact_user_tables where relname like 'events_p%'`,
  );
  return rows[0]?.fetched ?? 0;
}

test('one look for a rare event is bounded, and says where to go on', async () => {
  await withTransaction(database.pool, async (tx) => {
    const look = { workspaceId, ...EVERYTHING, filter: { name: 'Rare' }, limit: 10 };
    const before = await fetchedCount(tx);
    const first = await lookThroughEvents(tx, look);
    expect(first.rows.map(([, id]) => id)).toEqual(['m1500']);
    expect(first).toMatchObject({ lookedCount: 2_000, isEnd: false });
    expect((await fetchedCount(tx)) - before).toBeLessThan(2_100);
    const second = await lookThroughEvents(tx, { ...look, after: first.lookedTo });
    expect(second.rows).toEqual([]);
    expect(second.lookedCount).toBe(2_000);
  });
});

test('all events that match are found, and the limit is kept', async () => {
  const rare = ['m1500', 'm4500', 'm7500'];
  const find = async (limit: number): Promise<readonly string[]> =>
    (await findEvents(database.pool, workspaceId, { name: 'Rare' }, 0, limit)).map(([, id]) => id);
  expect(await find(1_000)).toEqual(rare);
  expect(await find(2)).toEqual(rare.slice(0, 2));
  expect(await findEvents(database.pool, workspaceId, {}, 0, 1e9)).toHaveLength(BACKLOG);
});

test('events of some people are read without looking at those of others', async () => {
  await withTransaction(database.pool, async (tx) => {
    const before = await fetchedCount(tx);
    const rows = await listEventsOfPeople(tx, {
      workspaceId,
      personKeys: ['p7', 'p8', 'p7', 'nobody'],
      types: ['track'],
      from: 0,
      upTo: Number.MAX_SAFE_INTEGER,
      limit: 100,
      bytes: 1e9,
    });
    const numbers = rows.map(([, id]) => Number(id.slice(1)));
    expect(numbers).toHaveLength(20);
    expect(numbers).toEqual(numbers.toSorted((a, b) => b - a));
    // Those of the two, and the one that tells the day to begin with.
    expect((await fetchedCount(tx)) - before).toBeLessThan(30);
  });
});

test('of too many events of some people the newest come, within both bounds', async () => {
  const of = {
    workspaceId,
    personKeys: ['p7'],
    types: ['track'],
    from: 0,
    upTo: Number.MAX_SAFE_INTEGER,
    limit: 3,
    bytes: 1e9,
  };
  const ids = async (more: Partial<typeof of>): Promise<readonly string[]> =>
    (await listEventsOfPeople(database.pool, { ...of, ...more })).map(([, id]) => id);
  expect(await ids({})).toEqual(['m9007', 'm8007', 'm7007']);
  expect(await ids({ bytes: 1 })).toEqual(['m9007']);
  expect(await ids({ types: ['page'] })).toEqual([]);
});
