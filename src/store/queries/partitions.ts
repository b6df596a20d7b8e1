/** Statements on day partitions. Names of tables and partitions are ours and need no quoting. */
import type { Db } from '../db.ts';
import { IS_READ } from './cursors.ts';
import { HAS_FLOW } from './parked.ts';

export const PARTITIONED_TABLES = ['events', 'rejected_events', 'attempts', 'duplicates'] as const;
export type PartitionedTable = (typeof PARTITIONED_TABLES)[number];

export interface Partition {
  readonly table: PartitionedTable;
  readonly name: string;
  /** ISO date in UTC. */
  readonly day: string;
}

export interface PartitionSize extends Partition {
  readonly bytes: number;
  /** As of the last vacuum or analyze; 0 before the first. */
  readonly rowsEstimate: number;
  /** Nothing was ever written to it; its indexes take some space all the same. */
  readonly isEmpty: boolean;
}

const LIST_PARTITIONS = `
  select p.relname as table, c.relname as name,
    to_date(right(c.relname, 8), 'YYYYMMDD') as day,
    pg_total_relation_size(c.oid) as bytes,
    greatest(c.reltuples, 0)::bigint as "rowsEstimate",
    pg_relation_size(c.oid) = 0 as "isEmpty"
  from pg_inherits i
  join pg_class p on p.oid = i.inhparent
  join pg_class c on c.oid = i.inhrelid
  where p.relnamespace = current_schema()::regnamespace and p.relname = any ($1) and c.relkind = 'r'
  order by p.relname, c.relname`;

export async function listPartitions(db: Db): Promise<readonly PartitionSize[]> {
  const { rows } = await db.query<PartitionSize>(LIST_PARTITIONS, [PARTITIONED_TABLES]);
  return rows;
}

/**
 * Made as a table of its own and then attached: that blocks no insert, where `create table … partition of`
 * would wait for every running one and hold up the next (postgresql.org/docs/18/ddl-partitioning.html, 5.12.2.2).
 */
export async function createPartition(
  db: Db,
  { table, name, day }: Partition,
  nextDay: string,
): Promise<void> {
  await db.query(`create table ${name} (like ${table} including defaults)`);
  // Not among the defaults, and not inherited; the migration `statistics` says why.
  await db.query(`alter table ${name} alter column workspace_id set statistics 0`);
  await db.query(
    `alter table ${table} attach partition ${name} for values from ('${day}') to ('${nextDay}')`,
  );
}

export async function dropPartition(db: Db, name: string): Promise<void> {
  await db.query(`drop table ${name}`);
}

export interface DayHolder {
  readonly workspace: string;
  readonly connection: string;
  /** Why it needs the day, behind its name: `has not finished it`. */
  readonly reason: string;
}

// The span of the day's positions takes two index probes per workspace. A cursor inside or before it needs the day
// only when an event of its slots is left: a shard to which nothing happens stays behind without needing anything.
const FIND_EVENTS_HOLDER = `
  select w.name as workspace, holder.connection, holder.reason
  from workspaces w
  cross join lateral (
    select (select min(position) from events where workspace_id = w.id and day = $1::date) as first,
           (select max(position) from events where workspace_id = w.id and day = $1::date) as last
  ) span
  cross join lateral (
    (select c.connection, 'has not finished it' as reason from cursors c
      where c.workspace_id = w.id and c.position < span.last and ${IS_READ} and exists (
        select 1 from events e where e.workspace_id = w.id and e.day = $1::date and e.position > c.position
          and e.slot >= c.slot_from and e.slot < c.slot_to)
      order by c.position limit 1)
    union all
    (select p.connection, 'has parked an input of it' from parked p
      where p.workspace_id = w.id and p.position between span.first and span.last and ${HAS_FLOW} limit 1)
    union all
    (select r.connection, 'is replaying it (replay ' || r.id || ')' from replays r
      where r.workspace_id = w.id and (r.status = 'running' or r.status = 'paused' and $2)
        and r.from_position < span.last and r.to_position >= span.first
        and (not exists (select 1 from replay_cursors c where c.replay_id = r.id)
          or exists (select 1 from replay_cursors c where c.replay_id = r.id and not c.is_done
            and c.position < span.last and c.to_position >= span.first))
      limit 1)
    union all
    (select d.connection, 'has an open dead letter of it' from dead_letters d
      where $2 and d.workspace_id = w.id and d.position between span.first and span.last and d.status = 'open' limit 1)
  ) holder
  limit 1`;

/**
 * Who still needs the events of a day. With `areForgottenHeld` also what waits for a human and can be forgotten: open
 * dead letters, whose event a repaired flow maps again, and paused replays.
 */
export async function findHolderOfEvents(
  db: Db,
  day: string,
  areForgottenHeld: boolean,
): Promise<DayHolder | undefined> {
  const { rows } = await db.query<DayHolder>(FIND_EVENTS_HOLDER, [day, areForgottenHeld]);
  return rows[0];
}

// A replay that asks what became of events looks that up in their attempts, which are never older than the replay's
// first event. Outcomes of an input come within days, so which day an attempt lies in says little: all stay.
const FIND_ATTEMPTS_HOLDER = `
  select w.name as workspace, r.connection, 'looks outcomes up in it (replay ' || r.id || ')' as reason
  from replays r join workspaces w on w.id = r.workspace_id
  where (r.status = 'running' or r.status = 'paused' and $1) and r.filter::text like '%"outcome%'
  limit 1`;

/** Who still needs attempts of the past: a replay by outcome. */
export async function findHolderOfAttempts(
  db: Db,
  areForgottenHeld: boolean,
): Promise<DayHolder | undefined> {
  const { rows } = await db.query<DayHolder>(FIND_ATTEMPTS_HOLDER, [areForgottenHeld]);
  return rows[0];
}
