/**
 * What the suites of the engine stand on: an embedded PostgreSQL in the process of the benchmark, workspaces
 * with any number of connections to local vendors, backlogs, and what PostgreSQL spends.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { connectors } from '../../src/connectors/registry.ts';
import { applyDefinition } from '../../src/flows/apply.ts';
import { makeRegistry } from '../../src/flows/registry.ts';
import { DEFAULT_DELIVERY } from '../../src/flows/workspace.ts';
import type { WorkspaceDefinition } from '../../src/flows/workspace.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import type { NewEvent } from '../../src/kernel/event.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import { PostgresLog } from '../../src/log/index.ts';
import { openSealer } from '../../src/store/seal.ts';
import { openStore } from '../../src/store/store.ts';
import { cpuSecondsOf, reapedCpuSecondsOf } from '../support/linchpin-process.ts';
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder.ts';
import { benchConnector } from './bench-connector.ts';
import type { LinchpinArguments } from './bench-process.ts';
import { identifyCall, inParallel } from './measure.ts';

export interface ConnectionPlan {
  readonly url: string;
  /** That of the benchmarks when absent. */
  readonly connector?: string;
  readonly preset: string;
  readonly settings?: JsonObject;
  readonly token?: string;
  readonly shards?: number;
}

/** A workspace of its own for one run, so that runs do not meet in an index. */
export interface BenchWorkspace {
  readonly id: number;
  readonly pool: Pool;
  readonly log: PostgresLog;
  /** What its source expects of senders. */
  readonly writeKey: string;
  /** For the processes that serve it. */
  readonly arguments: Omit<LinchpinArguments, 'role'>;
}

export interface EngineBench {
  readonly pool: Pool;
  makeWorkspace(connections: readonly ConnectionPlan[]): Promise<BenchWorkspace>;
  /** Seconds of CPU that all processes of PostgreSQL have used. */
  postgresCpuSeconds(): number;
  close(): Promise<void>;
}

const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };

export async function openEngineBench(): Promise<EngineBench> {
  const folder = makeTemporaryFolder();
  const dataDir = join(folder, 'data');
  const store = await openStore({ dataDir, access: 'own', log: SILENT });
  const { pool } = store;
  const registry = makeRegistry([...connectors, benchConnector]);
  const sealer = openSealer({ dataDir, masterKey: undefined });
  let workspaceCount = 0;
  const close = async (): Promise<void> => {
    await store.close();
    removeFolder(folder);
  };
  // The server would outlive a benchmark that is interrupted.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void close().finally(() => process.exit(1)));
  }
  return {
    pool,
    makeWorkspace: async (connections) => {
      workspaceCount += 1;
      const definition = define(`bench-${String(workspaceCount)}`, connections);
      const { workspaceId: id } = await applyDefinition({ pool, definition, sealer, registry });
      return {
        id,
        pool,
        writeKey: writeKeyOf(definition.name),
        log: new PostgresLog({ pool, workspaceId: id, clock: systemClock }),
        arguments: { definition, dataDir, databaseUrl: store.connectionString.reveal() },
      };
    },
    postgresCpuSeconds: () => {
      const [postmaster = 0, ...children] = store.pgProcessIds?.() ?? [];
      const living = children.map(cpuSecondsOf).reduce((sum, each) => sum + each, 0);
      return cpuSecondsOf(postmaster) + reapedCpuSecondsOf(postmaster) + living;
    },
    close,
  };
}

function writeKeyOf(workspace: string): string {
  return `wk_${workspace}`;
}

function define(name: string, plans: readonly ConnectionPlan[]): WorkspaceDefinition {
  const named = plans.map((plan, index) => ({ ...plan, name: `vendor-${String(index + 1)}` }));
  const credential = writeKeyOf(name);
  return {
    name,
    sources: [
      { name: 'site', type: 'segment', settings: {}, secrets: { write_key: credential }, credential },
    ],
    connections: named.map((each) => ({
      name: each.name,
      connector: each.connector ?? 'bench',
      settings: { base_url: each.url, ...each.settings },
      secrets: { access_token: each.token ?? 'bench' },
      delivery: { ...DEFAULT_DELIVERY, shards: each.shards ?? 1 },
    })),
    flows: named.map((each) => ({
      name: `to-${each.name}`,
      preset: each.preset,
      from: 'site',
      to: each.name,
      options: {},
    })),
  };
}

/** People whose events make up a backlog. */
export const PEOPLE = 50_000;

// A stride without a common factor with PEOPLE: neighbours in the log belong to people far apart.
const STRIDE = 7_919;

export function personOf(index: number): number {
  return (index * STRIDE) % PEOPLE;
}

/** An event of about 1 kB as ingest makes it of an identify call; ids and values do not repeat, as in life. */
export function backlogEvent(index: number): NewEvent {
  const person = personOf(index);
  const at = new Date().toISOString();
  return {
    id: randomUUID(),
    source: 'site',
    type: 'identify',
    name: null,
    personKey: `user-${String(person)}`,
    occurredAt: at,
    receivedAt: at,
    body: JSON.stringify(variedCall(person, index)),
  };
}

// Multiplied with these, neighbouring numbers look unrelated (the constants of xxHash and splitmix).
const scatter = (value: number, factor: number): number => Math.imul(value + 1, factor) >>> 0;

function wordOf(person: number): string {
  return scatter(person, 0x9e3779b1).toString(36);
}

export function emailOf(person: number): string {
  const word = wordOf(person);
  return `${word}.${String(person)}@${word.slice(0, 3)}.example.com`;
}

function variedCall(person: number, index: number): Record<string, unknown> {
  const a = wordOf(person);
  const b = scatter(index, 0x85ebca77).toString(36);
  const call = identifyCall(person, 'backlog');
  return {
    ...call,
    messageId: `${a}-${b}`,
    traits: {
      ...(call['traits'] as object),
      email: emailOf(person),
      firstName: a.slice(0, 4),
      lastName: b,
      phone: `+4670${String(scatter(index, 0xc2b2ae3d))}`,
      website: `https://${a}.example.com/${b}`,
    },
  };
}

// As many as one append of the log takes, and enough appends in flight that none waits for the next.
const APPEND_EVENTS = 1_000;
const APPENDS_AT_ONCE = 4;

/** Appends a backlog through the log, as ingest does. */
export async function appendBacklog(log: PostgresLog, count: number): Promise<void> {
  await inParallel(APPENDS_AT_ONCE, Math.ceil(count / APPEND_EVENTS), async (call) => {
    const first = call * APPEND_EVENTS;
    const size = Math.min(APPEND_EVENTS, count - first);
    await log.append(Array.from({ length: size }, (_, index) => backlogEvent(first + index)));
  });
}
