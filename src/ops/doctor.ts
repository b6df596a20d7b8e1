/**
 * Looks a Linchpin over: database, partitions, readers, what is stuck, the disk. Every finding says what was
 * seen; one that is not fine says what to do.
 */
import { statfs } from 'node:fs/promises';
import type { Clock } from '../kernel/clock.ts';
import { DAY_MS, partitionSizes, toPartition } from '../store/partitions.ts';
import { countRejectedOfLastDay, readServerHealth } from '../store/queries/health.ts';
import { listAppliedMigrations } from '../store/queries/migrations.ts';
import { PARTITIONED_TABLES } from '../store/queries/partitions.ts';
import { findWorkspaceId, listWorkspaces } from '../store/queries/workspaces.ts';
import { listStoredDays } from '../store/retention.ts';
import type { StoredDay } from '../store/retention.ts';
import type { Store } from '../store/store.ts';
import { formatBytes, formatCount } from './amounts.ts';
import { examineReaders } from './examine-readers.ts';
import type { Finding } from './finding.ts';

export interface Patient {
  readonly store: Pick<Store, 'kind' | 'pool'>;
  readonly dataDir: string;
  readonly clock: Clock;
}

export interface Examination {
  readonly findings: readonly Finding[];
  /** What is kept of each day, the oldest first. */
  readonly days: readonly StoredDay[];
}

export async function examine(patient: Patient): Promise<Examination> {
  const { pool } = patient.store;
  const findings = [...(await examineServer(patient)), ...(await examinePartitions(patient))];
  const workspaces = await listWorkspaces(pool);
  if (workspaces.length === 0) {
    const remedy = 'Run linchpin up, or linchpin apply, with a configuration.';
    findings.push({ level: 'look', topic: 'workspace', text: 'No workspace was ever applied.', remedy });
  }
  for (const name of workspaces) findings.push(...(await examineWorkspace(patient, name)));
  const days = await listStoredDays(pool, patient.clock.now());
  findings.push(...examineDays(days, patient.clock.now()), ...(await examineDisk(patient)));
  return { findings, days };
}

// Events are dated by the database and due times by this machine; a retry that comes this early or late harms
// nobody, more is a clock that nobody sets.
const CLOCK_DIFFERENCE_MAX_MS = 5_000;

// Readers and ingest share 16 connections per process; with fewer left a second process cannot start.
const CONNECTIONS_SPARE_MIN = 16;

export async function examineServer({ store, clock }: Patient): Promise<readonly Finding[]> {
  const health = await readServerHealth(store.pool);
  const differenceMs = Math.abs(health.now.getTime() - clock.now());
  const spare = health.connectionsMax - health.connectionsUsed;
  const migrations = await listAppliedMigrations(store.pool);
  const version = `PostgreSQL ${health.version}, ${store.kind}, ${formatBytes(health.databaseBytes)}`;
  const seconds = (differenceMs / 1_000).toFixed(1);
  return [
    { level: 'fine', topic: 'postgresql', text: version },
    {
      level: 'fine',
      topic: 'migrations',
      text: `${formatCount(migrations.length, 'migration')} applied, none waiting`,
    },
    spare >= CONNECTIONS_SPARE_MIN
      ? {
          level: 'fine',
          topic: 'connections',
          text: `${String(health.connectionsUsed)} of ${String(health.connectionsMax)} in use`,
        }
      : {
          level: 'look',
          topic: 'connections',
          text: `${String(health.connectionsUsed)} of ${String(health.connectionsMax)} in use`,
          remedy: 'Raise max_connections of PostgreSQL, or stop what else uses it.',
        },
    differenceMs <= CLOCK_DIFFERENCE_MAX_MS
      ? {
          level: 'fine',
          topic: 'clock',
          text: `The database agrees within ${seconds} s; its time zone is ${health.timeZone}`,
        }
      : {
          level: 'act',
          topic: 'clock',
          text: `The clocks of this machine and of the database differ by ${seconds} s.`,
          remedy: 'Set both by NTP: retries and retention follow them.',
        },
  ];
}

async function examinePartitions({ store, clock }: Patient): Promise<readonly Finding[]> {
  const partitions = await partitionSizes(store.pool);
  const names = new Set(partitions.map(({ name }) => name));
  return PARTITIONED_TABLES.map((table): Finding => {
    const own = partitions.filter((partition) => partition.table === table);
    const bytes = own.reduce((sum, partition) => sum + partition.bytes, 0);
    const days = `${own[0]?.day ?? ''} to ${own.at(-1)?.day ?? ''}`;
    const topic = `table ${table}`;
    if (names.has(toPartition(table, clock.now()).name)) {
      return {
        level: 'fine',
        topic,
        text: `${formatCount(own.length, 'day')}, ${days}, ${formatBytes(bytes)}`,
      };
    }
    const remedy = 'Start linchpin up: it makes partitions ahead. Until then nothing can be taken in.';
    return { level: 'act', topic, text: 'There is no partition for today.', remedy };
  });
}

// The shortest backlog that is worth a look by itself: a weekend that nobody watched, and some more.
const NEEDED_DAYS_MAX = 7;

/** The oldest day whose events somebody needs still, and who: retention waits for that. */
function examineDays(days: readonly StoredDay[], nowMs: number): readonly Finding[] {
  const oldest = days.find(({ neededBy }) => neededBy !== undefined);
  if (oldest?.neededBy === undefined) {
    return days.length === 0
      ? []
      : [{ level: 'fine', topic: 'retention', text: 'No day is needed by anyone' }];
  }
  const text = `The oldest day that is needed is ${oldest.day}: ${oldest.neededBy}`;
  if (nowMs - Date.parse(oldest.day) < NEEDED_DAYS_MAX * DAY_MS)
    return [{ level: 'fine', topic: 'retention', text }];
  const remedy = 'Retention keeps it until then: see what the reader, dead letter or replay waits for.';
  return [{ level: 'look', topic: 'retention', text, remedy }];
}

async function examineWorkspace(
  { store: { pool }, clock }: Patient,
  name: string,
): Promise<readonly Finding[]> {
  const id = await findWorkspaceId(pool, name);
  if (id === undefined) return []; // Removed since it was listed.
  const readers = await examineReaders(pool, clock, { id, name });
  const rejected = (await countRejectedOfLastDay(pool, id)).map(({ source, code, count }): Finding => ({
    level: 'look',
    topic: `source ${name}/${source}`,
    text: `${formatCount(count, 'event')} rejected in the last day: ${code}`,
    remedy: `See linchpin events tail --rejected, and docs/errors/${code}.md.`,
  }));
  return [...readers, ...rejected];
}

// PostgreSQL stops when the disk is full; a day of a busy site fits into this.
const FREE_BYTES_MIN = 1024 ** 3;

export async function examineDisk({ store, dataDir }: Patient): Promise<readonly Finding[]> {
  if (store.kind === 'external') return [];
  const { bavail, bsize } = await statfs(dataDir);
  const free = bavail * bsize;
  const text = `${formatBytes(free)} free for ${dataDir}`;
  if (free >= FREE_BYTES_MIN) return [{ level: 'fine', topic: 'disk', text }];
  return [
    {
      level: 'act',
      topic: 'disk',
      text,
      remedy: 'Make room, or keep records for fewer days (retention in linchpin.yaml).',
    },
  ];
}
