/**
 * Where the cluster lies: in the data folder, or, when the server's user cannot enter that, in a private
 * folder elsewhere, which a file in the data folder points to. The pointer says whether the cluster was
 * finished, so that one that is gone is never mistaken for one that is still to be made.
 */
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LinchpinError } from '../../kernel/errors.ts';
import { writePrivateFile } from '../data-folder.ts';
import type { DataFolder } from '../data-folder.ts';
import type { LogSink } from '../log-sink.ts';
import { canEnter } from './server-user.ts';
import type { ServerUser } from './server-user.ts';

export interface Placement {
  readonly cluster: string;
  readonly isInitialised: boolean;
  /** To call once the cluster is complete. */
  readonly confirm: () => void;
}

interface Pointer {
  readonly cluster: string;
  readonly isInitialised: boolean;
}

export function placeCluster(folder: DataFolder, user: ServerUser | undefined, log: LogSink): Placement {
  const pointer = readPointer(folder);
  if (pointer !== undefined) return placeElsewhere(folder, pointer);
  if (canEnter(user, folder.path)) return placeInside(folder);
  if (existsSync(folder.cluster)) {
    throw new LinchpinError('store.data_folder_unusable', {
      message: `The database in ${folder.cluster} cannot be entered by the user ${user?.name ?? ''}, who runs it.`,
      remedy:
        'Move the data folder to where that user can pass, or let it pass: chmod o+x on each folder above.',
    });
  }
  // A random part, so that a new data folder at an old path never meets the database of the old one.
  const name = `${createHash('sha256').update(folder.path).digest('hex').slice(0, 12)}-${randomBytes(4).toString('hex')}`;
  const cluster = join(findPrivateRoot(user), name);
  log.info(
    { cluster },
    `The user ${user?.name ?? ''} cannot enter ${folder.path}, so the database is kept in ${cluster}`,
  );
  return placeElsewhere(folder, { cluster, isInitialised: false });
}

/** Whether the folder holds a database, or says where it is kept: also one that is gone from there. */
export function isPlaced(folder: DataFolder): boolean {
  return existsSync(folder.cluster) || existsSync(folder.placement);
}

/** The cluster of a data folder, without deciding anything; undefined when there is none yet. */
export function findCluster(folder: DataFolder): string | undefined {
  const cluster = readPointer(folder)?.cluster ?? folder.cluster;
  return existsSync(join(cluster, 'PG_VERSION')) ? cluster : undefined;
}

function placeInside(folder: DataFolder): Placement {
  return { cluster: folder.cluster, isInitialised: existsSync(folder.cluster), confirm: () => undefined };
}

function placeElsewhere(folder: DataFolder, pointer: Pointer): Placement {
  const write = (isInitialised: boolean): void => {
    writePrivateFile(folder.placement, `${JSON.stringify({ cluster: pointer.cluster, isInitialised })}\n`);
  };
  const isThere = existsSync(pointer.cluster);
  if (pointer.isInitialised && !isThere) {
    throw new LinchpinError('store.cluster_missing', {
      message: `The database of ${folder.path} was kept in ${pointer.cluster}, which is gone.`,
    });
  }
  if (!pointer.isInitialised) write(isThere);
  return {
    cluster: pointer.cluster,
    isInitialised: isThere,
    confirm: () => {
      write(true);
    },
  };
}

function readPointer(folder: DataFolder): Pointer | undefined {
  try {
    return JSON.parse(readFileSync(folder.placement, 'utf8')) as Pointer;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return undefined;
  }
}

// The place for state that services keep (Filesystem Hierarchy Standard 3.0, 5.8). Temporary files may be
// cleared at any boot, so that is only for systems that forbid the first.
const PRIVATE_ROOTS = ['/var/lib/linchpin', join(tmpdir(), 'linchpin-state')];

/** A folder of ours that the server's user can pass through and nobody else can write to. */
export function findPrivateRoot(user: ServerUser | undefined): string {
  const refusals: string[] = [];
  for (const root of PRIVATE_ROOTS) {
    try {
      if (mkdirSync(root, { recursive: true }) !== undefined) chmodSync(root, 0o711);
    } catch (error) {
      refusals.push(`${root}: ${(error as Error).message}`);
      continue;
    }
    const { uid, mode } = lstatSync(root);
    // A folder that another user made under a public one could be swapped under our feet.
    const isOurs = uid === process.getuid?.() && (mode & 0o022) === 0;
    if (isOurs && canEnter(user, root)) return root;
    refusals.push(`${root}: ${isOurs ? 'closed to the user of the server' : 'writable for others'}`);
  }
  throw new LinchpinError('store.data_folder_unusable', {
    message: `No folder can hold the database for the user ${user?.name ?? ''} (${refusals.join('; ')}).`,
  });
}
