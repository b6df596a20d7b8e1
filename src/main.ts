/**
 * The composition root: puts store, log, ingest, delivery and HTTP together and takes them apart again. The
 * only place that knows them all.
 */
import { hostname } from 'node:os';
import type { Logger } from 'pino';
import { connectors } from './connectors/registry.ts';
import { Worker } from './delivery/index.ts';
import { applyDefinition } from './flows/apply.ts';
import { loadWorkspace } from './flows/load.ts';
import { makeRegistry } from './flows/registry.ts';
import type { WorkspaceDefinition } from './flows/workspace.ts';
import { makeServer } from './http/index.ts';
import { systemClock, systemRandom } from './kernel/clock.ts';
import { makeId } from './kernel/ids.ts';
import type { Redacted } from './kernel/redacted.ts';
import { PostgresLog } from './log/index.ts';
import { startMaintenance } from './ops/maintenance.ts';
import { assessReadiness } from './ops/readiness.ts';
import type { Retention } from './store/retention.ts';
import { releaseAllLeases } from './store/queries/cursors.ts';
import { insertRejectedEvents } from './store/queries/rejected-events.ts';
import { findSourceByCredential } from './store/queries/sources.ts';
import { openSealer } from './store/seal.ts';
import { Signals } from './store/signals.ts';
import { openStore } from './store/store.ts';

export interface LinchpinOptions {
  readonly definition: WorkspaceDefinition;
  readonly dataDir: string;
  /** An external PostgreSQL; the embedded one when absent. */
  readonly databaseUrl: Redacted | undefined;
  /** Seals secrets; a key file in the data folder when absent. */
  readonly masterKey: Redacted | undefined;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly trustProxy: boolean;
  readonly retention: Retention;
  readonly logger: Logger;
  /** The embedded PostgreSQL died and could not be started again: nothing works any more. */
  readonly onStoreLost?: (error: Error) => void;
}

export interface Linchpin {
  readonly url: string;
  /** Stops accepting, lets what is in flight finish, hands its readers over, closes the store. */
  close(): Promise<void>;
}

/** Opens the store, applies the definition, and starts taking in and delivering events. */
export async function startLinchpin(options: LinchpinOptions): Promise<Linchpin> {
  const { definition, dataDir, databaseUrl, masterKey, host, port, trustProxy, retention, logger } = options;
  const clock = systemClock;
  const closers: (() => Promise<void> | void)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const store = await openStore({
      dataDir,
      databaseUrl,
      access: 'own',
      log: logger,
      ...(options.onStoreLost === undefined ? {} : { onLost: options.onStoreLost }),
    });
    closers.push(() => store.close());
    const { pool } = store;
    const sealer = openSealer({ dataDir, masterKey });
    const registry = makeRegistry(connectors);
    const { workspaceId } = await applyDefinition({ pool, definition, sealer, registry });
    // The data folder is ours alone, so whoever held a lease in it is dead.
    if (store.kind === 'embedded') await releaseAllLeases(pool);

    const signals = new Signals({
      pool,
      clock,
      workspaceId,
      onError: (error) => {
        logger.warn({ err: error }, 'signals.failed');
      },
    });
    closers.push(() => {
      signals.close();
    });
    await signals.listen();
    const log = new PostgresLog({
      pool,
      clock,
      workspaceId,
      onAppended: () => {
        signals.publish('log');
      },
    });
    const worker = new Worker({
      pool,
      log,
      signals,
      clock,
      random: systemRandom,
      logger,
      owner: `${hostname()}:${String(process.pid)}:${makeId('worker', clock.now())}`,
      loadWorkspace: () => loadWorkspace(pool, sealer, registry, definition.name),
    });
    await worker.start();
    closers.push(() => worker.stop());
    closers.push(startMaintenance({ pool, clock, logger, retention }));

    const server = makeServer({
      ingest: {
        findSource: async (credentialHash) => {
          const source = await findSourceByCredential(pool, credentialHash);
          // The store may hold other workspaces; this process has the log of one.
          return source?.workspaceId === workspaceId ? source : undefined;
        },
        accepts: (type) =>
          type === 'segment' ? 'segment-calls' : registry.connectors.get(type)?.source?.accepts,
        logOf: () => log,
        saveRejected: (events) => insertRejectedEvents(pool, events),
        clock,
      },
      readiness: () => assessReadiness(pool, worker),
      logger,
      trustProxy,
    });
    const url = await server.listen({ host, port });
    closers.push(() => server.close());
    return { url, close };
  } catch (error) {
    await close();
    throw error;
  }
}
