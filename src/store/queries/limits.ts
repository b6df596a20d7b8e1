/**
 * Statements on what all workers of a connection know of its vendor's limits. Read and written right before calls
 * leave, so each is one round trip, and none waits for long.
 */
import type { QueryResult } from 'pg';
import type { Db } from '../db.ts';

export interface LimitRow {
  readonly name: string;
  readonly version: number;
  readonly state: string;
}

/** With the time of the database's clock, in milliseconds since the epoch. */
export interface LimitRows {
  readonly nowMs: number;
  readonly limits: readonly LimitRow[];
}

// A server that takes longer is as good as away: calls wait, and ask again.
const TIMEOUT_MS = 3_000;

// `name` is compared with the names that were just made too: a statement does not see its own insertions.
const LOAD = `
  with made as (
    insert into limits (workspace_id, connection, name, state)
    select $1, $2, i.name, '' from unnest($3::text[]) as i(name)
    where not exists (select from limits l where l.workspace_id = $1 and l.connection = $2 and l.name = i.name)
    on conflict do nothing
    returning name, version, state
  )
  select extract(epoch from clock_timestamp())::double precision * 1000 as now_ms, l.name, l.version, l.state
  from limits l
  where l.workspace_id = $1 and l.connection = $2 and l.name = any ($3::text[])
  union all
  select extract(epoch from clock_timestamp())::double precision * 1000, name, version, state from made`;

/** The limits of these names, made where they are missing. */
export async function loadLimits(
  db: Db,
  workspaceId: number,
  connection: string,
  names: readonly string[],
): Promise<LimitRows> {
  return toLimitRows(
    await query(db, { name: 'load_limits', text: LOAD, values: [workspaceId, connection, names] }),
  );
}

const SWAP = `select now_ms, name, version, state from swap_limits($1, $2, $3, $4, $5)`;

/** Writes all of them when none has another version by now; answers with those that are there when one has. */
export async function swapLimits(
  db: Db,
  workspaceId: number,
  connection: string,
  limits: readonly LimitRow[],
): Promise<LimitRows & { readonly isSwapped: boolean }> {
  const values = [
    workspaceId,
    connection,
    limits.map(({ name }) => name),
    limits.map(({ version }) => version),
    limits.map(({ state }) => state),
  ];
  const result = await query(db, { name: 'swap_limits', text: SWAP, values });
  return { ...toLimitRows(result), isSwapped: result.rows[0]?.name === null };
}

/** Forgets what is known of a connection's limits; its workers begin anew. */
export async function forgetLimits(db: Db, workspaceId: number, connection: string): Promise<void> {
  await db.query(`delete from limits where workspace_id = $1 and connection = $2`, [workspaceId, connection]);
}

const FORGET_OTHERS = `
  delete from limits l using connections c
  where l.workspace_id = $1 and l.connection = $2 and c.workspace_id = l.workspace_id and c.name = l.connection
    and c.secrets_fingerprint <> $3`;

/** The same when its credentials become others: those may be of another account. */
export async function forgetLimitsOfOtherSecrets(
  db: Db,
  workspaceId: number,
  connection: string,
  secretsFingerprint: string,
): Promise<void> {
  await db.query(FORGET_OTHERS, [workspaceId, connection, secretsFingerprint]);
}

interface StoredRow {
  readonly now_ms: number;
  /** Null in the one row that tells of a swap. */
  readonly name: string | null;
  readonly version: number;
  readonly state: string;
}

function query(
  db: Db,
  statement: { readonly name: string; readonly text: string; readonly values: unknown[] },
): Promise<QueryResult<StoredRow>> {
  // `query_timeout` of a single statement is missing in @types/pg 8.23.1; pg reads it (lib/client.js, 8.23.1).
  const bounded = { ...statement, query_timeout: TIMEOUT_MS };
  return db.query<StoredRow>(bounded);
}

function toLimitRows({ rows }: QueryResult<StoredRow>): LimitRows {
  const [first] = rows;
  if (first === undefined) throw new Error('The limits of the connection are not in the store any more.');
  const limits = rows.flatMap(({ name, version, state }) =>
    name === null ? [] : [{ name, version, state }],
  );
  return { nowMs: first.now_ms, limits };
}
