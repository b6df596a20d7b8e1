/**
 * The composition root: puts store, log, ingest, delivery and HTTP together and takes them apart again. The
 * only place that knows them all.
 */
import { hostname } from 'node:os';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { connectors as allConnectors } from './connectors/registry.ts';
import { toLine, Worker } from './delivery/index.ts';
import { applyDefinition } from './flows/apply.ts';
import { loadWorkspace } from './flows/load.ts';
import { makeRegistry } from './flows/registry.ts';
import type { Workspace, WorkspaceDefinition } from './flows/workspace.ts';
import { makeServer } from './http/index.ts';
import type { ServerParts } from './http/index.ts';
import type { AnyConnector } from './kit/index.ts';
import { systemClock, systemRandom } from './kernel/clock.ts';
import type { Redacted } from './kernel/redacted.ts';
import { PostgresLog } from './log/index.ts';
import type { EventLog } from './log/index.ts';
import { Intake, makeWebhookTargets } from './ingest/index.ts';
import { startMaintenance } from './ops/maintenance.ts';
import { startOperations } from './ops/operations.ts';
import type { Operations } from './ops/operations.ts';
import { warnOfSurroundings } from './ops/startup.ts';
import { readVersion } from './ops/version.ts';
import { deleteDeadLocalWorkers } from './store/local-workers.ts';
import type { Retention } from './store/retention.ts';
import { findStartMark } from './store/process-identity.ts';
import { insertRejectedEvents } from './store/queries/rejected-events.ts';
import { findSourceByCredential } from './store/queries/sources.ts';
import { listWorkspaces } from './store/queries/workspaces.ts';
import { loadApiToken } from './store/api-token.ts';
import { ConnectionLogin } from './store/logins.ts';
import { openSealer } from './store/seal.ts';
import { Signals } from './store/signals.ts';
import { openStore } from './store/store.ts';
import type { OpenStore, Store } from './store/store.ts';

/** What a process does: take events in, read and deliver them, or both. */
export type Role = 'ingest' | 'worker' | 'all';

interface EngineOptions {
  readonly dataDir: string;
  /** An external PostgreSQL; the embedded one when absent. */
  readonly databaseUrl: Redacted | undefined;
  /** Seals secrets; a key file in the data folder when absent. */
  readonly masterKey: Redacted | undefined;
  readonly logger: Logger;
  /** What it can be connected to; everything that this version knows when absent. */
  readonly connectors?: readonly AnyConnector[];
  /** The embedded PostgreSQL died and could not be started again: nothing works any more. */
  readonly onStoreLost?: (error: Error) => void;
}

export interface LinchpinOptions extends EngineOptions {
  readonly definition: WorkspaceDefinition;
  /** `all` when absent. */
  readonly role?: Role;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly trustProxy: boolean;
  readonly retention: Retention;
  /** Opens the management API; a token file in the data folder when absent. */
  readonly apiToken?: Redacted | undefined;
}

export interface WorkerProcessOptions extends EngineOptions {
  /** The one workspace to read; every workspace of the store when absent. */
  readonly workspace: string | undefined;
  /** Where health and metrics are told; nowhere when absent. */
  readonly listen: { readonly host: string; readonly port: number } | undefined;
}

export interface Linchpin {
  readonly url: string;
  /** Where the token of the management API is kept, when the environment does not give it. */
  readonly apiTokenFile: string | undefined;
  /**
   * Stops accepting, lets what is in flight finish, hands its readers over, closes the store. False when batches were
   * still in flight after `drainMs`.
   */
  close(drainMs?: number): Promise<boolean>;
}

export interface WorkerProcess extends Omit<Linchpin, 'url' | 'apiTokenFile'> {
  readonly url: string | undefined;
}

/** Opens the store, applies the definition, and starts taking in and delivering events. */
export async function startLinchpin(options: LinchpinOptions): Promise<Linchpin> {
  const { definition, role = 'all', host, port, trustProxy, retention } = options;
  const engine = await openEngine(options, { access: 'own', workspace: definition.name, role });
  const { pool, clock, logger, closing, operations } = engine;
  try {
    const api = loadApiToken(options.dataDir, options.apiToken);
    const { workspaceId } = await applyDefinition({ ...engine, definition });
    if (role !== 'ingest') await startWorker(engine, role, definition.name);
    const stopMaintenance = startMaintenance({ pool, clock, logger, retention });
    closing.push(() => stopMaintenance());
    const server = makeServer({
      ...(role === 'worker' ? {} : { ingest: ingestOf(engine, workspaceId, definition.name) }),
      readiness: () => operations.readiness(),
      metrics: operations.metrics,
      api: {
        token: api.token,
        pool,
        clock,
        loadWorkspace: () => loadWorkspace(pool, engine.sealer, engine.registry, definition.name),
      },
      logger,
      trustProxy,
    });
    const url = await server.listen({ host, port });
    closing.push(() => server.close());
    return { url, apiTokenFile: api.file, close: (drainMs) => closeEngine(engine, drainMs) };
  } catch (error) {
    await closeEngine(engine);
    throw error;
  }
}

/** Reads and delivers what the store holds; any number of such processes may share one store. */
export async function startWorkerProcess(options: WorkerProcessOptions): Promise<WorkerProcess> {
  const { workspace, listen } = options;
  const engine = await openEngine(options, { access: 'attach', workspace, role: 'worker' });
  const { logger, closing, operations } = engine;
  try {
    await startWorker(engine, 'worker', workspace);
    const close: WorkerProcess['close'] = (drainMs) => closeEngine(engine, drainMs);
    if (listen === undefined) return { url: undefined, close };
    const { metrics } = operations;
    const server = makeServer({ readiness: () => operations.readiness(), metrics, logger });
    const url = await server.listen(listen);
    closing.push(() => server.close());
    return { url, close };
  } catch (error) {
    await closeEngine(engine);
    throw error;
  }
}

interface Engine {
  readonly store: Store;
  readonly pool: Pool;
  readonly sealer: ReturnType<typeof openSealer>;
  readonly registry: ReturnType<typeof makeRegistry>;
  readonly clock: typeof systemClock;
  readonly logger: Logger;
  readonly signals: Signals;
  readonly logOf: (workspaceId: number) => EventLog;
  readonly operations: Operations;
  /** What is to be closed, the last one first; each may say that it was cut off. */
  readonly closing: ((drainMs: number | undefined) => Promise<unknown>)[];
}

interface Purpose {
  readonly access: OpenStore['access'];
  /** The one workspace that it serves; all when absent. */
  readonly workspace: string | undefined;
  readonly role: Role;
}

async function openEngine(options: EngineOptions, { access, workspace, role }: Purpose): Promise<Engine> {
  const { dataDir, databaseUrl, masterKey, logger, connectors = allConnectors, onStoreLost } = options;
  const clock = systemClock;
  const store = await openStore({
    dataDir,
    databaseUrl,
    access,
    connectionsMax: CONNECTIONS_MAX,
    log: logger,
    ...(onStoreLost === undefined ? {} : { onLost: onStoreLost }),
  });
  try {
    const { pool } = store;
    await warnOfSurroundings({ store, dataDir, clock }, logger);
    if (store.pgProcessIds !== undefined) await deleteDeadLocalWorkers(pool);
    const sealer = openSealer({ dataDir, masterKey });
    const signals = new Signals({
      pool,
      clock,
      onError: (error) => {
        logger.warn({ err: error }, 'signals.failed');
      },
    });
    await signals.listen();
    const operations = await startOperations({
      pool,
      clock,
      logger,
      version: readVersion(),
      workspace,
      dataDir: store.kind === 'embedded' ? dataDir : undefined,
      intake: role === 'worker' ? undefined : new Intake(clock),
    });
    const { onAppend } = operations;
    const logs = new Map<number, EventLog>();
    const logOf = (workspaceId: number): EventLog => {
      const onAppended = (): void => {
        signals.publish('log', workspaceId);
      };
      const log =
        logs.get(workspaceId) ?? new PostgresLog({ pool, clock, workspaceId, onAppended, onAppend });
      logs.set(workspaceId, log);
      return log;
    };
    const closing = [
      () => store.close(),
      () => {
        signals.close();
        return Promise.resolve();
      },
      () => operations.close(),
    ];
    return {
      store,
      pool,
      sealer,
      registry: makeRegistry(connectors),
      clock,
      logger,
      signals,
      logOf,
      operations,
      closing,
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

// Appends, readers and settling have one each at the same time, and a few to spare; PostgreSQL takes 100 by default.
const CONNECTIONS_MAX = 16;

/** False when something was cut off. */
async function closeEngine({ closing }: Engine, drainMs?: number): Promise<boolean> {
  let isWhole = true;
  for (const close of closing.splice(0).reverse()) {
    if ((await close(drainMs)) === false) isWhole = false;
  }
  return isWhole;
}

/** Reads the workspace of that name, or every one of the store. */
async function startWorker(engine: Engine, role: Role, only: string | undefined): Promise<Worker> {
  const { pool, sealer, registry, clock, logger, signals, logOf, closing, operations } = engine;
  const load = (name: string): Promise<Workspace> => loadWorkspace(pool, sealer, registry, name);
  const workspaceId = only === undefined ? undefined : (await load(only)).id;
  const loadWorkspaces = async (): Promise<readonly Workspace[]> =>
    Promise.all((only === undefined ? await listWorkspaces(pool) : [only]).map(load));
  const host = hostname();
  const worker = new Worker({
    pool,
    signals,
    clock,
    random: systemRandom,
    logger,
    identity: {
      name: `${host}:${String(process.pid)}`,
      workspaceId,
      host,
      pid: process.pid,
      processMark: findStartMark(process.pid) ?? 'unknown',
      role,
      version: readVersion(),
    },
    logOf,
    loadWorkspaces,
    loginOf: (connection) => new ConnectionLogin(pool, sealer, connection),
    observer: operations.delivery,
  });
  operations.watchWorker(worker);
  closing.push((drainMs) => worker.stop(drainMs));
  await worker.start();
  return worker;
}

function ingestOf(
  { pool, sealer, registry, clock, signals, logOf, operations }: Engine,
  workspaceId: number,
  workspaceName: string,
): NonNullable<ServerParts['ingest']> {
  const log = logOf(workspaceId);
  return {
    findWebhookTarget: makeWebhookTargets(() => loadWorkspace(pool, sealer, registry, workspaceName), clock),
    onRecordsChanged: ({ name: connection }, records) => {
      for (const record of records) signals.publish('records', workspaceId, toLine({ connection, record }));
    },
    findSource: async (credentialHash) => {
      const source = await findSourceByCredential(pool, credentialHash);
      // The store may hold other workspaces; this process takes in for one.
      return source?.workspaceId === workspaceId ? source : undefined;
    },
    accepts: (type) =>
      type === 'segment' ? 'segment-calls' : registry.connectors.get(type)?.source?.accepts,
    logOf: () => log,
    saveRejected: (events) => insertRejectedEvents(pool, events),
    clock,
    ...operations.ingest,
  };
}
