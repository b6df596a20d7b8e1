/** Statements that say how the store is, for the doctor. */
import type { Fault } from '../../kernel/outcome.ts';
import type { Db } from '../db.ts';
import { LEASE_MS } from './workers.ts';

export interface ServerHealth {
  readonly version: string;
  readonly databaseBytes: number;
  readonly now: Date;
  readonly timeZone: string;
  readonly connectionsUsed: number;
  readonly connectionsMax: number;
}

const SERVER_HEALTH = `
  select current_setting('server_version') as version,
    pg_database_size(current_database()) as "databaseBytes",
    clock_timestamp() as now,
    current_setting('TimeZone') as "timeZone",
    (select count(*)::integer from pg_stat_activity where backend_type = 'client backend') as "connectionsUsed",
    current_setting('max_connections')::integer as "connectionsMax"`;

export async function readServerHealth(db: Db): Promise<ServerHealth> {
  const { rows } = await db.query<ServerHealth>(SERVER_HEALTH);
  const [health] = rows;
  if (health === undefined) throw new Error('The server told nothing of itself.');
  return health;
}

export interface Suspension {
  readonly connection: string;
  readonly suspendedAt: Date;
  readonly fault: Fault;
}

const SUSPENSIONS = `
  select name as connection, suspended_at as "suspendedAt", suspended_fault as fault
  from connections where workspace_id = $1 and status = 'suspended' order by name`;

export async function listSuspensions(db: Db, workspaceId: number): Promise<readonly Suspension[]> {
  const { rows } = await db.query<Suspension>(SUSPENSIONS, [workspaceId]);
  return rows;
}

export interface RejectedCount {
  readonly source: string;
  readonly code: string;
  readonly count: number;
}

// `day` leaves all but the last two partitions alone.
const REJECTED_LAST_DAY = `
  select source, code, count(*)::integer as count from rejected_events
  where workspace_id = $1 and day >= (now() at time zone 'utc')::date - 1 and received_at > now() - interval '1 day'
  group by source, code order by count desc, source, code`;

/** What ingest refused in the last 24 hours, the commonest reason first. */
export async function countRejectedOfLastDay(db: Db, workspaceId: number): Promise<readonly RejectedCount[]> {
  const { rows } = await db.query<RejectedCount>(REJECTED_LAST_DAY, [workspaceId]);
  return rows;
}

export interface Outage {
  readonly connection: string;
  readonly since: Date;
  readonly fault: Fault | null;
}

// What readers told of their vendors stands in the log (delivery/connection-events.ts), filed under nobody, where an index
// finds it. A reader that was killed meanwhile never tells that its vendor is back: what was delivered since then does.
const OUTAGES = `
  with told as (
    select distinct on (source, body::jsonb ->> 'shard') source as connection, name, received_at, body::jsonb -> 'fault' as fault
    from events
    where workspace_id = $1 and hashtext(person_key) = hashtext('') and person_key = '' and type = 'connection'
      and name in ('vendor down', 'vendor back')
    order by source, body::jsonb ->> 'shard', position desc
  )
  select distinct on (connection) connection, received_at as since, fault
  from told t
  where name = 'vendor down' and not exists (
    select from newest_attempts($1, t.connection, null, false, $2) a
    where a.started_at > t.received_at and a.delivered_count > 0
  )
  order by connection, received_at`;

// Calls are few while a vendor is down, and many once it is back: the newest are enough to see which.
const ATTEMPTS_LOOKED_AT = 100;

/** Connections whose vendor does not answer, as far as their readers have told, since the first of them told so. */
export async function listOutages(db: Db, workspaceId: number): Promise<readonly Outage[]> {
  const { rows } = await db.query<Outage>(OUTAGES, [workspaceId, ATTEMPTS_LOOKED_AT]);
  return rows;
}

/** How many processes read. */
export async function countWorkers(db: Db): Promise<number> {
  const { rows } = await db.query<{ readonly count: number }>(
    `select count(*)::integer as count from workers where seen_at >= now() - $1 * interval '1 millisecond'`,
    [LEASE_MS],
  );
  return rows[0]?.count ?? 0;
}

export interface ReplayProgress {
  readonly id: number;
  readonly connection: string;
  readonly status: string;
  /** 0 to 1, of the positions it reads. */
  readonly progress: number;
}

// Those that run or wait. Past ones are many and say nothing any more.
const REPLAY_PROGRESS = `
  select r.id, r.connection, r.status,
    coalesce(avg(case when c.is_done or c.to_position <= r.from_position then 1
      else greatest(0, c.position - r.from_position)::float8 / (c.to_position - r.from_position) end), 0)::float8 as progress
  from replays r left join replay_cursors c on c.replay_id = r.id
  where r.workspace_id = $1 and r.status in ('running', 'paused')
  group by r.id order by r.id desc limit 100`;

/** The newest hundred replays that are not over. */
export async function listReplayProgress(db: Db, workspaceId: number): Promise<readonly ReplayProgress[]> {
  const { rows } = await db.query<ReplayProgress>(REPLAY_PROGRESS, [workspaceId]);
  return rows;
}

// The oldest by id, which an index finds; ids grow as they die.
const OLDEST_DEAD_LETTERS = `
  select c.connection, d.died_at as "diedAt"
  from (select distinct connection from cursors where workspace_id = $1) c
  cross join lateral (
    select died_at from dead_letters
    where workspace_id = $1 and status = 'open' and connection = c.connection order by id limit 1
  ) d`;

/** When the oldest open dead letter of each connection died. */
export async function listOldestDeadLetters(db: Db, workspaceId: number): Promise<ReadonlyMap<string, Date>> {
  const { rows } = await db.query<{ readonly connection: string; readonly diedAt: Date }>(
    OLDEST_DEAD_LETTERS,
    [workspaceId],
  );
  return new Map(rows.map(({ connection, diedAt }) => [connection, diedAt]));
}
