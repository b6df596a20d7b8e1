/** Statements on what may be sent only once: the keys of what was delivered. */
import { textArray, timestampArray } from '../binary-arrays.ts';
import type { Db } from '../db.ts';

/** Whose keys they are: each action of a connection has its own. */
export interface OnceScope {
  readonly workspaceId: number;
  readonly connection: string;
  readonly action: string;
}

const FIND = `
  select once_key as key, sent_at as "sentAt" from sent_once
  where workspace_id = $1 and connection = $2 and action = $3 and once_key = any($4)`;

/** When those of the keys that are known were sent. */
export async function findSentOnce(
  db: Db,
  { workspaceId, connection, action }: OnceScope,
  keys: readonly string[],
): Promise<ReadonlyMap<string, Date>> {
  const { rows } = await db.query<{ readonly key: string; readonly sentAt: Date }>({
    name: 'find_sent_once',
    text: FIND,
    values: [workspaceId, connection, action, keys],
  });
  return new Map(rows.map(({ key, sentAt }) => [key, sentAt]));
}

export interface SentOnceRow {
  readonly action: string;
  readonly key: string;
  /** ISO 8601. */
  readonly sentAt: string;
}

// What is known keeps its time: sent again after a crash, it was sent at first then.
const INSERT = `
  insert into sent_once (workspace_id, connection, action, once_key, sent_at)
  select $1, $2, s.* from unnest($3::text[], $4::text[], $5::timestamptz[]) as s
  on conflict do nothing`;

export async function insertSentOnce(
  db: Db,
  workspaceId: number,
  connection: string,
  rows: readonly SentOnceRow[],
): Promise<void> {
  await db.query({
    name: 'insert_sent_once',
    text: INSERT,
    values: [
      workspaceId,
      connection,
      textArray(rows.map(({ action }) => action)),
      textArray(rows.map(({ key }) => key)),
      timestampArray(rows.map(({ sentAt }) => sentAt)),
    ],
  });
}

/** Forgets what was sent before that time; returns how many keys. */
export async function deleteSentOnceBefore(db: Db, before: string): Promise<number> {
  const { rowCount } = await db.query(`delete from sent_once where sent_at < $1`, [before]);
  return rowCount ?? 0;
}
