/** Statements on the server itself and its databases. */
import type { Db } from '../db.ts';

export interface ServerState {
  /** 150020 for 15.20. */
  readonly versionNumber: number;
  readonly encoding: string;
  /** Of this session. */
  readonly timeZone: string;
}

const SERVER_STATE = `
  select current_setting('server_version_num')::integer as "versionNumber", current_setting('server_encoding') as encoding,
    current_setting('TimeZone') as "timeZone"`;

export async function readServerState(db: Db): Promise<ServerState> {
  const { rows } = await db.query<ServerState>(SERVER_STATE);
  const [state] = rows;
  if (state === undefined) throw new Error('The server told nothing of itself.');
  return state;
}

// PostgreSQL has no `create database if not exists`.
const DATABASE_EXISTS = 'select from pg_database where datname = $1';

/** Makes an empty database of that name, which must need no quoting, unless there is one. */
export async function ensureDatabase(db: Db, name: string): Promise<void> {
  const { rowCount } = await db.query(DATABASE_EXISTS, [name]);
  if (rowCount === 0) await db.query(`create database ${name}`);
}
