/**
 * Opens the database of a Linchpin, embedded or external, migrated and with its partitions made ahead. The
 * only place that decides who runs the embedded server: one live process per data folder, whom the others
 * find through the folder.
 */
import type pg from 'pg';
import { systemClock } from '../kernel/clock.ts';
import { LinchpinError } from '../kernel/errors.ts';
import { Redacted } from '../kernel/redacted.ts';
import { watchAttachedServer } from './attached-server.ts';
import { dataFolderAt, openDataFolder } from './data-folder.ts';
import type { DataFolder } from './data-folder.ts';
import { findRunningServer, startEmbeddedServer } from './embedded/embedded-server.ts';
import type { EmbeddedOptions } from './embedded/embedded-server.ts';
import { isPlaced } from './embedded/placement.ts';
import { assertServerFits } from './external-server.ts';
import { findLockHolder, takeFolderLock } from './folder-lock.ts';
import type { LogSink } from './log-sink.ts';
import { findPending, loadMigrations, migrate } from './migrate.ts';
import { ensurePartitions } from './partitions.ts';
import { makePool } from './pool.ts';
import { listAppliedMigrations } from './queries/migrations.ts';
import { ensureDatabase } from './queries/server.ts';

export interface Store {
  readonly kind: 'embedded' | 'external';
  readonly pool: pg.Pool;
  readonly connectionString: Redacted;
  /** Present when this process runs the server: the postmaster and its children. */
  readonly pgProcessIds?: () => readonly number[];
  close(): Promise<void>;
}

export interface OpenStore extends Omit<EmbeddedOptions, 'folder'> {
  readonly dataDir: string;
  /** An external PostgreSQL 15 or newer; the embedded one when absent. */
  readonly databaseUrl?: Redacted | undefined;
  /**
   * `own` runs the server for as long as the store is open and refuses a folder that another process holds;
   * `attach` uses the server of that process, and runs one itself only when there is none. `look` does so only where a
   * database is already: it makes none.
   */
  readonly access: 'own' | 'attach' | 'look';
  /** How many connections at once; by default what a command needs. */
  readonly connectionsMax?: number;
  readonly log: LogSink;
}

// A command does one thing after another.
const CONNECTIONS_MAX = 4;

export async function openStore(options: OpenStore): Promise<Store> {
  if (options.databaseUrl !== undefined) return openExternal(options, options.databaseUrl);
  const folder = options.access === 'look' ? findDatabase(options.dataDir) : openDataFolder(options.dataDir);
  const deadline = systemClock.now() + ATTACH_TIMEOUT_MS;
  for (;;) {
    const lock = takeLock(folder);
    if (lock.kind === 'taken') return openOwn(options, folder, lock.release);
    if (options.access === 'own') throw heldBy(folder, lock.holder.pid);
    const attached = await attach(options, folder, deadline);
    if (attached !== undefined) return attached;
  }
}

/** A folder that is being filled for the first time has a live holder, and a database soon. */
function findDatabase(dataDir: string): DataFolder {
  const folder = dataFolderAt(dataDir);
  if (isPlaced(folder) || findLockHolder(folder.lock) !== undefined) return folder;
  throw new LinchpinError('store.database_missing', {
    message: `There is no database in ${folder.path}.`,
    field: '--data',
    remedy: `Name the data folder of your Linchpin with --data, or run this in the folder that holds it: ${process.cwd()} is where it was looked for.`,
  });
}

function takeLock(folder: DataFolder): ReturnType<typeof takeFolderLock> {
  try {
    return takeFolderLock(folder.lock);
  } catch (cause) {
    throw new LinchpinError('store.data_folder_unusable', {
      message: `The data folder ${folder.path} cannot be used: ${(cause as Error).message}.`,
      cause,
    });
  }
}

function heldBy(folder: DataFolder, pid: number): LinchpinError {
  return new LinchpinError('store.data_folder_in_use', {
    message: `The data folder ${folder.path} is in use by another Linchpin, process ${String(pid)}.`,
    remedy: `Stop that one (kill ${String(pid)}), or name another folder with --data.`,
  });
}

async function openExternal(options: OpenStore, connectionString: Redacted): Promise<Store> {
  const pool = openPool(options, connectionString);
  return closingOnFailure(
    () => endPool(pool),
    async () => {
      await assertServerFits(pool);
      await prepareSchema(pool);
      return { kind: 'external', pool, connectionString, close: () => endPool(pool) };
    },
  );
}

async function openOwn(options: OpenStore, folder: DataFolder, releaseLock: () => void): Promise<Store> {
  const closers: (() => Promise<void> | void)[] = [releaseLock];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  return closingOnFailure(close, async () => {
    const server = await startEmbeddedServer({ ...options, folder });
    closers.push(() => server.close());
    const { connectionString } = server;
    await makeDatabase(options, connectionString);
    const pool = openPool(options, connectionString);
    closers.push(() => endPool(pool));
    await prepareSchema(pool);
    return { kind: 'embedded', pool, connectionString, pgProcessIds: () => server.pids(), close };
  });
}

/** Runs `open`, and cleans up behind it when it throws. */
async function closingOnFailure(close: () => Promise<void>, open: () => Promise<Store>): Promise<Store> {
  try {
    return await open();
  } catch (error) {
    await close();
    throw error;
  }
}

// A Linchpin that has just been started makes its database in about a second; recovery may take longer.
const ATTACH_TIMEOUT_MS = 60_000;
const ATTACH_POLL_MS = 50;

// A holder that is starting may be about to migrate; one whose server has answered for so long and that has not is an
// older version.
const MIGRATION_GRACE_MS = 5_000;

/** The server of the live holder of the folder; undefined when the holder is gone. */
async function attach(options: OpenStore, folder: DataFolder, deadline: number): Promise<Store | undefined> {
  let graceEnd: number | undefined;
  for (;;) {
    const holder = findLockHolder(folder.lock);
    if (holder === undefined) return undefined;
    const connectionString = findRunningServer(folder);
    const answer =
      connectionString === undefined ? NOT_THERE : await tryAttach(options, folder, connectionString);
    if (answer.kind === 'attached') return answer.store;
    if (answer.kind === 'to be migrated') graceEnd ??= systemClock.now() + MIGRATION_GRACE_MS;
    if (graceEnd !== undefined && systemClock.now() > graceEnd) {
      throw new LinchpinError('store.database_older', {
        message: 'The running Linchpin is older than this command, and so is its database.',
      });
    }
    if (systemClock.now() > deadline) throw heldBy(folder, holder.pid);
    await systemClock.sleep(ATTACH_POLL_MS);
  }
}

// What connecting to the folder's server can say while it is starting, stopping, or not migrated yet:
// refused, reset, cannot_connect_now, admin_shutdown, invalid_catalog_name, undefined_table
// (postgresql.org/docs/18/errcodes-appendix.html).
const NOT_YET = new Set(['ECONNREFUSED', 'ECONNRESET', '57P03', '57P01', '3D000', '42P01']);

type Attaching =
  | { readonly kind: 'attached'; readonly store: Store }
  | { readonly kind: 'to be migrated' }
  /** No server, or one that is starting or stopping. */
  | { readonly kind: 'not there' };

const NOT_THERE: Attaching = { kind: 'not there' };

async function tryAttach(
  options: OpenStore,
  folder: DataFolder,
  connectionString: Redacted,
): Promise<Attaching> {
  const pool = openPool(options, connectionString);
  try {
    const pending = findPending(await loadMigrations(), await listAppliedMigrations(pool));
    if (pending.length > 0) {
      await endPool(pool);
      return { kind: 'to be migrated' };
    }
    const closed = new AbortController();
    if (options.onLost !== undefined) {
      void watchAttachedServer(folder, connectionString, options.onLost, closed.signal);
    }
    const close = (): Promise<void> => {
      closed.abort();
      return endPool(pool);
    };
    return { kind: 'attached', store: { kind: 'embedded', pool, connectionString, close } };
  } catch (error) {
    await endPool(pool);
    if (NOT_YET.has((error as { code?: string }).code ?? '')) return NOT_THERE;
    throw error;
  }
}

function openPool(
  { access, connectionsMax = CONNECTIONS_MAX, log }: OpenStore,
  connectionString: Redacted,
): pg.Pool {
  const applicationName = access === 'own' ? 'linchpin' : 'linchpin-command';
  return makePool({ connectionString, applicationName, connectionsMax, log });
}

/** The cluster comes with the database `postgres` only; ours is made at the first start. */
async function makeDatabase(options: OpenStore, connectionString: Redacted): Promise<void> {
  const url = new URL(connectionString.reveal());
  const name = url.pathname.slice(1);
  url.pathname = '/postgres';
  const pool = openPool(options, new Redacted(url.href));
  try {
    await ensureDatabase(pool, name);
  } finally {
    await pool.end();
  }
}

async function prepareSchema(pool: pg.Pool): Promise<void> {
  await migrate(pool, await loadMigrations());
  await ensurePartitions(pool, systemClock.now());
}

// Work that has not given its connection back by then is cut off; it was told to stop before.
const POOL_END_MS = 5_000;

async function endPool(pool: pg.Pool): Promise<void> {
  const waiting = new AbortController();
  await Promise.race([pool.end(), systemClock.sleep(POOL_END_MS, waiting.signal)]);
  waiting.abort();
}
