/** Statements on dead letters: inputs that will not be tried again unless someone asks. */
import type { Fault } from '../../kernel/outcome.ts';
import type { CursorKey } from './cursors.ts';
import type { Db } from '../db.ts';

export interface DeadLetterRow {
  /** The event's hash slot. */
  readonly slot: number;
  readonly flow: string;
  readonly action: string;
  readonly orderKey: string;
  readonly position: number;
  readonly eventId: string;
  readonly eventType: string;
  readonly input: string;
  readonly attemptCount: number;
  readonly fault: Fault;
  /** JSON of the last exchange; null when nothing was sent. */
  readonly lastExchange: string | null;
}

const INSERT = `
  insert into dead_letters (workspace_id, connection, slot, flow, action, order_key, position, event_id, event_type,
    input, attempt_count, fault, last_exchange)
  select $1, $2, slot, flow, action, "orderKey", position, "eventId", "eventType", input, "attemptCount", fault, "lastExchange"
  from json_to_recordset($3::json) as d(slot smallint, flow text, action text, "orderKey" text, position bigint, "eventId" text,
    "eventType" text, input text, "attemptCount" integer, fault jsonb, "lastExchange" text)`;

export async function insertDeadLetters(
  db: Db,
  key: Pick<CursorKey, 'workspaceId' | 'connection'>,
  rows: readonly DeadLetterRow[],
): Promise<void> {
  await db.query(INSERT, [key.workspaceId, key.connection, JSON.stringify(rows)]);
}

export type DeadLetterStatus = 'open' | 'retried' | 'discarded';

export interface DeadLetter extends DeadLetterRow {
  readonly id: number;
  readonly connection: string;
  readonly status: DeadLetterStatus;
  readonly diedAt: Date;
}

export interface DeadLetterFilter {
  readonly ids?: readonly number[];
  readonly connection?: string;
  readonly flow?: string;
  readonly status: DeadLetterStatus;
  readonly limit: number;
}

const COLUMNS = `id, connection, slot, flow, action, order_key as "orderKey", position, event_id as "eventId",
  event_type as "eventType", input, attempt_count as "attemptCount", fault, last_exchange as "lastExchange", status,
  died_at as "diedAt"`;

const MATCHING = `workspace_id = $1 and status = $2 and ($3::text is null or connection = $3)
  and ($4::text is null or flow = $4) and ($5::bigint[] is null or id = any($5))`;

function valuesOf(workspaceId: number, filter: DeadLetterFilter): unknown[] {
  return [workspaceId, filter.status, filter.connection, filter.flow, filter.ids];
}

/** Oldest first, the order in which they would be retried. */
export async function listDeadLetters(
  db: Db,
  workspaceId: number,
  filter: DeadLetterFilter,
): Promise<readonly DeadLetter[]> {
  const { rows } = await db.query<DeadLetter>(
    `select ${COLUMNS} from dead_letters where ${MATCHING} order by id limit $6`,
    [...valuesOf(workspaceId, filter), filter.limit],
  );
  return rows;
}

/** Closes those that match and are still as the filter says, and returns them. */
export async function closeDeadLetters(
  db: Db,
  workspaceId: number,
  filter: DeadLetterFilter,
  status: Exclude<DeadLetterStatus, 'open'>,
): Promise<readonly DeadLetter[]> {
  const { rows } = await db.query<DeadLetter>(
    `with chosen as (
       select id as chosen_id from dead_letters where ${MATCHING} order by id limit $6 for update
     )
     update dead_letters set status = $7, closed_at = now() from chosen where id = chosen_id
     returning ${COLUMNS}`,
    [...valuesOf(workspaceId, filter), filter.limit, status],
  );
  return [...rows].sort((a, b) => a.id - b.id);
}

/** What of one event became a dead letter, for any connection. */
export async function listDeadLettersOfEvent(
  db: Db,
  workspaceId: number,
  position: number,
): Promise<readonly DeadLetter[]> {
  const { rows } = await db.query<DeadLetter>(
    `select ${COLUMNS} from dead_letters where workspace_id = $1 and position = $2 order by id`,
    [workspaceId, position],
  );
  return rows;
}
