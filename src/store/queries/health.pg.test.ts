import { expect, test } from 'vitest';
import { withDatabase } from '../../../test/support/database.ts';
import { countWorkers, listReplayProgress } from './health.ts';
import { ensureWorkspace } from './workspaces.ts';

const database = withDatabase();

async function insertReplay(
  workspaceId: number,
  status: string,
  rows: readonly (readonly [number, boolean])[],
) {
  const { rows: made } = await database.pool.query<{ id: number }>(
    `insert into replays (workspace_id, connection, filter, priority, rate_share, status, from_position, to_position)
     values ($1, 'hubspot', '{}', 'replay', 0.5, $2, 100, 300) returning id`,
    [workspaceId, status],
  );
  const id = made[0]?.id ?? 0;
  for (const [index, [position, isDone]] of rows.entries()) {
    await database.pool.query(
      `insert into replay_cursors (replay_id, slot_from, slot_to, position, to_position, is_done) values ($1, $2, $3, $4, 300, $5)`,
      [id, index * 32, index * 32 + 32, position, isDone],
    );
  }
  return id;
}

test('a replay is as far as its slots are on average, and one that is over is not told of', async () => {
  const workspaceId = await ensureWorkspace(database.pool, 'acme');
  const half = await insertReplay(workspaceId, 'running', [
    [100, false],
    [300, true],
  ]);
  const quarter = await insertReplay(workspaceId, 'paused', [[150, false]]);
  await insertReplay(workspaceId, 'done', [[300, true]]);
  expect(await listReplayProgress(database.pool, workspaceId)).toEqual([
    { id: quarter, connection: 'hubspot', status: 'paused', progress: 0.25 },
    { id: half, connection: 'hubspot', status: 'running', progress: 0.5 },
  ]);
});

test('workers are counted', async () => {
  expect(await countWorkers(database.pool)).toBe(0);
});
