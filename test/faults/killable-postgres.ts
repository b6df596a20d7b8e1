/** A PostgreSQL server of a fault run's own: the embedded one, which may be killed and started any number of times. */
import { openDataFolder } from '../../src/store/data-folder.ts';
import { findPackageFolder, prepareBinaries } from '../../src/store/embedded/binaries.ts';
import { startEmbeddedServer } from '../../src/store/embedded/embedded-server.ts';
import { ownerOf } from '../../src/store/embedded/initialise.ts';
import { findCluster, findPrivateRoot } from '../../src/store/embedded/placement.ts';
import { findServerProcesses } from '../../src/store/embedded/previous-server.ts';
import { startServerProcess } from '../../src/store/embedded/server-process.ts';
import type { ServerProcess, StartServer } from '../../src/store/embedded/server-process.ts';
import { DEFAULT_SERVER_USER, findServerUser } from '../../src/store/embedded/server-user.ts';
import { query, toUrlOf } from '../support/postgres-server.ts';
import { makeRecordedLog } from '../support/recorded-log.ts';

export class KillablePostgres {
  readonly url: string;
  readonly #start: StartServer;
  #server: ServerProcess | undefined;

  private constructor(url: string, start: StartServer, server: ServerProcess) {
    this.url = url;
    this.#start = start;
    this.#server = server;
  }

  /** Makes a new, empty database in the folder, and starts its server. */
  static async start(dataDir: string): Promise<KillablePostgres> {
    const log = makeRecordedLog();
    const folder = openDataFolder(dataDir);
    const first = await startEmbeddedServer({ folder, log });
    const made = new URL(first.connectionString.reveal());
    // Empty: the schema is made by the build under test.
    await query(
      toUrlOf(made.href, 'postgres').reveal(),
      `create database linchpin encoding 'UTF8' template template0`,
    );
    await first.close();
    const cluster = findCluster(folder);
    if (cluster === undefined) throw new Error(`There is no database in ${dataDir}.`);
    const user = findServerUser(DEFAULT_SERVER_USER);
    const binaries = prepareBinaries({
      packageFolder: findPackageFolder(),
      user,
      findCopyRoot: () => (user === undefined ? folder.path : findPrivateRoot(user)),
      log,
    });
    const start = { binaries, cluster, serverLog: folder.serverLog, user: ownerOf(cluster, user), log };
    const server = await startServerProcess(start);
    made.port = String(server.port);
    return new KillablePostgres(made.href, { ...start, port: server.port }, server);
  }

  get isRunning(): boolean {
    return this.#server !== undefined;
  }

  /** SIGKILL to the server and all its children at once, as a crash of the machine would be. */
  async kill(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    for (const pid of findServerProcesses(this.#start.cluster)) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // It ended meanwhile.
      }
    }
    await server?.exited;
  }

  /** Starts it again at the same address, once it has recovered. */
  async restart(): Promise<void> {
    this.#server ??= await startServerProcess(this.#start);
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
    this.#server = undefined;
  }
}
