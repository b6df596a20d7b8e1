/** Statements on rejected events: what ingest refused, kept with its reason until retention drops the day. */
import type { Db } from '../db.ts';

export interface NewRejectedEvent {
  readonly workspaceId: number;
  readonly source: string;
  /** ISO 8601 in UTC. */
  readonly receivedAt: string;
  readonly code: string;
  readonly field: string | null;
  readonly message: string;
  /** The item as JSON. */
  readonly body: string;
}

// One row per item in one statement: a batch may hold 2,500 of them. The day is the database's own, as in
// append_events, because partitions are made for its days.
const INSERT = `
  insert into rejected_events (workspace_id, day, source, received_at, code, field, message, body)
  select r."workspaceId", (clock_timestamp() at time zone 'utc')::date, r.source, r."receivedAt", r.code, r.field,
    r.message, r.body
  from json_to_recordset($1::json) as r("workspaceId" integer, source text, "receivedAt" timestamptz, code text,
    field text, message text, body text)`;

export async function insertRejectedEvents(db: Db, events: readonly NewRejectedEvent[]): Promise<void> {
  await db.query({ name: 'insert_rejected_events', text: INSERT, values: [JSON.stringify(events)] });
}

export interface RejectedEventRow extends Omit<NewRejectedEvent, 'workspaceId' | 'receivedAt'> {
  readonly id: number;
  readonly receivedAt: Date;
}

export interface ListRejectedEvents {
  readonly workspaceId: number;
  /** Only those of this source. */
  readonly source?: string;
  /** Only those with smaller ids: the next page after the last one of a list. */
  readonly before?: number;
  readonly limit: number;
}

const LIST = `
  select id, source, received_at as "receivedAt", code, field, message, body
  from rejected_events
  where workspace_id = $1 and ($2::text is null or source = $2) and ($3::bigint is null or id < $3)
  order by id desc
  limit $4`;

/** The newest first. */
export async function listRejectedEvents(
  db: Db,
  list: ListRejectedEvents,
): Promise<readonly RejectedEventRow[]> {
  const values = [list.workspaceId, list.source ?? null, list.before ?? null, list.limit];
  const { rows } = await db.query<RejectedEventRow>(LIST, values);
  return rows;
}
