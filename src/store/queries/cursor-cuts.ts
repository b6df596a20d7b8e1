/** Statements that cut the cursors of a connection into another number of shards. */
import type { Db } from '../db.ts';
import { fromRanges, toRanges } from './cursors.ts';
import type { DoneRange, Progress } from './cursors.ts';

const LOCK = `select from cursors where workspace_id = $1 and connection = $2 order by shard for update`;

/** Keeps others from taking a shard of the connection until the transaction ends. */
export async function lockCursors(tx: Db, workspaceId: number, connection: string): Promise<void> {
  await tx.query(LOCK, [workspaceId, connection]);
}

export interface CursorToCut extends Progress {
  readonly slots: { readonly from: number; readonly to: number };
  readonly epoch: number;
  /** Nobody owns it, or only a dead worker. */
  readonly isFree: boolean;
  /** How many shards the connection is to have. */
  readonly shardsWanted: number;
}

// A statement of its own after the lock: in its snapshot stands every worker that took a shard before.
const LIST = `
  select c.slot_from as "slotFrom", c.slot_to as "slotTo", c.position, c.done, c.epoch,
    c.owner is null or not exists (select from workers w where w.id = c.owner) as "isFree",
    coalesce((n.delivery ->> 'shards')::integer, 1) as "shardsWanted"
  from cursors c join connections n on n.workspace_id = c.workspace_id and n.name = c.connection
  where c.workspace_id = $1 and c.connection = $2
  order by c.slot_from`;

export async function listCursors(
  tx: Db,
  workspaceId: number,
  connection: string,
): Promise<readonly CursorToCut[]> {
  const { rows } = await tx.query<
    Omit<CursorToCut, 'slots' | 'done'> & {
      readonly slotFrom: number;
      readonly slotTo: number;
      readonly done: readonly number[];
    }
  >(LIST, [workspaceId, connection]);
  return rows.map(({ slotFrom, slotTo, done, ...rest }) => ({
    ...rest,
    slots: { from: slotFrom, to: slotTo },
    done: toRanges(done),
  }));
}

const INSERT = `
  insert into cursors (workspace_id, connection, shard, slot_from, slot_to, position, done, epoch)
  values ($1, $2, $3, $4, $5, $6, $7, $8)`;

/** Puts cursors of other shards in the place of those there are; nobody owns them. */
export async function replaceCursors(
  tx: Db,
  workspaceId: number,
  connection: string,
  epoch: number,
  cursors: readonly (Progress & Pick<CursorToCut, 'slots'> & { readonly done: readonly DoneRange[] })[],
): Promise<void> {
  await tx.query(`delete from cursors where workspace_id = $1 and connection = $2`, [
    workspaceId,
    connection,
  ]);
  for (const [shard, { slots, position, done }] of cursors.entries()) {
    await tx.query(INSERT, [
      workspaceId,
      connection,
      shard,
      slots.from,
      slots.to,
      position,
      fromRanges(done),
      epoch,
    ]);
  }
}
