import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeTemporaryFolder, removeFolder } from '../../test/support/temporary-folder.ts';
import { Redacted } from '../kernel/redacted.ts';
import { loadApiToken } from './api-token.ts';

function aFolder(): string {
  const folder = makeTemporaryFolder();
  onTestFinished(() => {
    removeFolder(folder);
  });
  return folder;
}

test('the first start makes a token that only its owner can read, and every later one uses it', () => {
  const folder = aFolder();
  const { token, file = '' } = loadApiToken(folder, undefined);
  expect(file).toBe(join(folder, 'api-token'));
  expect(readFileSync(file, 'utf8')).toBe(`${token.reveal()}\n`);
  expect(token.reveal()).toHaveLength(32);
  if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(loadApiToken(folder, undefined).token.reveal()).toBe(token.reveal());
});

test('a token of the environment is used as it is, and no file is made', () => {
  const folder = aFolder();
  const given = loadApiToken(folder, new Redacted('sixteen-characters'));
  expect([given.token.reveal(), given.file]).toEqual(['sixteen-characters', undefined]);
});

test.each(['', 'short', 'with blanks in between'])('%j is no token', (text) => {
  expect(() => loadApiToken(aFolder(), new Redacted(text))).toThrow('at least 16 characters');
});

test.skipIf(process.platform === 'win32')('a token file that others can read is refused', () => {
  const folder = aFolder();
  const file = join(folder, 'api-token');
  writeFileSync(file, 'sixteen-characters\n');
  chmodSync(file, 0o644);
  expect(() => loadApiToken(folder, undefined)).toThrow('Others can read the API token');
});
