/**
 * The embedded PostgreSQL of a data folder whose lock the caller holds: made on first start, recovered after
 * any kill, started again when it dies, stopped with Linchpin.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { systemClock } from '../../kernel/clock.ts';
import { LinchpinError } from '../../kernel/errors.ts';
import { Redacted } from '../../kernel/redacted.ts';
import { writePrivateFile } from '../data-folder.ts';
import type { DataFolder } from '../data-folder.ts';
import type { LogSink } from '../log-sink.ts';
import { findPackageFolder, prepareBinaries } from './binaries.ts';
import { assertClusterFits, initialiseCluster, ownerOf, SUPERUSER } from './initialise.ts';
import { findCluster, findPrivateRoot, placeCluster } from './placement.ts';
import { readPostmasterFile } from './postmaster-file.ts';
import { findServerProcesses } from './previous-server.ts';
import { startServerProcess } from './server-process.ts';
import type { ServerProcess, StartServer } from './server-process.ts';
import { DEFAULT_SERVER_USER, findServerUser } from './server-user.ts';

export interface EmbeddedServer {
  readonly connectionString: Redacted;
  readonly cluster: string;
  /** The postmaster and its children. */
  pids(): readonly number[];
  close(): Promise<void>;
}

export interface EmbeddedOptions {
  readonly folder: DataFolder;
  readonly log: LogSink;
  /** Whom the server runs as when Linchpin runs as root. */
  readonly serverUser?: string;
  /** Where the PostgreSQL programs lie; the npm package by default. */
  readonly packageFolder?: string;
  /** Called when the server died and could not be started again. */
  readonly onLost?: (error: LinchpinError) => void;
}

export async function startEmbeddedServer(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const { folder, log } = options;
  const preferredUser = findServerUser(options.serverUser ?? DEFAULT_SERVER_USER);
  const placement = placeCluster(folder, preferredUser, log);
  const { cluster, isInitialised } = placement;
  const binaries = prepareBinaries({
    packageFolder: options.packageFolder ?? findPackageFolder(),
    user: preferredUser,
    findCopyRoot: () => (preferredUser === undefined ? folder.path : findPrivateRoot(preferredUser)),
    log,
  });
  const password = isInitialised ? readPassword(folder) : makePassword(folder);
  if (!isInitialised) {
    log.info({ cluster }, `Making a new database in ${cluster}`);
    await initialiseCluster({ binaries, cluster, user: preferredUser, password });
    placement.confirm();
  }
  assertClusterFits(cluster, binaries);
  const user = ownerOf(cluster, preferredUser);
  const start: StartServer = { binaries, cluster, serverLog: folder.serverLog, user, log };
  const supervised = new SupervisedServer(start, await startServerProcess(start), options.onLost);
  return {
    connectionString: toConnectionString(password, supervised.port),
    cluster,
    pids: () => findServerProcesses(cluster),
    close: () => supervised.close(),
  };
}

/** Where the server of a data folder listens that another process runs, once it accepts connections. */
export function findRunningServer(folder: DataFolder): Redacted | undefined {
  const cluster = findCluster(folder);
  const file = cluster === undefined ? undefined : readPostmasterFile(cluster);
  return file?.isReady === true ? toConnectionString(readPassword(folder), file.port) : undefined;
}

function toConnectionString(password: Redacted, port: number): Redacted {
  return new Redacted(`postgres://${SUPERUSER}:${password.reveal()}@127.0.0.1:${String(port)}/linchpin`);
}

function makePassword(folder: DataFolder): Redacted {
  // 192 bits, in letters that need no escaping in a connection string.
  const password = randomBytes(24).toString('base64url');
  writePrivateFile(folder.password, password);
  return new Redacted(password);
}

function readPassword(folder: DataFolder): Redacted {
  try {
    return new Redacted(readFileSync(folder.password, 'utf8').trim());
  } catch (cause) {
    throw new LinchpinError('store.data_folder_unusable', {
      message: `The password of the database cannot be read: ${(cause as Error).message}.`,
      remedy: 'Run this command as the user who started Linchpin.',
      cause,
    });
  }
}

// A server that dies this often in this time dies of something that another start does not cure.
const RESTARTS_MAX = 5;
const RESTARTS_WINDOW_MS = 600_000;

class SupervisedServer {
  readonly port: number;
  readonly #start: StartServer;
  readonly #onLost: ((error: LinchpinError) => void) | undefined;
  #server: ServerProcess;
  #restartedAt: readonly number[] = [];
  #isClosing = false;
  readonly #watching: Promise<void>;

  constructor(
    start: StartServer,
    server: ServerProcess,
    onLost: ((error: LinchpinError) => void) | undefined,
  ) {
    this.port = server.port;
    this.#start = { ...start, port: server.port };
    this.#server = server;
    this.#onLost = onLost;
    this.#watching = this.#watch();
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#server.stop();
    await this.#watching;
  }

  async #watch(): Promise<void> {
    for (;;) {
      await this.#server.exited;
      if (this.#isClosing) return;
      this.#start.log.error({ pid: this.#server.pid }, 'PostgreSQL has died; starting it again');
      try {
        this.#countRestart();
        this.#server = await startServerProcess(this.#start);
      } catch (error) {
        const lost =
          error instanceof LinchpinError
            ? error
            : new LinchpinError('store.server_lost', {
                message: 'PostgreSQL cannot be started again.',
                cause: error,
              });
        this.#start.log.error({ code: lost.code }, lost.message);
        this.#onLost?.(lost);
        return;
      }
      // Closed while it was starting: the process that close() stopped was the dead one.
      if (this.#isClosing) await this.#server.stop();
    }
  }

  #countRestart(): void {
    const now = systemClock.now();
    this.#restartedAt = [...this.#restartedAt.filter((at) => at > now - RESTARTS_WINDOW_MS), now];
    if (this.#restartedAt.length > RESTARTS_MAX) {
      throw new LinchpinError('store.server_lost', {
        message: `PostgreSQL died ${String(RESTARTS_MAX + 1)} times within ${String(RESTARTS_WINDOW_MS / 60_000)} minutes.`,
      });
    }
  }
}
