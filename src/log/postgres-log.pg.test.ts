import type { Pool } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { withDatabase } from '../../test/support/database.ts';
import { aNewEventRow } from '../../test/support/an-event-row.ts';
import { dawdle } from '../../test/support/dawdle.ts';
import { makeRecordedLog } from '../../test/support/recorded-log.ts';
import { until } from '../../test/support/until.ts';
import { systemClock } from '../kernel/clock.ts';
import type { NewEvent } from '../kernel/event.ts';
import { makePool } from '../store/pool.ts';
import { appendEvents, readEvents } from '../store/queries/events.ts';
import { ensureWorkspace } from '../store/queries/workspaces.ts';
import { withTransaction } from '../store/transaction.ts';
import { PostgresLog } from './postgres-log.ts';

const database = withDatabase();

let workspaceCount = 0;

async function makeLog(): Promise<{ readonly log: PostgresLog; readonly workspaceId: number }> {
  workspaceCount += 1;
  const workspaceId = await ensureWorkspace(database.pool, `log-${String(workspaceCount)}`);
  return { workspaceId, log: new PostgresLog({ pool: database.pool, workspaceId, clock: systemClock }) };
}

function makeOtherPool(): Pool {
  const pool = makePool({
    connectionString: database.connectionString,
    applicationName: 'another process',
    connectionsMax: 4,
    log: makeRecordedLog(),
  });
  onTestFinished(() => pool.end());
  return pool;
}

let eventCount = 0;

function anEvent(more: Partial<NewEvent> = {}): NewEvent {
  eventCount += 1;
  const at = '2026-11-21T12:00:00.120Z';
  return {
    id: `e${String(eventCount)}`,
    source: 'site',
    type: 'track',
    name: null,
    personKey: `person-${String(eventCount)}`,
    occurredAt: at,
    receivedAt: at,
    body: '{"a":1}',
    ...more,
  };
}

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/**
 * Writers whose transactions stay open for a while after their insert and so commit late and out of order,
 * while a reader follows with a cursor. Returns the ids that the reader never saw.
 */
async function race(
  workspaceId: number,
  insert: (writer: Pool, id: string) => Promise<void>,
): Promise<string[]> {
  const written: string[] = [];
  const seen = new Set<string>();
  let isWriting = true;
  const follow = async (): Promise<void> => {
    let after = 0;
    const look = async (): Promise<number> => {
      const rows = await readEvents(database.pool, {
        workspaceId,
        after,
        dayFrom: '-infinity',
        slotFrom: 0,
        slotTo: 64,
        bytes: 1e9,
        limit: 1_000,
      });
      for (const [position, id] of rows) {
        after = position;
        seen.add(id);
      }
      return rows.length;
    };
    while (isWriting) await look();
    while ((await look()) > 0);
  };
  const writers = makeOtherPool();
  const write = async (name: number): Promise<void> => {
    for (const n of range(25)) {
      const id = `${String(workspaceId)}-${String(name)}-${String(n)}`;
      await insert(writers, id);
      written.push(id);
    }
  };
  const reading = follow();
  await Promise.all(range(4).map(write));
  isWriting = false;
  await reading;
  return written.filter((id) => !seen.has(id));
}

const COLUMNS =
  'workspace_id, day, slot, message_id, source, type, person_key, occurred_at, received_at, body';

test('a reader that follows with a cursor skips nothing, however late and out of order transactions commit', async () => {
  const { workspaceId } = await makeLog();
  const missed = await race(workspaceId, (pool, id) =>
    withTransaction(pool, async (db) => {
      await appendEvents(db, workspaceId, [aNewEventRow({ messageId: id })]);
      await dawdle(db);
    }),
  );
  expect(missed).toEqual([]);
});

test('the same race catches a log that takes positions without the lock', async () => {
  const { workspaceId } = await makeLog();
  const insert = `insert into events (${COLUMNS}) values ($1, current_date, 1, $2, 's', 'track', 'k', now(), now(), '{}')`;
  const missed = await race(workspaceId, (pool, id) =>
    withTransaction(pool, async (db) => {
      await db.query(insert, [workspaceId, id]);
      await dawdle(db);
    }),
  );
  expect(missed.length).toBeGreaterThan(0);
});

test('an event comes back as it went in', async () => {
  const { log } = await makeLog();
  const event = anEvent({ name: 'Ordered "ü" 🎉', body: '{"deep":[1,{"x":"ü\\n"}],"big":12345678901}' });
  const late = anEvent({ occurredAt: '0001-01-01T00:00:00.000Z', receivedAt: '9999-12-31T23:59:59.999Z' });
  expect(await log.append([event, late])).toEqual({ appendedCount: 2, duplicateIds: [] });
  const [read, second] = await log.read({ position: 0 }, 10);
  const { body, ...rest } = event;
  expect(read).toMatchObject({ ...rest, payload: JSON.parse(body) as object });
  expect(second).toMatchObject({ occurredAt: late.occurredAt, receivedAt: late.receivedAt });
  expect(await log.head()).toBe(second?.position);
});

test('reading goes on from a position, in order, within its slots', async () => {
  const { log } = await makeLog();
  await log.append(range(50).map(() => anEvent()));
  const all = await log.read({ position: 0 }, 1_000);
  expect(all.map(({ position }) => position)).toEqual(
    all.map(({ position }) => position).sort((a, b) => a - b),
  );
  const [tenth] = all.slice(9);
  expect(await log.read({ position: tenth?.position ?? 0 }, 5)).toEqual(all.slice(10, 15));
  const halves = await Promise.all(
    [
      { from: 0, to: 32 },
      { from: 32, to: 64 },
    ].map((slots) => log.read({ position: 0, slots }, 1_000)),
  );
  expect(halves.flat().length).toBe(50);
});

test('workspaces have logs of their own', async () => {
  const [{ log: one }, { log: other }] = [await makeLog(), await makeLog()];
  const event = anEvent();
  expect((await one.append([event])).appendedCount).toBe(1);
  expect((await other.append([event])).appendedCount).toBe(1);
  expect((await one.read({ position: 0 }, 10)).length).toBe(1);
});

test('a message id is taken once: in one call, again later, and after a restart', async () => {
  const { log, workspaceId } = await makeLog();
  const event = anEvent();
  expect(await log.append([event, event])).toEqual({ appendedCount: 1, duplicateIds: [event.id] });
  expect(await log.append([anEvent(), event])).toEqual({ appendedCount: 1, duplicateIds: [event.id] });
  const restarted = new PostgresLog({ pool: makeOtherPool(), workspaceId, clock: systemClock });
  expect(await restarted.append([event])).toEqual({ appendedCount: 0, duplicateIds: [event.id] });
});

test('of copies that arrive at once at two processes, one is taken', async () => {
  const { log, workspaceId } = await makeLog();
  const other = new PostgresLog({ pool: makeOtherPool(), workspaceId, clock: systemClock });
  for (const _ of range(20)) {
    const events = range(10).map(() => anEvent());
    const receipts = await Promise.all([log.append(events), other.append([...events].reverse())]);
    expect(receipts.reduce((sum, { appendedCount }) => sum + appendedCount, 0)).toBe(10);
  }
  expect((await log.read({ position: 0 }, 1_000)).length).toBe(200);
});

test('a message id of yesterday evening is still taken', async () => {
  const { log, workspaceId } = await makeLog();
  const event = anEvent();
  await log.append([event]);
  await database.pool.query(`update events set day = day - 1 where workspace_id = $1`, [workspaceId]);
  expect(await log.append([event])).toEqual({ appendedCount: 0, duplicateIds: [event.id] });
});

test('events of several days are read without a gap, whatever days the reader passes over', async () => {
  const { log, workspaceId } = await makeLog();
  await log.append(range(10).map(() => anEvent()));
  await database.pool.query(`update events set day = day - 1 where workspace_id = $1`, [workspaceId]);
  await log.append(range(10).map(() => anEvent()));
  const all = await log.read({ position: 0 }, 1_000);
  expect(all.length).toBe(20);
  for (const [index, { position }] of all.entries()) {
    const fresh = new PostgresLog({ pool: database.pool, workspaceId, clock: systemClock });
    expect(await fresh.read({ position }, 1_000)).toEqual(all.slice(index + 1));
  }
});

test('an append on a day without a partition makes it', async () => {
  const { log } = await makeLog();
  const { rows } = await database.pool.query<{ name: string }>(
    `select 'events_p' || to_char(now() at time zone 'utc', 'YYYYMMDD') as name`,
  );
  const name = rows[0]?.name ?? '';
  await database.pool.query(`drop table ${name}`);
  expect((await log.append([anEvent()])).appendedCount).toBe(1);
  expect((await log.read({ position: 0 }, 10)).length).toBe(1);
});

test('an event that PostgreSQL refuses fails its own request and no other of the group', async () => {
  const { log } = await makeLog();
  const results = await Promise.allSettled([
    log.append([anEvent()]),
    log.append([anEvent({ personKey: 'a\0b' }), anEvent()]),
    log.append([anEvent({ occurredAt: 'no time' })]),
    log.append([anEvent()]),
  ]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
  expect((await log.read({ position: 0 }, 10)).length).toBe(2);
});

test('each commit that added something wakes readers, a duplicate wakes nobody', async () => {
  const { workspaceId } = await makeLog();
  let wakeCount = 0;
  const log = new PostgresLog({
    pool: database.pool,
    workspaceId,
    clock: systemClock,
    onAppended: () => (wakeCount += 1),
  });
  const event = anEvent();
  await log.append([event]);
  await log.append([event]);
  await until(() => wakeCount > 0);
  expect(wakeCount).toBe(1);
});
