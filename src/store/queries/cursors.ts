/**
 * Statements on cursors: how far each reader is and who owns it. An owner holds a lease and an epoch; every
 * write of an owner names its epoch, and a write with an old epoch changes nothing.
 */
import { bigintArray } from '../binary-arrays.ts';
import type { Db } from '../db.ts';

export interface CursorKey {
  readonly workspaceId: number;
  readonly connection: string;
  readonly shard: number;
  /** The hash slots that the shard reads, `to` exclusive. */
  readonly slots: { readonly from: number; readonly to: number };
}

/** Events of some slots that are finished or parked beyond the cursor: both positions inclusive. */
export interface DoneRange {
  readonly slotFrom: number;
  readonly slotTo: number;
  readonly first: number;
  readonly last: number;
}

export interface Lease {
  readonly position: number;
  readonly done: readonly DoneRange[];
  readonly epoch: number;
}

const ACQUIRE = `
  update cursors
  set owner = $4, epoch = epoch + 1, lease_until = now() + $5 * interval '1 millisecond', updated_at = now()
  where workspace_id = $1 and connection = $2 and shard = $3 and (owner is null or lease_until < now())
  returning position, done, epoch`;

/** Takes the reader over when nobody owns it or the owner's lease has run out; `undefined` otherwise. */
export async function acquireLease(
  db: Db,
  key: CursorKey,
  owner: string,
  leaseMs: number,
): Promise<Lease | undefined> {
  const { rows } = await db.query<StoredLease>(ACQUIRE, [
    key.workspaceId,
    key.connection,
    key.shard,
    owner,
    leaseMs,
  ]);
  return rows[0] === undefined ? undefined : toLease(rows[0]);
}

interface StoredLease {
  readonly position: number;
  /** Four numbers to a range. */
  readonly done: readonly number[];
  readonly epoch: number;
}

function toLease({ position, done, epoch }: StoredLease): Lease {
  const ranges: DoneRange[] = [];
  for (let at = 0; at + 3 < done.length; at += 4) {
    const [slotFrom = 0, slotTo = 0, first = 0, last = 0] = done.slice(at, at + 4);
    ranges.push({ slotFrom, slotTo, first, last });
  }
  return { position, done: ranges, epoch };
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
  update cursors set position = $5, done = $6, updated_at = now()
  where workspace_id = $1 and connection = $2 and shard = $3 and epoch = $4`;

/** How far a reader is, and what it has finished beyond that. */
export interface Progress {
  readonly position: number;
  readonly done: readonly DoneRange[];
}

/** Moves the cursor; false, and nothing moved, when another owner has taken over. */
export async function moveCursor(
  db: Db,
  key: CursorKey,
  epoch: number,
  { position, done }: Progress,
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'move_cursor',
    text: MOVE,
    values: [
      key.workspaceId,
      key.connection,
      key.shard,
      epoch,
      position,
      bigintArray(done.flatMap(({ slotFrom, slotTo, first, last }) => [slotFrom, slotTo, first, last])),
    ],
  });
  return rowCount === 1;
}
