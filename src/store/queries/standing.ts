/** Statements that say where events stand between the log and the vendor. */
import type { Db } from '../db.ts';
import type { ParkedRow } from './parked.ts';

export interface ReaderOfSlot {
  readonly connection: string;
  readonly position: number;
  /** Events beyond that which are through as well: slots from and to (exclusive), positions from and to. */
  readonly done: readonly number[];
}

const READERS = `
  select connection, position, done from cursors
  where workspace_id = $1 and slot_from <= $2 and slot_to > $2 order by connection`;

/** How far each connection has read the events of a slot. */
export async function listReadersOfSlot(
  db: Db,
  workspaceId: number,
  slot: number,
): Promise<readonly ReaderOfSlot[]> {
  const { rows } = await db.query<ReaderOfSlot>(READERS, [workspaceId, slot]);
  return rows;
}

export interface ParkedAt extends ParkedRow {
  readonly connection: string;
  /** When the first of its key is due, which this one waits behind. */
  readonly headDueAt: string | null;
}

// The connections are named, so that each is a look into the primary key.
const PARKED = `
  select p.connection, slot, priority, flow, action, order_key as "orderKey", position, event_id as "eventId",
    event_type as "eventType", input, attempt_count as "attemptCount", due_at::text as "dueAt", fault,
    (select min(h.due_at)::text from parked h where h.workspace_id = p.workspace_id and h.connection = p.connection
      and h.action = p.action and h.order_key = p.order_key) as "headDueAt"
  from parked p
  where workspace_id = $1 and connection = any($2) and position = any($3) order by position, flow`;

/** What of some events is parked. */
export async function listParkedAt(
  db: Db,
  workspaceId: number,
  connections: readonly string[],
  positions: readonly number[],
): Promise<readonly ParkedAt[]> {
  const { rows } = await db.query<ParkedAt>(PARKED, [workspaceId, connections, positions]);
  return rows;
}
