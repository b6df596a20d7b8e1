/** Statements on day partitions. Names of tables and partitions are ours and need no quoting. */
import type { Db } from '../db.ts';

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
}

const LIST_PARTITIONS = `
  select p.relname as table, c.relname as name,
    to_date(right(c.relname, 8), 'YYYYMMDD') as day,
    pg_total_relation_size(c.oid) as bytes,
    greatest(c.reltuples, 0)::bigint as "rowsEstimate"
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
  await db.query(
    `alter table ${table} attach partition ${name} for values from ('${day}') to ('${nextDay}')`,
  );
}

export async function dropPartition(db: Db, name: string): Promise<void> {
  await db.query(`drop table ${name}`);
}

// Two index probes per workspace for the span of the day; no scan of its events.
const FIND_HOLDER = `
  select w.name as workspace,
    case when span.last > reader.position then reader.connection else waiting.connection end as connection
  from workspaces w
  cross join lateral (
    select (select min(position) from events where workspace_id = w.id and day = $1::date) as first,
           (select max(position) from events where workspace_id = w.id and day = $1::date) as last
  ) span
  left join lateral (
    select connection, position from cursors where workspace_id = w.id order by position limit 1
  ) reader on true
  left join lateral (
    select connection from parked where workspace_id = w.id and position between span.first and span.last limit 1
  ) waiting on true
  where span.last > reader.position or waiting.connection is not null
  limit 1`;

export interface PartitionHolder {
  readonly workspace: string;
  readonly connection: string;
}

/** A reader that has not finished the events of a day yet, or that has parked one of them. */
export async function findHolderOfDay(db: Db, day: string): Promise<PartitionHolder | undefined> {
  const { rows } = await db.query<PartitionHolder>(FIND_HOLDER, [day]);
  return rows[0];
}
