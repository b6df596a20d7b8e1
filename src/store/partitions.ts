/** Day partitions: made ahead, so that an append at midnight finds its own. `retention.ts` drops them. */
import type { Pool, PoolClient } from 'pg';
import { LOCK_CLASSES } from './locks.ts';
import { createPartition, listPartitions, PARTITIONED_TABLES } from './queries/partitions.ts';
import type { Partition, PartitionedTable, PartitionSize } from './queries/partitions.ts';
import { withTransaction } from './transaction.ts';

export const DAY_MS = 86_400_000;

// A week survives a worker that is down over the holidays, while others go on appending.
const DAYS_AHEAD = 7;

// The database dates events by its own clock, which may be behind ours, across midnight.
const DAYS_BEHIND = 1;

/** Makes the partitions that are missing around `nowMs`, and returns their names. */
export async function ensurePartitions(
  pool: Pool,
  nowMs: number,
  daysAhead = DAYS_AHEAD,
): Promise<readonly string[]> {
  const wanted = PARTITIONED_TABLES.flatMap((table) =>
    Array.from({ length: DAYS_BEHIND + daysAhead + 1 }, (_, index) =>
      toPartition(table, nowMs + (index - DAYS_BEHIND) * DAY_MS),
    ),
  );
  // The usual case costs one look, no lock and no transaction.
  if ((await findMissing(pool, wanted)).length === 0) return [];
  return withTransaction(pool, async (db) => {
    await lockMaintenance(db);
    const missing = await findMissing(db, wanted);
    for (const partition of missing) {
      await createPartition(db, partition, nextDay(partition.day));
    }
    return missing.map(({ name }) => name);
  });
}

/** True for the error of an insert whose day has no partition (check_violation without a constraint's name). */
export function isPartitionMissing(error: unknown): boolean {
  const { code, constraint } = error as { readonly code?: unknown; readonly constraint?: unknown };
  return code === '23514' && constraint === undefined;
}

/** The partition of a table that holds the day of `timeMs`. */
export function toPartition(table: PartitionedTable, timeMs: number): Partition {
  const day = toDay(timeMs);
  return { table, name: `${table}_p${day.replaceAll('-', '')}`, day };
}

/** Reads a partition from its name; undefined when it is none of the table. */
export function parsePartition(table: PartitionedTable, name: string): Partition | undefined {
  const digits = name.startsWith(`${table}_p`) ? name.slice(table.length + 2) : '';
  const timeMs = Date.parse(digits.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3'));
  return Number.isNaN(timeMs) || toPartition(table, timeMs).name !== name
    ? undefined
    : toPartition(table, timeMs);
}

export function nextDay(day: string): string {
  return toDay(Date.parse(day) + DAY_MS);
}

/** Every partition with its size on disk, for `doctor`. */
export async function partitionSizes(pool: Pool): Promise<readonly PartitionSize[]> {
  return listPartitions(pool);
}

/** One process at a time makes and drops partitions. */
export async function lockMaintenance(db: PoolClient): Promise<void> {
  await db.query('select pg_advisory_xact_lock($1, 0)', [LOCK_CLASSES.maintenance]);
}

async function findMissing(
  db: Pool | PoolClient,
  wanted: readonly Partition[],
): Promise<readonly Partition[]> {
  const present = new Set((await listPartitions(db)).map(({ name }) => name));
  return wanted.filter(({ name }) => !present.has(name));
}

export function toDay(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}
