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

const COLUMNS = `a.id, a.connection, a.flow, a.action, a.started_at as "startedAt", a.duration_ms as "durationMs",
  a.first_position as "firstPosition", a.last_position as "lastPosition", a.delivered_count as "deliveredCount",
  a.skipped_count as "skippedCount", a.retry_count as "retryCount", a.rejected_count as "rejectedCount", a.items`;

/** Kinds of items that an attempt can be listed by, as the columns count them. */
export type AttemptOutcome = 'delivered' | 'skipped' | 'retry' | 'rejected';

export interface AttemptFilter {
  readonly connection?: string;
  /** Keeps attempts with at least one such item. */
  readonly outcome?: AttemptOutcome;
  /** Only attempts older than this one: where the page before ended. */
  readonly before?: number;
  readonly limit: number;
}

// A filter that hardly anything passes must not walk all of the record: a page ends after so many rows, and the next
// goes on from there. Their texts lie apart and are not read.
const LOOKED_AT_MAX = 10_000;

const NEWEST = `newest_attempts($1, $2, $3, $4, $5)`;

/** The newest attempts first, without their exchanges, and where the next page begins if there may be more. */
export async function listAttempts(
  db: Db,
  workspaceId: number,
  { connection, outcome, before, limit }: AttemptFilter,
): Promise<{ readonly attempts: readonly StoredAttempt[]; readonly nextBefore: number | undefined }> {
  const isFailed = outcome === 'retry' || outcome === 'rejected';
  const lookedAt = outcome === undefined ? limit : Math.max(limit, LOOKED_AT_MAX);
  const values = [workspaceId, connection, before, isFailed, lookedAt];
  const { rows: attempts } = await db.query<StoredAttempt>(
    `select ${COLUMNS}, '[]' as exchanges from ${NEWEST} a
     ${outcome === undefined ? '' : `where a.${outcome}_count > 0`} order by a.id desc limit $6`,
    [...values, limit],
  );
  if (attempts.length === limit) return { attempts, nextBefore: attempts.at(-1)?.id };
  if (outcome === undefined) return { attempts, nextBefore: undefined };
  const { rows } = await db.query<{ readonly id: number | null }>(
    `select case when count(*) = $5 then min(a.id) end as id from ${NEWEST} a`,
    values,
  );
  return { attempts, nextBefore: rows[0]?.id ?? undefined };
}

// The index on attempts holds their class in these words. A row of class 0 is one event's; one of class 1 spans fewer
// than 1,000 positions; one of class 2 fewer than `spanMax`.
const SPAN_CLASS = `case when a.last_position = a.first_position then 0 when a.last_position - a.first_position < 1000 then 1 else 2 end`;

const FIND = `
  select distinct on (a.id) ${COLUMNS}, case when $5 then a.exchanges else '[]' end as exchanges
  from unnest($2::bigint[]) as p(position)
  cross join (values (0, 1), (1, 1000), (2, $3::integer)) as c(class, span)
  cross join lateral (
    select * from attempts a
    where a.workspace_id = $1 and (${SPAN_CLASS}) = c.class
      and a.last_position >= p.position and a.last_position < p.position + c.span and a.first_position <= p.position
      and a.day >= ($4::timestamptz at time zone 'utc')::date - 1
    offset 0 -- Keeps it apart: joined, it would be read whole where the planner knows nothing of it yet.
  ) a
  order by a.id`;

export interface FindAttempts {
  readonly positions: readonly number[];
  /** When the oldest of those events was received: nothing was tried before. */
  readonly since: string;
  /** No row spans this many positions. */
  readonly spanMax: number;
  readonly withExchanges: boolean;
}

/** Attempts whose span holds one of the positions, oldest first. */
export async function findAttemptsAt(
  db: Db,
  workspaceId: number,
  { positions, since, spanMax, withExchanges }: FindAttempts,
): Promise<readonly StoredAttempt[]> {
  const { rows } = await db.query<StoredAttempt>(FIND, [
    workspaceId,
    positions,
    spanMax,
    since,
    withExchanges,
  ]);
  return rows;
}
