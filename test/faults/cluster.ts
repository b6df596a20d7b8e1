/**
 * A Linchpin of several processes that can each be killed: PostgreSQL, ingest, workers, and HubSpot as a process
 * whose memory survives it.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_TOKEN } from '../../emulators/hubspot/index.ts';
import type { Pool } from 'pg';
import { Redacted } from '../../src/kernel/redacted.ts';
import { makePool } from '../../src/store/pool.ts';
import { makeRecordedLog } from '../support/recorded-log.ts';
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder.ts';
import { KillablePostgres } from './killable-postgres.ts';
import { KillableProcess } from './killable-process.ts';

export const WRITE_KEY = 'wk_faults';

/** The built programs of a run. */
export interface Programs {
  readonly linchpin: string;
  /** `hubspot-main.ts`. */
  readonly hubspot: string;
}

export interface ClusterOptions {
  readonly programs: Programs;
  readonly ingests?: number;
  readonly workers?: number;
  readonly shards?: number;
  /** How long the vendor takes for a call at the most. */
  readonly latencyMs?: number;
}

export interface Cluster {
  readonly journal: string;
  /** A call that reached the vendor has taken effect after this, whatever became of its sender. */
  readonly effectMs: number;
  readonly postgres: KillablePostgres;
  readonly hubspot: KillableProcess;
  readonly ingests: readonly KillableProcess[];
  readonly workers: readonly KillableProcess[];
  /** For looking into the database; survives its kills. */
  readonly pool: Pool;
  close(): Promise<void>;
}

// For the vendor to get to it on a busy machine.
const EFFECT_SLACK_MS = 100;

const READY = /(http:\/\/127\.0\.0\.1:\d+)/;

export async function startCluster({
  programs,
  ingests = 2,
  workers = 2,
  shards = 4,
  latencyMs = 300,
}: ClusterOptions): Promise<Cluster> {
  const folder = makeTemporaryFolder();
  const journal = join(folder, 'hubspot.jsonl');
  const postgres = await KillablePostgres.start(join(folder, 'postgres'));
  let port = '0';
  const hubspot = new KillableProcess({
    name: 'hubspot',
    main: programs.hubspot,
    args: () => ['--port', port, '--journal', journal, '--latency-ms', String(latencyMs)],
    cwd: folder,
    ready: READY,
  });
  await hubspot.start();
  port = new URL(hubspot.ready).port;
  writeFileSync(join(folder, 'linchpin.yaml'), configuration(hubspot.ready, shards));
  const env = {
    DATABASE_URL: postgres.url,
    // Any key will do, as long as all processes have the same.
    LINCHPIN_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
    LINCHPIN_LOG_LEVEL: 'warn',
  };
  const linchpin = (name: string, args: readonly string[], ready: RegExp): KillableProcess =>
    new KillableProcess({
      name,
      main: programs.linchpin,
      args: () => [...args, '--data', name],
      cwd: folder,
      env,
      ready,
    });
  const numbers = (count: number): readonly number[] =>
    Array.from({ length: count }, (_none, index) => index + 1);
  const cluster = {
    journal,
    effectMs: latencyMs / 2 + EFFECT_SLACK_MS,
    postgres,
    hubspot,
    ingests: numbers(ingests).map((number) =>
      linchpin(
        `ingest-${String(number)}`,
        ['up', '--role', 'ingest', '--port', '0', '--config', 'linchpin.yaml'],
        READY,
      ),
    ),
    workers: numbers(workers).map((number) =>
      linchpin(`worker-${String(number)}`, ['worker', '--port', '0'], READY),
    ),
    pool: makePool({
      connectionString: new Redacted(postgres.url),
      applicationName: 'faults',
      connectionsMax: 2,
      log: makeRecordedLog(),
    }),
  };
  const processes = [...cluster.ingests, ...cluster.workers, hubspot];
  const close = async (): Promise<void> => {
    for (const each of processes) each.resume();
    await Promise.all(processes.map((each) => each.stop()));
    await cluster.pool.end();
    await postgres.stop();
    removeFolder(folder);
  };
  try {
    // The first one applies the configuration.
    for (const each of cluster.ingests) await each.start();
    await Promise.all(cluster.workers.map((each) => each.start()));
  } catch (error) {
    await close();
    throw error;
  }
  return { ...cluster, close };
}

function configuration(hubspotUrl: string, shards: number): string {
  return `workspace: faults
sources:
  site: { type: segment, write_key: ${WRITE_KEY} }
connections:
  hubspot:
    connector: hubspot
    access_token: ${DEFAULT_TOKEN}
    base_url: "${hubspotUrl}"
    plan: professional
    delivery: { shards: ${String(shards)}, retry: { attempts: 100, first_wait_seconds: 1, factor: 1 } }
flows:
  - { preset: hubspot/identify, from: site, to: hubspot }
`;
}
