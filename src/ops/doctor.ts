/**
 * Looks a Linchpin over: database, partitions, readers, what is stuck, the disk. Every finding says what was
 * seen; one that is not fine says what to do.
 */
import { statfs } from 'node:fs/promises';
import type { Clock } from '../kernel/clock.ts';
import { partitionSizes, toPartition } from '../store/partitions.ts';
import { countRejectedOfLastDay, listSuspensions, readServerHealth } from '../store/queries/health.ts';
import { listAppliedMigrations } from '../store/queries/migrations.ts';
import { PARTITIONED_TABLES } from '../store/queries/partitions.ts';
import { listProgress } from '../store/queries/summary.ts';
import { findWorkspaceId, listWorkspaces } from '../store/queries/workspaces.ts';
import type { Store } from '../store/store.ts';
import { formatBytes, formatCount } from './amounts.ts';

export interface Finding {
  readonly level: 'fine' | 'look' | 'act';
  /** What was looked at: `postgresql`, `disk`, `reader hubspot`. */
  readonly topic: string;
  readonly text: string;
  readonly remedy?: string;
}

export interface Patient {
  readonly store: Pick<Store, 'kind' | 'pool'>;
  readonly dataDir: string;
  readonly clock: Clock;
}

export async function examine(patient: Patient): Promise<readonly Finding[]> {
  const { pool } = patient.store;
  const findings = [...(await examineServer(patient)), ...(await examinePartitions(patient))];
  const workspaces = await listWorkspaces(pool);
  if (workspaces.length === 0) {
    const remedy = 'Run linchpin up, or linchpin apply, with a configuration.';
    findings.push({ level: 'look', topic: 'workspace', text: 'No workspace was ever applied.', remedy });
  }
  for (const name of workspaces) findings.push(...(await examineWorkspace(patient, name)));
  return [...findings, ...(await examineDisk(patient))];
}

// Events are dated by the database and due times by this machine; a retry that comes this early or late harms
// nobody, more is a clock that nobody sets.
const CLOCK_DIFFERENCE_MAX_MS = 5_000;

// Readers and ingest share 16 connections per process; with fewer left a second process cannot start.
const CONNECTIONS_SPARE_MIN = 16;

async function examineServer({ store, clock }: Patient): Promise<readonly Finding[]> {
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

// Beyond this a reader is not merely busy: HubSpot takes some 1,900 contacts a second at the best plan.
const BEHIND_MAX = 100_000;

async function examineWorkspace({ store: { pool } }: Patient, name: string): Promise<readonly Finding[]> {
  const id = await findWorkspaceId(pool, name);
  if (id === undefined) return []; // Removed since it was listed.
  const suspensions = new Map((await listSuspensions(pool, id)).map((each) => [each.connection, each]));
  const readers = (await listProgress(pool, id)).map(
    ({ connection, behind, parked, deadLetters }): Finding => {
      const topic = `reader ${name}/${connection}`;
      const text = `${formatCount(behind, 'event')} behind, ${String(parked)} parked, ${formatCount(deadLetters, 'dead letter')}`;
      const suspension = suspensions.get(connection);
      if (suspension !== undefined) {
        const { fault, suspendedAt } = suspension;
        const since = suspendedAt.toISOString();
        const remedy =
          'Correct the credential in linchpin.yaml and apply it; linchpin connectors test says what is wrong.';
        return {
          level: 'act',
          topic,
          text: `Suspended since ${since}: ${fault.message} (${fault.code}). ${text}`,
          remedy,
        };
      }
      if (deadLetters > 0) return { level: 'look', topic, text, remedy: 'See linchpin dead-letters list.' };
      if (behind > BEHIND_MAX)
        return {
          level: 'look',
          topic,
          text,
          remedy: 'See whether linchpin up is running, and linchpin deliveries list.',
        };
      return { level: 'fine', topic, text };
    },
  );
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

async function examineDisk({ store, dataDir }: Patient): Promise<readonly Finding[]> {
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
