import { expect, test } from 'vitest';
import { aNewEventRow } from '../../test/support/an-event-row.ts';
import { withDatabase } from '../../test/support/database.ts';
import { appendEvents, readEvents } from './queries/events.ts';
import { ensureWorkspace } from './queries/workspaces.ts';
import { withTransaction } from './transaction.ts';

const database = withDatabase();

const BACKLOG = 10_000;
const LIMIT = 100;

// The table has no statistics yet, as after a first burst of events: there a scan of it all looks cheapest.
test('reading some events looks at as many, however long the backlog behind them is', async () => {
  const workspaceId = await ensureWorkspace(database.pool, 'backlog');
  for (let first = 0; first < BACKLOG; first += 1_000) {
    const ids = Array.from({ length: 1_000 }, (_, index) => `m${String(first + index)}`);
    await appendEvents(
      database.pool,
      workspaceId,
      ids.map((messageId) => aNewEventRow({ messageId })),
    );
  }
  await withTransaction(database.pool, async (tx) => {
    const read = {
      workspaceId,
      after: 0,
      dayFrom: '-infinity',
      slotFrom: 0,
      slotTo: 64,
      limit: LIMIT,
      bytes: 1e9,
    };
    expect(await readEvents(tx, read)).toHaveLength(LIMIT);
    const { rows } = await tx.query<{ fetched: number }>(
      `select sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::integer as fetched
       from pg_stat_xact_user_tables where relname like 'events_p%'`,
    );
    expect(rows[0]?.fetched).toBeGreaterThanOrEqual(LIMIT);
    expect(rows[0]?.fetched).toBeLessThan(2 * LIMIT);
  });
});
