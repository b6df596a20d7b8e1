/** Statements on parked inputs: heads that wait for another attempt, and what queues up behind them. */
import type { Fault } from '../../kernel/outcome.ts';
import type { Priority } from '../../kernel/priority.ts';
import type { CursorKey } from './cursors.ts';
import type { Db } from '../db.ts';

export interface ParkedRow {
  /** The event's hash slot. */
  readonly slot: number;
  readonly flow: string;
  readonly action: string;
  readonly orderKey: string;
  readonly position: number;
  readonly eventId: string;
  readonly eventType: string;
  /** The input as JSON. */
  readonly input: string;
  readonly attemptCount: number;
  /** ISO time for the head of its key, null for those behind it. */
  readonly dueAt: string | null;
  readonly fault: Fault | null;
  readonly priority: Priority;
  /** Where it stands among those of its key: its position, when absent, or for a replayed input that of the newest event in it. */
  readonly place?: number | undefined;
}

const UPSERT = `
  insert into parked (workspace_id, connection, slot, flow, action, order_key, position, event_id, event_type, input,
    attempt_count, due_at, fault, priority, place)
  select $1, $2, slot, flow, action, "orderKey", position, "eventId", "eventType", input, "attemptCount", "dueAt", fault, priority, coalesce(place, position)
  from json_to_recordset($3::json) as p(slot smallint, flow text, action text, "orderKey" text, position bigint, "eventId" text,
    "eventType" text, input text, "attemptCount" integer, "dueAt" timestamptz, fault jsonb, priority text, place bigint)
  on conflict (workspace_id, connection, position, flow)
  do update set attempt_count = excluded.attempt_count, due_at = excluded.due_at, fault = excluded.fault
  where excluded.attempt_count > parked.attempt_count or excluded.due_at is not null`;

/**
 * Parks inputs; one that is parked already gets its new count, due time and fault. An event that is read
 * again after a crash, and queues up as new, changes nothing of what its row knows.
 */
export async function upsertParked(
  db: Db,
  key: Pick<CursorKey, 'workspaceId' | 'connection'>,
  rows: readonly ParkedRow[],
): Promise<void> {
  await db.query({
    name: 'upsert_parked',
    text: UPSERT,
    values: [key.workspaceId, key.connection, JSON.stringify(rows)],
  });
}

export interface ParkedId {
  readonly flow: string;
  readonly position: number;
}

const DELETE = `
  delete from parked p using json_to_recordset($3::json) as d(flow text, position bigint)
  where p.workspace_id = $1 and p.connection = $2 and p.position = d.position and p.flow = d.flow`;

export async function deleteParked(db: Db, key: CursorKey, ids: readonly ParkedId[]): Promise<void> {
  await db.query({
    name: 'delete_parked',
    text: DELETE,
    values: [key.workspaceId, key.connection, JSON.stringify(ids)],
  });
}

/** Holds of a row `p` of `parked` whose flow still sends to its connection. */
export const HAS_FLOW =
  'exists (select from flows f where f.workspace_id = p.workspace_id and f.name = p.flow and f.connection = p.connection)';

export interface ParkedKey {
  readonly action: string;
  readonly orderKey: string;
  readonly count: number;
  readonly dueAt: Date;
}

// A key without a due row is one whose head was removed by a command: its next is due at once.
const SWEEP = `
  with gone as (
    delete from parked p
    where workspace_id = $1 and connection = $2 and slot >= $3 and slot < $4 and not ${HAS_FLOW}
  )
  select action, order_key as "orderKey", count(*)::integer as count, coalesce(min(due_at), now()) as "dueAt"
  from parked p where workspace_id = $1 and connection = $2 and slot >= $3 and slot < $4 and ${HAS_FLOW}
  group by action, order_key`;

/**
 * The keys of a shard that have rows. What waits for flows that are gone is deleted: applying a definition does so too,
 * but a reader of the former one may park an input afterwards.
 */
export async function sweepParkedKeys(db: Db, key: CursorKey): Promise<readonly ParkedKey[]> {
  const { rows } = await db.query<ParkedKey>({
    name: 'sweep_parked_keys',
    text: SWEEP,
    values: [key.workspaceId, key.connection, key.slots.from, key.slots.to],
  });
  return rows;
}

const OF_KEY = `
  select slot, priority, place, flow, action, order_key as "orderKey", position, event_id as "eventId", event_type as "eventType", input,
    attempt_count as "attemptCount", due_at::text as "dueAt", fault
  from parked
  where workspace_id = $1 and connection = $2 and slot >= $3 and slot < $4 and action = $5 and order_key = $6
  order by place, position limit $7`;

/** The oldest parked inputs of one order key. */
export async function listParkedOfKey(
  db: Db,
  key: CursorKey,
  action: string,
  orderKey: string,
  limit: number,
): Promise<readonly ParkedRow[]> {
  const { rows } = await db.query<ParkedRow>(OF_KEY, [
    key.workspaceId,
    key.connection,
    key.slots.from,
    key.slots.to,
    action,
    orderKey,
    limit,
  ]);
  return rows;
}
