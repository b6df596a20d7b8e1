/** Statements on attempts: one row per run of an action, written once and never changed. */
import { bigintArray, integerArray, textArray, timestampArray } from '../binary-arrays.ts';
import type { Db } from '../db.ts';

export interface AttemptRow {
  readonly flow: string;
  readonly action: string;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly firstPosition: number;
  readonly lastPosition: number;
  readonly deliveredCount: number;
  readonly skippedCount: number;
  readonly retryCount: number;
  readonly rejectedCount: number;
  /** JSON texts, as `src/delivery/attempt-record.ts` writes them. */
  readonly items: string;
  readonly exchanges: string;
}

const INSERT = `
  insert into attempts (workspace_id, day, connection, flow, action, started_at, duration_ms, first_position, last_position,
    delivered_count, skipped_count, retry_count, rejected_count, items, exchanges)
  select $1, (clock_timestamp() at time zone 'utc')::date, $2, a.*
  from unnest($3::text[], $4::text[], $5::timestamptz[], $6::integer[], $7::bigint[], $8::bigint[], $9::integer[],
    $10::integer[], $11::integer[], $12::integer[], $13::text[], $14::text[]) as a`;

export async function insertAttempts(
  db: Db,
  workspaceId: number,
  connection: string,
  rows: readonly AttemptRow[],
): Promise<void> {
  await db.query({
    name: 'insert_attempts',
    text: INSERT,
    values: [
      workspaceId,
      connection,
      textArray(rows.map((row) => row.flow)),
      textArray(rows.map((row) => row.action)),
      timestampArray(rows.map((row) => row.startedAt)),
      integerArray(rows.map((row) => row.durationMs)),
      bigintArray(rows.map((row) => row.firstPosition)),
      bigintArray(rows.map((row) => row.lastPosition)),
      integerArray(rows.map((row) => row.deliveredCount)),
      integerArray(rows.map((row) => row.skippedCount)),
      integerArray(rows.map((row) => row.retryCount)),
      integerArray(rows.map((row) => row.rejectedCount)),
      textArray(rows.map((row) => row.items)),
      textArray(rows.map((row) => row.exchanges)),
    ],
  });
}

export interface StoredAttempt extends AttemptRow {
  readonly id: number;
  readonly connection: string;
}

const COLUMNS = `id, connection, flow, action, started_at as "startedAt", duration_ms as "durationMs",
  first_position as "firstPosition", last_position as "lastPosition", delivered_count as "deliveredCount",
  skipped_count as "skippedCount", retry_count as "retryCount", rejected_count as "rejectedCount", items, exchanges`;

const LIST = `
  select ${COLUMNS} from attempts
  where workspace_id = $1 and ($2::text is null or connection = $2)
    and ($3::text is null or case $3 when 'delivered' then delivered_count when 'skipped' then skipped_count
      when 'retry' then retry_count else rejected_count end > 0)
  order by day desc, id desc limit $4`;

/** The newest attempts first; `outcome` keeps those that have at least one such item. */
export async function listAttempts(
  db: Db,
  workspaceId: number,
  filter: { readonly connection?: string; readonly outcome?: string; readonly limit: number },
): Promise<readonly StoredAttempt[]> {
  const { rows } = await db.query<StoredAttempt>(LIST, [
    workspaceId,
    filter.connection,
    filter.outcome,
    filter.limit,
  ]);
  return rows;
}

const FIND = `
  select ${COLUMNS} from attempts
  where workspace_id = $1 and last_position >= $2 and last_position < $2 + $3 and first_position <= $2
  order by id`;

/** Attempts whose span holds the position; no row spans `spanMax` positions or more. */
export async function findAttemptsAt(
  db: Db,
  workspaceId: number,
  position: number,
  spanMax: number,
): Promise<readonly StoredAttempt[]> {
  const { rows } = await db.query<StoredAttempt>(FIND, [workspaceId, position, spanMax]);
  return rows;
}
