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

/** The right to read a shard, for as long as the owner's row in `workers` lives. */
export interface Lease {
  readonly key: CursorKey;
  readonly position: number;
  readonly done: readonly DoneRange[];
  readonly epoch: number;
}

// Whoever holds the lock of a row is taking it or writing under its lease; either way it is not free. An owner without a
// row among the workers is dead for good (src/store/queries/workers.ts). The epoch is that which the caller saw: a worker
// that came and took the shard since would not be among the workers of this statement's snapshot.
const ACQUIRE = `
  with free as (
    select c.workspace_id, c.connection, c.shard from cursors c
    join unnest($2::integer[], $3::text[], $4::smallint[], $5::bigint[]) as k(workspace_id, connection, shard, epoch)
      using (workspace_id, connection, shard, epoch)
    where c.owner is null or c.owner = $1 or not exists (select from workers w where w.id = c.owner)
    for update of c skip locked
  )
  update cursors c set owner = $1, epoch = c.epoch + 1, updated_at = now()
  from free where (c.workspace_id, c.connection, c.shard) = (free.workspace_id, free.connection, free.shard)
  returning c.workspace_id as "workspaceId", c.connection, c.shard, c.slot_from as "slotFrom", c.slot_to as "slotTo",
    c.position, c.done, c.epoch`;

export type ShardId = Pick<CursorKey, 'workspaceId' | 'connection' | 'shard'>;

/** Takes those of the shards that nobody owns, that a dead worker owned, or that `owner` itself left behind. */
export async function acquireLeases(
  db: Db,
  owner: string,
  shards: readonly (ShardId & { readonly epoch: number })[],
): Promise<readonly Lease[]> {
  const { rows } = await db.query<StoredLease>(ACQUIRE, [
    owner,
    shards.map(({ workspaceId }) => workspaceId),
    shards.map(({ connection }) => connection),
    shards.map(({ shard }) => shard),
    shards.map(({ epoch }) => epoch),
  ]);
  return rows.map(toLease);
}

interface StoredLease extends ShardId {
  readonly slotFrom: number;
  readonly slotTo: number;
  readonly position: number;
  /** Four numbers to a range. */
  readonly done: readonly number[];
  readonly epoch: number;
}

function toLease({ slotFrom, slotTo, position, done, epoch, ...shard }: StoredLease): Lease {
  return { key: { ...shard, slots: { from: slotFrom, to: slotTo } }, position, done: toRanges(done), epoch };
}

/** Ranges as they are stored: four numbers each. */
export function toRanges(numbers: readonly number[]): readonly DoneRange[] {
  const ranges: DoneRange[] = [];
  for (let at = 0; at + 3 < numbers.length; at += 4) {
    const [slotFrom = 0, slotTo = 0, first = 0, last = 0] = numbers.slice(at, at + 4);
    ranges.push({ slotFrom, slotTo, first, last });
  }
  return ranges;
}

export function fromRanges(ranges: readonly DoneRange[]): Buffer {
  return bigintArray(ranges.flatMap(({ slotFrom, slotTo, first, last }) => [slotFrom, slotTo, first, last]));
}

const RELEASE = `
  update cursors set owner = null
  where workspace_id = $1 and connection = $2 and shard = $3 and epoch = $4`;

export async function releaseLease(db: Db, { key, epoch }: Lease): Promise<void> {
  await db.query(RELEASE, [key.workspaceId, key.connection, key.shard, epoch]);
}

/** Who reads a shard. */
export interface ShardState extends ShardId {
  readonly epoch: number;
  readonly owner: string | undefined;
  /** How many shards the connection is to have; while it has another number, nobody may take one. */
  readonly shardsWanted: number;
}

/**
 * Holds of a cursor `c` whose connection a flow sends to. Others are not read: no event is for them, and none is kept
 * for them either.
 */
export const IS_READ =
  'exists (select from flows f where f.workspace_id = c.workspace_id and f.connection = c.connection)';

const LIST_SHARDS = `
  select c.workspace_id as "workspaceId", c.connection, c.shard, c.epoch, c.owner,
    coalesce((n.delivery ->> 'shards')::integer, 1) as "shardsWanted"
  from cursors c join connections n on n.workspace_id = c.workspace_id and n.name = c.connection
  where ${IS_READ}
  order by c.workspace_id, c.connection, c.shard`;

/** Every shard of the store that there is something to read for. */
export async function listShards(db: Db): Promise<readonly ShardState[]> {
  const { rows } = await db.query<Omit<ShardState, 'owner'> & { readonly owner: string | null }>({
    name: 'list_shards',
    text: LIST_SHARDS,
  });
  return rows.map((row) => ({ ...row, owner: row.owner ?? undefined }));
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
    values: [key.workspaceId, key.connection, key.shard, epoch, position, fromRanges(done)],
  });
  return rowCount === 1;
}
