/** What every process of Linchpin stands on, whatever its role: the store, the log, signals, and what is watched. */
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { connectors as allConnectors } from './connectors/registry.ts';
import { makeRegistry } from './flows/registry.ts';
import { Intake } from './ingest/index.ts';
import { systemClock } from './kernel/clock.ts';
import type { Redacted } from './kernel/redacted.ts';
import type { AnyConnector } from './kit/index.ts';
import { PostgresLog } from './log/index.ts';
import type { EventLog } from './log/index.ts';
import { startOperations } from './ops/operations.ts';
import type { Operations } from './ops/operations.ts';
import { warnOfSurroundings } from './ops/startup.ts';
import { readVersion } from './ops/version.ts';
import { deleteDeadLocalWorkers } from './store/local-workers.ts';
import { openSealer } from './store/seal.ts';
import { Signals } from './store/signals.ts';
import { openStore } from './store/store.ts';
import type { OpenStore, Store } from './store/store.ts';

/** What a process does: take events in, read and deliver them, or both. */
export type Role = 'ingest' | 'worker' | 'all';

export interface EngineOptions {
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

export interface Engine {
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

/** Opens the store and what stands on it; what was opened is closed again when something fails. */
export async function openEngine(
  options: EngineOptions,
  { access, workspace, role }: Purpose,
): Promise<Engine> {
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
export async function closeEngine({ closing }: Engine, drainMs?: number): Promise<boolean> {
  let isWhole = true;
  for (const close of closing.splice(0).reverse()) {
    if ((await close(drainMs)) === false) isWhole = false;
  }
  return isWhole;
}
