/** Connections to PostgreSQL: how values arrive in JavaScript, and what every session is set to. */
import pg from 'pg';
import type { Redacted } from '../kernel/redacted.ts';
import type { LogSink } from './log-sink.ts';

export interface PoolOptions {
  readonly connectionString: Redacted;
  readonly applicationName: string;
  readonly connectionsMax: number;
  readonly log: LogSink;
}

// A server that is starting again refuses at once, and a remote one answers within a second; what takes longer is down.
const CONNECT_TIMEOUT_MS = 10_000;

// Opening a session costs both sides some 10 ms of CPU (SCRAM, PostgreSQL 18, 2026-11), keeping one idle nothing.
const IDLE_MS = 60_000;

// A worker that stands still inside a transaction keeps the cursor of its shard locked, so that nobody could take over
// within the ten seconds that are promised. The longest honest pause inside one of our transactions is a round trip.
const IDLE_IN_TRANSACTION_MS = 8_000;

export function makePool({ connectionString, applicationName, connectionsMax, log }: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: connectionString.reveal(),
    application_name: applicationName,
    max: connectionsMax,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: IDLE_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    // Times are written as text in UTC everywhere, whatever the server's own zone is.
    options: '-c timezone=UTC',
    keepAlive: true,
    types: { getTypeParser },
  });
  // An idle connection that breaks is dropped and replaced by the pool; without a listener Node would exit.
  pool.on('error', (error) => {
    // One that the server closes while we close it ourselves is no news.
    if (pool.ending) return;
    log.warn({ error: error.message }, 'A connection to PostgreSQL broke and is replaced');
  });
  // The same for one that breaks in use between two statements: its user hears of it from the next one.
  pool.on('connect', (client) => {
    client.on('error', () => undefined);
  });
  return pool;
}

const DATE_OID: number = pg.types.builtins.DATE;
const INT8_OID: number = pg.types.builtins.INT8;

const getTypeParser: typeof pg.types.getTypeParser = (oid: number, format?: 'text' | 'binary') => {
  if (format !== 'binary' && oid === INT8_OID) return toSafeInteger;
  // `pg` would make a Date at midnight of the local zone, which is another day elsewhere.
  if (format !== 'binary' && oid === DATE_OID) return (text: string) => text;
  return pg.types.getTypeParser(oid, format ?? 'text') as (text: string) => unknown;
};

/**
 * Positions, ids and counts stay far below 2^53: at 100,000 events a second it takes 2,800 years to get
 * there. So they are plain numbers, and one that is not would be a bug worth stopping at.
 */
function toSafeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} from the database does not fit a number.`);
  return value;
}
