/** Whether this process can do its work, for load balancers and operators: what is missing, and what to do about it. */
import type { Pool } from 'pg';
import type { Worker } from '../delivery/index.ts';
import type { Clock } from '../kernel/clock.ts';
import type { LinchpinError } from '../kernel/errors.ts';
import { findPending, loadMigrations } from '../store/migrate.ts';
import { toPartition } from '../store/partitions.ts';
import { listAppliedMigrations } from '../store/queries/migrations.ts';
import { listPartitions, PARTITIONED_TABLES } from '../store/queries/partitions.ts';
import { formatCount } from './amounts.ts';

export interface Readiness {
  /** Whether every check that this process cannot work without is `ok`. */
  readonly ready: boolean;
  readonly checks: readonly ReadinessCheck[];
}

export interface ReadinessCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  /** What to do, when it is not `ok`. */
  readonly remedy?: string;
}

export interface ReadinessParts {
  readonly pool: Pool;
  readonly clock: Clock;
  /** Absent in a process that reads nothing. */
  readonly worker?: Pick<Worker, 'report' | 'isRegistered'>;
  /** Absent in a process that takes nothing in. */
  readonly ingest?: { readonly refusal: () => LinchpinError | undefined };
}

/**
 * Ready means that the process does what it is for: it can take events in, or read. A suspended connection, or a shard
 * that nobody reads, is told of and makes nobody unready: it keeps no event out, and sending traffic elsewhere would
 * not mend it.
 */
export async function assessReadiness(parts: ReadinessParts): Promise<Readiness> {
  const needed = [...(await checkStore(parts)), ...checkWorker(parts), ...checkIngest(parts)];
  const ready = needed.every(({ ok }) => ok);
  return { ready, checks: [...needed, ...checkReaders(parts)] };
}

// Load balancers give up after some seconds; a database that takes longer than this to say hello is not there.
const STORE_TIMEOUT_MS = 3_000;

async function checkStore(parts: ReadinessParts): Promise<readonly ReadinessCheck[]> {
  const given = new AbortController();
  try {
    return await Promise.race([
      lookIntoStore(parts),
      parts.clock.sleep(STORE_TIMEOUT_MS, given.signal).then(() => {
        throw new Error(`no answer within ${String(STORE_TIMEOUT_MS / 1_000)} s`);
      }),
    ]);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const remedy =
      'See whether PostgreSQL runs and can be reached; Linchpin goes on by itself when it is back.';
    return [{ name: 'postgresql', ok: false, detail, remedy }];
  } finally {
    given.abort();
  }
}

async function lookIntoStore({ pool, clock }: ReadinessParts): Promise<readonly ReadinessCheck[]> {
  const pending = findPending(await loadMigrations(), await appliedMigrations(pool));
  const present = new Set((await listPartitions(pool)).map(({ name }) => name));
  const missing = PARTITIONED_TABLES.filter((table) => !present.has(toPartition(table, clock.now()).name));
  return [
    { name: 'postgresql', ok: true, detail: 'answers' },
    pending.length === 0
      ? { name: 'migrations', ok: true, detail: 'none waiting' }
      : {
          name: 'migrations',
          ok: false,
          detail: `${formatCount(pending.length, 'migration')} waiting`,
          remedy: 'The store is older than this process: restart linchpin up, which migrates it.',
        },
    missing.length === 0
      ? { name: 'partitions', ok: true, detail: 'today has its own' }
      : {
          name: 'partitions',
          ok: false,
          detail: `none for today: ${missing.join(', ')}`,
          remedy: 'Start linchpin up: it makes them a week ahead. See its log for maintenance.failed.',
        },
  ];
}

// undefined_table (postgresql.org/docs/18/errcodes-appendix.html): nothing was ever migrated.
const NO_TABLE = '42P01';

async function appliedMigrations(pool: Pool): ReturnType<typeof listAppliedMigrations> {
  try {
    return await listAppliedMigrations(pool);
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === NO_TABLE) return [];
    throw error;
  }
}

function checkWorker({ worker }: ReadinessParts): readonly ReadinessCheck[] {
  if (worker === undefined) return [{ name: 'worker', ok: true, detail: 'not the task of this process' }];
  if (worker.isRegistered) return [{ name: 'worker', ok: true, detail: 'registered' }];
  const remedy = 'It registers by itself once PostgreSQL answers; see its log for delivery.* lines.';
  return [{ name: 'worker', ok: false, detail: 'not registered, so it may not read', remedy }];
}

function checkIngest({ ingest }: ReadinessParts): readonly ReadinessCheck[] {
  if (ingest === undefined) return [{ name: 'ingest', ok: true, detail: 'not the task of this process' }];
  const refusal = ingest.refusal();
  if (refusal === undefined) return [{ name: 'ingest', ok: true, detail: 'takes events in' }];
  return [{ name: 'ingest', ok: false, detail: refusal.message, remedy: refusal.remedy }];
}

/** Each connection, all its shards together. */
function checkReaders({ worker }: ReadinessParts): readonly ReadinessCheck[] {
  const states = new Map<string, string[]>();
  for (const { workspace, connection, state } of worker?.report() ?? []) {
    const name = `reader ${workspace}/${connection}`;
    states.set(name, [...(states.get(name) ?? []), state]);
  }
  return [...states].map(([name, all]): ReadinessCheck => {
    const detail = [...new Set(all)].map((state) => describeState(state, all)).join(', ');
    if (all.includes('suspended')) {
      const remedy = 'Correct its credentials; linchpin connectors test says what is wrong.';
      return { name, ok: false, detail, remedy };
    }
    if (all.includes('waiting')) {
      const remedy = 'A worker takes it within ten seconds; if none does, start linchpin worker.';
      return { name, ok: false, detail, remedy };
    }
    return { name, ok: true, detail };
  });
}

function describeState(state: string, all: readonly string[]): string {
  const word = STATE_WORDS[state] ?? state;
  if (all.length === 1) return word;
  return `${String(all.filter((each) => each === state).length)} of ${String(all.length)} shards ${word}`;
}

const STATE_WORDS: Readonly<Record<string, string>> = {
  elsewhere: 'read by another worker',
  waiting: 'waiting for a worker',
};
