/** What a soak looks at every few seconds: memory and file handles of processes, connections and tables of the database. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Pool } from 'pg';
import { request } from 'undici';
import type { KillableProcess } from './killable-process.ts';

export interface ProcessSample {
  readonly rssMb: number;
  /** As the process itself says; NaN when it did not answer. */
  readonly heapMb: number;
  readonly fileHandles: number;
}

export interface Sample {
  readonly atSeconds: number;
  readonly processes: Readonly<Record<string, ProcessSample>>;
  /** Connections to the database, of all processes. */
  readonly connections: number;
  /** Rows of the tables that must not grow with time. */
  readonly rows: Readonly<Record<string, number>>;
  /** Megabytes of the tables that are updated in place, dead rows and indexes included. */
  readonly bloatMb: number;
  /** Megabytes of everything: grows with the events. */
  readonly databaseMb: number;
}

const MB = 1024 ** 2;
const KB_PER_MB = 1024;

const STORE = `
  select
    (select count(*)::integer from pg_stat_activity where datname = current_database()) as connections,
    (select count(*)::integer from parked) as parked,
    (select count(*)::integer from workers) as workers,
    (select count(*)::integer from limits) as limits,
    (select count(*)::integer from cursors) as cursors,
    (select count(*)::integer from dead_letters) as dead_letters,
    (select sum(pg_total_relation_size(name::regclass))
      from unnest(array['parked', 'workers', 'limits', 'cursors', 'dead_letters']) as t(name))::bigint as bloat,
    pg_database_size(current_database()) as size`;

interface StoreRow {
  readonly connections: number;
  readonly parked: number;
  readonly workers: number;
  readonly limits: number;
  readonly cursors: number;
  readonly dead_letters: number;
  readonly bloat: number;
  readonly size: number;
}

/** Looks at the processes named, which must be running, and at the database. */
export async function takeSample(
  atSeconds: number,
  pool: Pool,
  processes: readonly KillableProcess[],
): Promise<Sample> {
  const { rows } = await pool.query<StoreRow>(STORE);
  const [row] = rows;
  if (row === undefined) throw new Error('A statement without conditions returned no row.');
  const { connections, bloat, size, ...counts } = row;
  const looked = await Promise.all(processes.map(async (each) => [each.name, await lookAt(each)] as const));
  return {
    atSeconds,
    processes: Object.fromEntries(looked),
    connections,
    rows: counts,
    bloatMb: bloat / MB,
    databaseMb: size / MB,
  };
}

async function lookAt(running: KillableProcess): Promise<ProcessSample> {
  const folder = `/proc/${String(running.pid)}`;
  const rss = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`${folder}/status`, 'utf8'))?.[1];
  return {
    rssMb: Number(rss) / KB_PER_MB,
    heapMb: await readHeapMb(running.ready),
    fileHandles: readdirSync(`${folder}/fd`).length,
  };
}

async function readHeapMb(url: string): Promise<number> {
  try {
    const answer = await request(`${url}/metrics`);
    const found = /^nodejs_heap_size_used_bytes\S* (\S+)$/m.exec(await answer.body.text())?.[1];
    return Number(found) / MB;
  } catch {
    // A sample without it is better than none; the resident size tells of a leak too.
    return Number.NaN;
  }
}

/** How much a straight line through the values rises from the first to the last. */
export function riseOf(values: readonly number[]): number {
  const count = values.length;
  const middle = (count - 1) / 2;
  const mean = average(values);
  const steepness =
    values.reduce((sum, value, index) => sum + (index - middle) * (value - mean), 0) /
    values.reduce((sum, _value, index) => sum + (index - middle) ** 2, 0);
  return count < 2 ? 0 : steepness * (count - 1);
}

export function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
