/** Takes a shard for a worker that exists in the store only: nobody renews its lease. */
import type { Pool } from 'pg';
import { acquireLeases } from '../../src/store/queries/cursors.ts';
import type { Lease, ShardId } from '../../src/store/queries/cursors.ts';
import { LEASE_MS, insertWorker } from '../../src/store/queries/workers.ts';

let workerNumber = 0;

export interface TakeLease {
  /** How long the lease still holds; an hour by default. */
  readonly leftMs?: number;
}

export async function takeLease(
  pool: Pool,
  { workspaceId, connection, shard }: ShardId,
  { leftMs = 3_600_000 }: TakeLease = {},
): Promise<Lease & { readonly owner: string }> {
  workerNumber += 1;
  const id = `a test's worker ${String(workerNumber)}`;
  await insertWorker(pool, {
    id,
    workspaceId,
    host: 'nowhere',
    pid: 0,
    processMark: 'none',
    role: 'worker',
    version: '0',
  });
  await pool.query(`update workers set seen_at = now() + $2 * interval '1 millisecond' where id = $1`, [
    id,
    leftMs - LEASE_MS,
  ]);
  const { rows } = await pool.query<{ epoch: number }>(
    `select epoch from cursors where workspace_id = $1 and connection = $2 and shard = $3`,
    [workspaceId, connection, shard],
  );
  const [lease] = await acquireLeases(pool, id, [
    { workspaceId, connection, shard, epoch: rows[0]?.epoch ?? -1 },
  ]);
  if (lease === undefined) throw new Error('The lease is not free.');
  return { ...lease, owner: id };
}
