/**
 * Statements on cursors: how far each reader is and who owns it. An owner holds a lease and an epoch; every
 * write of an owner names its epoch, and a write with an old epoch changes nothing.
 */
import type { Db } from '../db.ts';

export interface CursorKey {
  readonly workspaceId: number;
  readonly connection: string;
  readonly shard: number;
}

export interface Lease {
  readonly position: number;
  readonly epoch: number;
}

const ACQUIRE = `
  update cursors
  set owner = $4, epoch = epoch + 1, lease_until = now() + $5 * interval '1 millisecond', updated_at = now()
  where workspace_id = $1 and connection = $2 and shard = $3 and (owner is null or lease_until < now())
  returning position, epoch`;

/** Takes the reader over when nobody owns it or the owner's lease has run out; `undefined` otherwise. */
export async function acquireLease(
  db: Db,
  key: CursorKey,
  owner: string,
  leaseMs: number,
): Promise<Lease | undefined> {
  const { rows } = await db.query<Lease>(ACQUIRE, [
    key.workspaceId,
    key.connection,
    key.shard,
    owner,
    leaseMs,
  ]);
  return rows[0];
}

const RENEW = `
  update cursors set lease_until = now() + $5 * interval '1 millisecond'
  where workspace_id = $1 and connection = $2 and shard = $3 and epoch = $4`;

/** False when another owner has taken over. */
export async function renewLease(db: Db, key: CursorKey, epoch: number, leaseMs: number): Promise<boolean> {
  const { rowCount } = await db.query(RENEW, [key.workspaceId, key.connection, key.shard, epoch, leaseMs]);
  return rowCount === 1;
}

const RELEASE = `
  update cursors set owner = null, lease_until = null
  where workspace_id = $1 and connection = $2 and shard = $3 and epoch = $4`;

export async function releaseLease(db: Db, key: CursorKey, epoch: number): Promise<void> {
  await db.query(RELEASE, [key.workspaceId, key.connection, key.shard, epoch]);
}

const RELEASE_ALL = `update cursors set owner = null, lease_until = null where owner is not null`;

/** Frees every reader: for a process that knows no other worker can be alive. */
export async function releaseAllLeases(db: Db): Promise<void> {
  await db.query(RELEASE_ALL);
}

const MOVE = `
  update cursors set position = $5, updated_at = now()
  where workspace_id = $1 and connection = $2 and shard = $3 and epoch = $4`;

/** Moves the cursor; false, and nothing moved, when another owner has taken over. */
export async function moveCursor(db: Db, key: CursorKey, epoch: number, position: number): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'move_cursor',
    text: MOVE,
    values: [key.workspaceId, key.connection, key.shard, epoch, position],
  });
  return rowCount === 1;
}
