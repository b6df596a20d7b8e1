/** The folder given with `--data`: what lies where in it, and files that nobody else may read. */
import { randomBytes } from 'node:crypto';
import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { LinchpinError } from '../kernel/errors.ts';

export interface DataFolder {
  readonly path: string;
  readonly lock: string;
  readonly masterKey: string;
  readonly apiToken: string;
  readonly password: string;
  readonly serverLog: string;
  /** The PostgreSQL cluster, unless `placement` says that it lies elsewhere. */
  readonly cluster: string;
  readonly placement: string;
}

/** Makes the folder when it is not there. */
export function openDataFolder(dataDir: string): DataFolder {
  const folder = dataFolderAt(dataDir);
  const { path } = folder;
  try {
    const created = mkdirSync(path, { recursive: true });
    // Started as root, the database runs as another user and must pass through. Nothing in here is for others:
    // each file is closed by its own mode.
    if (created !== undefined) chmodSync(path, process.getuid?.() === 0 ? 0o711 : 0o700);
  } catch (cause) {
    throw new LinchpinError('store.data_folder_unusable', {
      message: `The data folder ${path} cannot be made: ${(cause as Error).message}.`,
      cause,
    });
  }
  return folder;
}

/** The same, whether it is there or not. */
export function dataFolderAt(dataDir: string): DataFolder {
  const path = resolve(dataDir);
  return {
    path,
    lock: join(path, 'linchpin.lock'),
    masterKey: join(path, 'master.key'),
    apiToken: join(path, 'api-token'),
    password: join(path, 'postgres-password'),
    serverLog: join(path, 'postgres.log'),
    cluster: join(path, 'postgres'),
    placement: join(path, 'postgres-location.json'),
  };
}

/** Writes a file that only its owner reads, whole or not at all, also when the power fails. */
export function writePrivateFile(path: string, text: string): void {
  const draft = `${path}.${randomBytes(8).toString('hex')}`;
  const file = openSync(draft, 'wx', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, path);
  syncFolder(dirname(path));
}

/** Makes renames inside a folder durable. */
export function syncFolder(path: string): void {
  if (process.platform === 'win32') return; // Windows opens no folders; NTFS journals renames by itself.
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
