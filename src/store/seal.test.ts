import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeTemporaryFolder, removeFolder } from '../../test/support/temporary-folder.ts';
import { Redacted } from '../kernel/redacted.ts';
import { openSealer, Sealer } from './seal.ts';

const sealer = new Sealer(Buffer.alloc(32, 1));
const otherSealer = new Sealer(Buffer.alloc(32, 2));

let dataDir: string;

beforeEach(() => {
  dataDir = makeTemporaryFolder();
});

afterEach(() => {
  removeFolder(dataDir);
});

test('every text comes back as it was, and never looks the same twice', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const sealed = sealer.seal(text);
      expect(sealer.unseal(sealed)).toBe(text);
      expect(sealer.seal(text)).not.toBe(sealed);
    }),
  );
});

test('a changed character anywhere is noticed', () => {
  const sealed = sealer.seal('pat-na1-secret');
  for (let index = 0; index < sealed.length - 1; index += 1) {
    const changed = sealed.slice(0, index) + (sealed[index] === 'A' ? 'B' : 'A') + sealed.slice(index + 1);
    expect(() => sealer.unseal(changed)).toThrow(/sealed|authenticity/);
  }
});

test.each(['', 'v1', 'v1.00000000.', 'plain text', 'v2.00000000.AAAA', 'v1.a.b.c'])(
  '%j is no sealed text',
  (text) => {
    expect(() => sealer.unseal(text)).toThrow('not in the sealed form');
  },
);

test('another master key is named as such', () => {
  expect(() => otherSealer.unseal(sealer.seal('secret'))).toThrow(
    `sealed under the master key ${sealer.keyId}, not under ${otherSealer.keyId}`,
  );
});

test('a fingerprint tells equal secrets, and only under its key', () => {
  expect(sealer.fingerprint('a')).toBe(sealer.fingerprint('a'));
  expect(sealer.fingerprint('a')).not.toBe(sealer.fingerprint('b'));
  expect(sealer.fingerprint('a')).not.toBe(otherSealer.fingerprint('a'));
});

test.each([
  ['hex', Buffer.alloc(32, 1).toString('hex')],
  ['base64', Buffer.alloc(32, 1).toString('base64')],
  ['base64url with a line end', `${Buffer.alloc(32, 1).toString('base64url')}\n`],
])('a master key may be given in %s', (_form, text) => {
  expect(openSealer({ dataDir, masterKey: new Redacted(text) }).keyId).toBe(sealer.keyId);
});

test.each(['', 'short', 'not base64 at all!', Buffer.alloc(31).toString('base64')])(
  '%j is no master key',
  (text) => {
    expect(() => openSealer({ dataDir, masterKey: new Redacted(text) })).toThrow('a master key has 32');
  },
);

test('the first start makes a key that only its owner reads, and the next start uses it', () => {
  const first = openSealer({ dataDir });
  expect(statSync(join(dataDir, 'master.key')).mode & 0o777).toBe(0o600);
  expect(openSealer({ dataDir }).unseal(first.seal('secret'))).toBe('secret');
  expect(readFileSync(join(dataDir, 'master.key'), 'utf8')).toMatch(/^[A-Za-z0-9+/]{43}=\n$/);
});

test('a key file that others can read is refused', () => {
  openSealer({ dataDir });
  chmodSync(join(dataDir, 'master.key'), 0o644);
  expect(() => openSealer({ dataDir })).toThrow('Others can read the master key');
});

test('who only reads makes no key, and is told where one is missed', () => {
  const path = join(dataDir, 'master.key');
  expect(() => openSealer({ dataDir, mustExist: true })).toThrow(`There is no master key in ${path}`);
  expect(existsSync(path)).toBe(false);
  const made = openSealer({ dataDir });
  expect(openSealer({ dataDir, mustExist: true }).keyId).toBe(made.keyId);
});
