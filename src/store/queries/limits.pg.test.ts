import { expect, test } from 'vitest';
import { withDatabase } from '../../../test/support/database.ts';
import { ensureWorkspace } from './workspaces.ts';
import { forgetLimitsOfOtherSecrets, loadLimits, swapLimits } from './limits.ts';

const database = withDatabase();

async function aWorkspace(name: string): Promise<number> {
  return ensureWorkspace(database.pool, name);
}

test('limits are made by whoever asks for them first, and are the same for all', async () => {
  const workspaceId = await aWorkspace('made');
  const load = () => loadLimits(database.pool, workspaceId, 'hubspot', ['burst', 'daily']);
  await Promise.all([load(), load(), load()]);
  const { limits } = await load();
  expect([...limits].sort((a, b) => a.name.localeCompare(b.name))).toEqual([
    { name: 'burst', version: 0, state: '' },
    { name: 'daily', version: 0, state: '' },
  ]);
});

test('each answer brings the time of the database', async () => {
  const workspaceId = await aWorkspace('timed');
  const clock = async (): Promise<number> => {
    const text = 'select extract(epoch from clock_timestamp())::double precision * 1000 as now';
    return (await database.pool.query<{ now: number }>(text)).rows[0]?.now ?? 0;
  };
  const times = [
    await clock(),
    (await loadLimits(database.pool, workspaceId, 'hubspot', ['burst'])).nowMs,
    (await swapLimits(database.pool, workspaceId, 'hubspot', [{ name: 'burst', version: 0, state: 'x' }]))
      .nowMs,
    await clock(),
  ];
  expect(times).toEqual([...times].sort((a, b) => a - b));
});

test('of several who write what they read, one wins, and the others learn what it wrote', async () => {
  const workspaceId = await aWorkspace('swapped');
  const { limits } = await loadLimits(database.pool, workspaceId, 'hubspot', ['burst', 'daily']);
  const written = await Promise.all(
    ['a', 'b', 'c', 'd'].map((state) =>
      swapLimits(
        database.pool,
        workspaceId,
        'hubspot',
        limits.map((limit) => ({ ...limit, state })),
      ),
    ),
  );
  expect(written.filter(({ isSwapped }) => isSwapped).length).toBe(1);
  const { limits: stored } = await loadLimits(database.pool, workspaceId, 'hubspot', ['burst', 'daily']);
  expect(stored.map(({ version }) => version)).toEqual([1, 1]);
  for (const { isSwapped, limits: shown } of written) expect(shown).toEqual(isSwapped ? [] : stored);
});

test('when one of several limits has changed, none is written', async () => {
  const workspaceId = await aWorkspace('all or none');
  const { pool } = database;
  await loadLimits(pool, workspaceId, 'hubspot', ['burst', 'daily']);
  await swapLimits(pool, workspaceId, 'hubspot', [{ name: 'daily', version: 0, state: 'theirs' }]);
  const { isSwapped } = await swapLimits(pool, workspaceId, 'hubspot', [
    { name: 'burst', version: 0, state: 'ours' },
    { name: 'daily', version: 0, state: 'ours' },
  ]);
  expect(isSwapped).toBe(false);
  const { limits } = await loadLimits(pool, workspaceId, 'hubspot', ['burst', 'daily']);
  expect(limits.map(({ state }) => state).sort()).toEqual(['', 'theirs']);
});

test('limits are forgotten with the credentials that they are of', async () => {
  const workspaceId = await aWorkspace('forgotten');
  const { pool } = database;
  await pool.query(
    `insert into connections (workspace_id, name, connector, settings, secrets, secrets_fingerprint)
     values ($1, 'hubspot', 'hubspot', '{}', '', 'one')`,
    [workspaceId],
  );
  const versions = async (): Promise<readonly number[]> =>
    (await loadLimits(pool, workspaceId, 'hubspot', ['burst'])).limits.map(({ version }) => version);
  await versions();
  await swapLimits(pool, workspaceId, 'hubspot', [{ name: 'burst', version: 0, state: 'x' }]);
  await forgetLimitsOfOtherSecrets(pool, workspaceId, 'hubspot', 'one');
  expect(await versions()).toEqual([1]);
  await forgetLimitsOfOtherSecrets(pool, workspaceId, 'hubspot', 'two');
  expect(await versions()).toEqual([0]);
});

test('a connection that is gone is told as a failure, not waited for', async () => {
  const workspaceId = await aWorkspace('gone');
  const swap = swapLimits(database.pool, workspaceId, 'hubspot', [{ name: 'burst', version: 0, state: 'x' }]);
  await expect(swap).rejects.toThrow('not in the store');
});
