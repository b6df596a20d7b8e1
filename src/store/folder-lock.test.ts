import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeTemporaryFolder, removeFolder } from '../../test/support/temporary-folder.ts';
import { findLockHolder, takeFolderLock } from './folder-lock.ts';
import { findStartMark } from './process-identity.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = makeTemporaryFolder();
  path = join(folder, 'lock');
});

afterEach(() => {
  removeFolder(folder);
});

test('a lock that is held is refused with its holder, and free again once released', () => {
  const first = takeFolderLock(path);
  if (first.kind !== 'taken') throw new Error('The lock was not free.');
  expect(takeFolderLock(path)).toMatchObject({ kind: 'held', holder: { pid: process.pid } });
  expect(findLockHolder(path)).toMatchObject({ pid: process.pid });
  first.release();
  expect(findLockHolder(path)).toBeUndefined();
  expect(takeFolderLock(path).kind).toBe('taken');
});

test.each([
  ['a process that has ended', { pid: 2 ** 22 + 1, startMark: 'x', token: 'dead' }],
  [
    'an earlier process of a pid given again',
    { pid: process.pid, startMark: 'another boot:1', token: 'dead' },
  ],
])('the lock of %s is taken over, leaving nothing behind', (_whose, holder) => {
  writeFileSync(path, JSON.stringify(holder));
  expect(findLockHolder(path)).toBeUndefined();
  expect(takeFolderLock(path).kind).toBe('taken');
  expect(findLockHolder(path)).toMatchObject({ pid: process.pid });
  expect(readdirSync(folder)).toEqual(['lock']);
});

test('a taker that was killed half-way keeps nobody out', () => {
  writeFileSync(path, JSON.stringify({ pid: 2 ** 22 + 1, startMark: 'x', token: 'dead' }));
  writeFileSync(`${path}.after-dead`, JSON.stringify({ pid: 2 ** 22 + 2, startMark: 'y', token: 'killed' }));
  expect(takeFolderLock(path).kind).toBe('taken');
  expect(readdirSync(folder)).toEqual(['lock']);
});

test('releasing a lock that someone else holds by now leaves it alone', () => {
  const first = takeFolderLock(path);
  if (first.kind !== 'taken') throw new Error('The lock was not free.');
  const other = JSON.stringify({ pid: process.pid, startMark: findStartMark(process.pid), token: 'other' });
  writeFileSync(path, other);
  first.release();
  expect(readFileSync(path, 'utf8')).toBe(other);
});

test('a process is told from one that never was', () => {
  expect(findStartMark(process.pid)).toBe(findStartMark(process.pid));
  expect(findStartMark(2 ** 22 + 1)).toBeUndefined();
});
