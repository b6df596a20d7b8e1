/**
 * Retention: whole days are dropped when they are older than asked for. It never takes an event that a reader, a
 * parked input or a running replay still needs, and for a while none that waits for a human: an open dead letter's
 * or a paused replay's.
 */
import type { Pool, PoolClient } from 'pg';
import { DAY_MS, lockMaintenance, toDay } from './partitions.ts';
import {
  dropPartition,
  findHolderOfAttempts,
  findHolderOfEvents,
  listPartitions,
} from './queries/partitions.ts';
import { deleteSentOnceBefore } from './queries/sent-once.ts';
import type { DayHolder, Partition, PartitionedTable, PartitionSize } from './queries/partitions.ts';
import { withTransaction } from './transaction.ts';

/** How many days each table keeps besides today. */
export interface Retention {
  readonly events: number;
  readonly attempts: number;
  readonly rejected: number;
}

export interface RetentionResult {
  readonly dropped: readonly string[];
  /** Expired, but still needed or in use; the next run looks again. */
  readonly kept: readonly { readonly name: string; readonly reason: string }[];
}

/**
 * How much longer than the retention an open dead letter or a paused replay keeps its days: a month, in which even a
 * team on holiday has seen it; one that is forgotten must not fill the disk for ever.
 */
export const FORGOTTEN_DAYS = 30;

/** Drops what is older than the retention, one transaction per partition. */
export async function dropExpiredPartitions(
  pool: Pool,
  days: Retention,
  nowMs: number,
): Promise<RetentionResult> {
  const keptDays = {
    events: days.events,
    rejected_events: days.rejected,
    attempts: days.attempts,
    duplicates: days.events,
  };
  for (const [table, count] of Object.entries(keptDays)) {
    // Yesterday's events are what tells duplicates of the last 24 hours.
    if (!Number.isInteger(count) || count < 1)
      throw new RangeError(`Retention of ${table}: ${String(count)} days.`);
  }
  const dropped: string[] = [];
  const kept: { name: string; reason: string }[] = [];
  for (const partition of await listPartitions(pool)) {
    const heldFrom = toDay(nowMs - (keptDays[partition.table] + FORGOTTEN_DAYS) * DAY_MS);
    if (partition.day >= toDay(nowMs - keptDays[partition.table] * DAY_MS)) continue;
    const reason = await dropUnlessNeeded(pool, partition, partition.day >= heldFrom);
    if (reason === undefined) dropped.push(partition.name);
    else kept.push({ name: partition.name, reason });
  }
  return { dropped, kept };
}

/**
 * How long the key of what may be sent only once is kept: a sender that loads the last year once more, a month late,
 * counts no purchase twice.
 */
const SENT_ONCE_DAYS = 400;

/** Forgets keys of what was sent only once, but none of which a replay could still find the event. */
export function forgetSentOnce(pool: Pool, days: Retention, nowMs: number): Promise<number> {
  const kept = Math.max(SENT_ONCE_DAYS, days.events + FORGOTTEN_DAYS);
  return deleteSentOnceBefore(pool, new Date(nowMs - kept * DAY_MS).toISOString());
}

/** A past or present day: what it takes on disk, and who needs its events. */
export interface StoredDay {
  readonly day: string;
  readonly bytes: Readonly<Record<PartitionedTable, number>>;
  readonly neededBy: string | undefined;
}

/** The days up to today that hold anything, oldest first. */
export async function listStoredDays(pool: Pool, nowMs: number): Promise<readonly StoredDay[]> {
  const days = new Map<string, Record<PartitionedTable, number>>();
  for (const { table, day, bytes, isEmpty } of await listPartitions(pool)) {
    if (day > toDay(nowMs) || isEmpty) continue;
    const sizes = days.get(day) ?? { events: 0, attempts: 0, rejected_events: 0, duplicates: 0 };
    sizes[table] = bytes;
    days.set(day, sizes);
  }
  const stored: StoredDay[] = [];
  for (const [day, bytes] of [...days].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const holder = await findHolderOfEvents(pool, day, true);
    stored.push({ day, bytes, neededBy: holder === undefined ? undefined : describeHolder(holder) });
  }
  return stored;
}

// Dropping locks the whole table. Waiting for a long read would hold up every append behind it, so rather
// come back another time: appends pause at most this long.
const DROP_LOCK_TIMEOUT = '500ms';

// lock_not_available and deadlock_detected (postgresql.org/docs/18/errcodes-appendix.html).
const BUSY = new Set(['55P03', '40P01']);

/** Why the partition stays, or undefined when it is gone. */
async function dropUnlessNeeded(
  pool: Pool,
  partition: PartitionSize,
  areForgottenHeld: boolean,
): Promise<string | undefined> {
  try {
    return await withTransaction(pool, async (db) => {
      await lockMaintenance(db);
      const isThere = (await listPartitions(db)).some(({ name }) => name === partition.name);
      if (!isThere) return undefined; // Another worker was first.
      const holder = await findHolder(db, partition, areForgottenHeld);
      if (holder !== undefined) return describeHolder(holder);
      await db.query(`set local lock_timeout = '${DROP_LOCK_TIMEOUT}'`);
      await dropPartition(db, partition.name);
      return undefined;
    });
  } catch (error) {
    if (!BUSY.has((error as { code?: string }).code ?? '')) throw error;
    return 'in use';
  }
}

async function findHolder(
  db: Pool | PoolClient,
  { table, day }: Partition,
  areForgottenHeld: boolean,
): Promise<DayHolder | undefined> {
  switch (table) {
    case 'events':
      return findHolderOfEvents(db, day, areForgottenHeld);
    case 'attempts':
      return findHolderOfAttempts(db, areForgottenHeld);
    case 'rejected_events':
    case 'duplicates':
      return undefined; // Nothing reads them but people.
  }
}

function describeHolder({ connection, workspace, reason }: DayHolder): string {
  return `${connection} of ${workspace} ${reason}`;
}
