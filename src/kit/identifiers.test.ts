import { expect, test } from 'vitest';
import { isSha256Hex, md5Hex, normaliseEmail, sha256Hex, toE164 } from './identifiers.ts';

test.each([
  // FIPS 180-2, appendix B.1, and a text beyond ASCII (computed with OpenSSL, 2026-11).
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  // The documented example of X for a phone number (docs.x.com, web conversions, 2026-11).
  ['+11234567890', '1fa6b8d986d9b9cd01bf36951815158bbde9f520c0567c835dfe34783d0a4231'],
])('the SHA-256 of %j', (text, hash) => {
  expect(sha256Hex(text)).toBe(hash);
  expect(isSha256Hex(hash)).toBe(true);
});

test('the MD5 of a text is that of its UTF-8', () => {
  expect(md5Hex('abc')).toBe('900150983cd24fb0d6963f7d28e17f72'); // RFC 1321, appendix A.5.
});

const HASH = sha256Hex('abc');

test.each<[string, boolean, boolean]>([
  [HASH, true, true],
  [HASH.toUpperCase(), true, true],
  [`${HASH}.AQQCAQMC`, false, true],
  [`${HASH}.AQ`, false, true],
  [`${HASH}.`, false, false],
  [`${HASH}.x@example.com`, false, false],
  [HASH.slice(1), false, false],
  [`${HASH}0`, false, false],
  ['ann@example.com', false, false],
])('%s is a hash: %s; with the mark of Meta: %s', (text, isHash, isMarked) => {
  expect(isSha256Hex(text)).toBe(isHash);
  expect(isSha256Hex(text, { allowsMetaMark: true })).toBe(isMarked);
});

test.each([
  ['  Ann.Åberg@Example.COM\n', 'ann.åberg@example.com'],
  ['a+b@sub.example.co', 'a+b@sub.example.co'],
  ['ann', undefined],
  ['ann@localhost', undefined],
  ['ann@exam ple.com', undefined],
  ['Ann <ann@example.com>', undefined],
  ['', undefined],
  [`${'a'.repeat(250)}@a.se`, undefined],
])('the address %j is %j', (text, email) => {
  expect(normaliseEmail(text)).toBe(email);
});

test.each([
  ['+46 70-123 45 67', undefined, '+46701234567'],
  ['0046701234567', 'SE', '+46701234567'],
  ['070-123 45 67', 'SE', '+46701234567'],
  ['070-123 45 67', ' se ', '+46701234567'],
  ['912 34 567', 'NO', '+4791234567'],
  ['070-123 45 67', undefined, undefined],
  ['070-123 45 67', 'Sweden', undefined],
  ['call 070-123 45 67', 'SE', undefined],
  ['+46 1', undefined, undefined],
  ['', 'SE', undefined],
])('the phone number %j of %s is %s', (text, country, number) => {
  expect(toE164(text, country)).toBe(number);
});
