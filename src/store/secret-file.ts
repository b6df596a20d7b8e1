/** Secrets in files of the data folder that nobody else may read, each made by the first start. */
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncFolder } from './data-folder.ts';

/** Why a secret in a file cannot be used, and what to do. */
export interface SecretFileFault {
  readonly message: string;
  readonly remedy: string;
  readonly cause?: unknown;
}

/** What the file holds; `undefined` when there is none. `refuse` makes the error that is thrown. */
export function readSecretFile(
  path: string,
  what: string,
  refuse: (fault: SecretFileFault) => Error,
): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  // Windows keeps no such modes.
  if (process.platform !== 'win32' && (stat.mode & 0o077) !== 0) {
    throw refuse({
      message: `Others can read the ${what} ${path}.`,
      remedy: `Close it: chmod 600 ${path}. If it may have been read, change what it protects.`,
    });
  }
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw refuse({
      message: `The ${what} cannot be read: ${(cause as Error).message}.`,
      remedy: 'Start Linchpin as the user who made the data folder.',
      cause,
    });
  }
}

/** Linked into place whole, so that of two first starts one makes the file and both use it. Returns what it holds. */
export function makeSecretFile(path: string, text: string): string {
  const draft = `${path}.${randomBytes(8).toString('hex')}`;
  const file = openSync(draft, 'wx', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
    linkSync(draft, path);
    syncFolder(dirname(path));
    return text;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return readFileSync(path, 'utf8');
  } finally {
    closeSync(file);
    rmSync(draft, { force: true });
  }
}
