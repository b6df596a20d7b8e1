/**
 * Makes a new cluster: in a folder beside its place, moved there in one step, so that a cluster which is
 * there is complete. What a killed first start left is removed and made again.
 */
import { spawn } from 'node:child_process';
import {
  chownSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { LinchpinError } from '../../kernel/errors.ts';
import type { Redacted } from '../../kernel/redacted.ts';
import { syncFolder } from '../data-folder.ts';
import type { Binaries } from './binaries.ts';
import { spawnAs } from './server-user.ts';
import type { ServerUser } from './server-user.ts';

/** The database role that owns everything; there is no other. */
export const SUPERUSER = 'linchpin';

export interface InitialiseCluster {
  readonly binaries: Binaries;
  readonly cluster: string;
  readonly user: ServerUser | undefined;
  readonly password: Redacted;
}

export async function initialiseCluster({
  binaries,
  cluster,
  user,
  password,
}: InitialiseCluster): Promise<void> {
  await removeUnfinished(cluster);
  // Another name each time: the initdb of a killed start may still be at work for a moment.
  const scratch = mkdtempSync(`${cluster}${UNFINISHED}`);
  const draft = join(scratch, 'cluster');
  const passwordFile = join(scratch, 'password');
  // A copy for the server's user, who cannot read ours; it is gone a moment later.
  writeFileSync(passwordFile, password.reveal(), { mode: 0o600 });
  if (user !== undefined) {
    chownSync(passwordFile, user.uid, user.gid);
    chownSync(scratch, user.uid, user.gid);
  }
  await runInitdb(binaries.initdb, user, [
    `--pgdata=${draft}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    // The port is open to every user of this machine.
    '--auth=scram-sha-256',
    // Taken from the environment otherwise, and without LANG that gives SQL_ASCII.
    '--encoding=UTF8',
    // Byte order: the same on every machine, and an upgrade of the system never makes an index wrong.
    '--locale=C',
    // A bad disk shows itself as an error instead of as wrong data.
    '--data-checksums',
    '--no-instructions',
  ]);
  renameSync(draft, cluster);
  syncFolder(dirname(cluster));
  await removeFolder(scratch);
}

const UNFINISHED = '.unfinished-';

/** What killed starts left. An initdb among them that is still running loses its files and gives up. */
async function removeUnfinished(cluster: string): Promise<void> {
  const prefix = `${basename(cluster)}${UNFINISHED}`;
  for (const name of readdirSync(dirname(cluster))) {
    if (name.startsWith(prefix)) await removeFolder(join(dirname(cluster), name));
  }
}

async function removeFolder(path: string): Promise<void> {
  // Repeated, because files may still appear in it; initdb is done within a second or two.
  await rm(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
}

async function runInitdb(
  initdb: string,
  user: ServerUser | undefined,
  args: readonly string[],
): Promise<void> {
  const child = spawn(initdb, args, { ...spawnAs(user), stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  await new Promise<void>((resolve, reject) => {
    const fail = (reason: string, cause?: unknown): void => {
      reject(
        new LinchpinError('store.initialisation_failed', { message: `initdb failed: ${reason}`, cause }),
      );
    };
    child.once('error', (error) => {
      fail(error.message, error);
    });
    child.once('close', (code) => {
      if (code === 0) resolve();
      else fail(output.trim());
    });
  });
}

/** Refuses what the programs at hand cannot open, with a better word than theirs. */
export function assertClusterFits(cluster: string, { major }: Binaries): void {
  let version: string;
  try {
    version = readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim();
  } catch (cause) {
    throw new LinchpinError('store.data_folder_unusable', {
      message: `${cluster} should hold the database, but cannot be read as one: ${(cause as Error).message}.`,
      remedy: 'Start Linchpin as the user who made it, or name another folder with --data.',
      cause,
    });
  }
  if (version !== String(major)) {
    throw new LinchpinError('store.cluster_version', {
      message: `The database in ${cluster} is of PostgreSQL ${version}; this Linchpin ships ${String(major)}.`,
    });
  }
}

/** The user who owns a cluster, whoever Linchpin ran as when it was made. */
export function ownerOf(cluster: string, preferred: ServerUser | undefined): ServerUser | undefined {
  if (preferred === undefined) return undefined;
  const { uid, gid } = statSync(cluster);
  return uid === preferred.uid ? preferred : { name: `with the id ${String(uid)}`, uid, gid };
}
