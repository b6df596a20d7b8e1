/**
 * The composition root: puts store, log, ingest, delivery and HTTP together and takes them apart again. With
 * `engine.ts`, the only place that knows them all.
 */
import { hostname } from 'node:os';
import { toLine, Worker } from './delivery/index.ts';
import { closeEngine, openEngine } from './engine.ts';
import type { Engine, EngineOptions, Role } from './engine.ts';
import { applyDefinition } from './flows/apply.ts';
import { loadWorkspace } from './flows/load.ts';
import type { Workspace, WorkspaceDefinition } from './flows/workspace.ts';
import { listen, makeServer } from './http/index.ts';
import type { ServerParts } from './http/index.ts';
import { systemRandom } from './kernel/clock.ts';
import type { Redacted } from './kernel/redacted.ts';
import { makeWebhookTargets } from './ingest/index.ts';
import { startMaintenance } from './ops/maintenance.ts';
import { readVersion } from './ops/version.ts';
import type { Retention } from './store/retention.ts';
import { findStartMark } from './store/process-identity.ts';
import { insertRejectedEvents } from './store/queries/rejected-events.ts';
import { findSourceByCredential } from './store/queries/sources.ts';
import { listWorkspaces } from './store/queries/workspaces.ts';
import { loadApiToken } from './store/api-token.ts';
import { ConnectionLogin } from './store/logins.ts';

export type { Role } from './engine.ts';

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
    const worker = role === 'ingest' ? undefined : await makeWorker(engine, role, definition.name);
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
    const url = await listen(server, { host, port });
    closing.push(() => server.close());
    // Only now: a process whose port is taken must not have taken shards from those that read them.
    await worker?.start();
    return { url, apiTokenFile: api.file, close: (drainMs) => closeEngine(engine, drainMs) };
  } catch (error) {
    await closeEngine(engine);
    throw error;
  }
}

/** Reads and delivers what the store holds; any number of such processes may share one store. */
export async function startWorkerProcess(options: WorkerProcessOptions): Promise<WorkerProcess> {
  const { workspace, listen: listenAt } = options;
  const engine = await openEngine(options, { access: 'attach', workspace, role: 'worker' });
  const { logger, closing, operations } = engine;
  try {
    const worker = await makeWorker(engine, 'worker', workspace);
    let url: string | undefined;
    if (listenAt !== undefined) {
      const { metrics } = operations;
      const server = makeServer({ readiness: () => operations.readiness(), metrics, logger });
      url = await listen(server, listenAt);
      closing.push(() => server.close());
    }
    await worker.start();
    return { url, close: (drainMs) => closeEngine(engine, drainMs) };
  } catch (error) {
    await closeEngine(engine);
    throw error;
  }
}

/** For the workspace of that name, or every one of the store; it does not read yet. */
async function makeWorker(engine: Engine, role: Role, only: string | undefined): Promise<Worker> {
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
