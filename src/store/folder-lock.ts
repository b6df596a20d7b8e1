/**
 * A lock file that says which process holds a folder. It outlives a killed holder, and whoever comes next
 * recognises that by pid and start time, so a pid given again does not keep the folder closed.
 *
 * Taking over from a dead holder is where two starters could both win. So a taker first locks
 * `<path>.after-<token of the dead>`, looks again whether the dead one still stands in the file, and only
 * then puts its own file in place. That inner lock is of the same kind, so a taker killed half-way is
 * itself recognised as dead. Processes of other containers on one volume are not seen: they need a folder
 * each, as PostgreSQL itself demands.
 */
import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { findStartMark } from './process-identity.ts';

export interface LockHolder {
  readonly pid: number;
  readonly startMark: string;
  readonly token: string;
}

export type LockAttempt =
  | { readonly kind: 'taken'; readonly release: () => void }
  | { readonly kind: 'held'; readonly holder: LockHolder };

export function takeFolderLock(path: string): LockAttempt {
  const own: LockHolder = {
    pid: process.pid,
    startMark: findStartMark(process.pid) ?? 'unknown',
    token: randomBytes(8).toString('hex'),
  };
  // Written whole beside its place and then linked, so that nobody ever reads half a lock.
  const draft = `${path}.${own.token}`;
  writeFileSync(draft, JSON.stringify(own));
  try {
    for (;;) {
      if (linkIfAbsent(draft, path)) return taken(path, own);
      const holder = readLock(path);
      if (holder === undefined) continue; // Released since.
      if (isAlive(holder)) return { kind: 'held', holder };
      const succession = takeFolderLock(`${path}.after-${holder.token}`);
      if (succession.kind === 'held') return succession;
      try {
        if (readLock(path)?.token !== holder.token) continue; // Another taker was first.
        renameSync(draft, path);
        return taken(path, own);
      } finally {
        succession.release();
      }
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

/** The live process that holds the lock, if there is one. */
export function findLockHolder(path: string): LockHolder | undefined {
  const holder = readLock(path);
  return holder !== undefined && isAlive(holder) ? holder : undefined;
}

function taken(path: string, own: LockHolder): LockAttempt {
  return {
    kind: 'taken',
    release: () => {
      if (readLock(path)?.token === own.token) rmSync(path, { force: true });
    },
  };
}

function isAlive(holder: LockHolder): boolean {
  return findStartMark(holder.pid) === holder.startMark;
}

function linkIfAbsent(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
}

// What a power failure may leave: a file without its content. Pid 0 is nobody's.
const DAMAGED: LockHolder = { pid: 0, startMark: 'none', token: 'damaged' };

function readLock(path: string): LockHolder | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return undefined;
  }
  try {
    const value = JSON.parse(text) as Partial<LockHolder>;
    const { pid, startMark, token } = value;
    if (typeof pid !== 'number' || typeof startMark !== 'string' || typeof token !== 'string') return DAMAGED;
    return { pid, startMark, token };
  } catch {
    // Not JSON: see DAMAGED.
    return DAMAGED;
  }
}
