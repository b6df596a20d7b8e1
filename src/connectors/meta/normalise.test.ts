import { expect, test } from 'vitest';
import { sha256Hex } from '../../kit/index.ts';
import { hashed, NORMALISE } from './normalise.ts';
import type { HashedKey } from './normalise.ts';

test.each<[HashedKey, string, string | undefined, string | undefined]>([
  ['em', '  Asa.Berg@Example.COM ', undefined, 'asa.berg@example.com'],
  ['em', 'not an address', undefined, undefined],
  ['ph', '+46 (0)70-123 45 67', undefined, '46701234567'],
  ['ph', '070-123 45 67', 'SE', '46701234567'],
  ['ph', '070-123 45 67', undefined, undefined],
  ['fn', 'Åse-Marie', undefined, 'åsemarie'],
  ['fn', 'A\u030Asa', undefined, 'åsa'],
  ['fn', '…', undefined, undefined],
  ['ln', "O'Brien-Lund", undefined, 'obrienlund'],
  ['ln', 'af Ekenstam', undefined, 'afekenstam'],
  ['ge', 'Female', undefined, 'f'],
  ['ge', 'other', undefined, undefined],
  ['db', '1990-05-17', undefined, '19900517'],
  ['db', '17 May 1990', undefined, undefined],
  ['ct', 'Bø i Telemark', undefined, 'bøitelemark'],
  ['ct', 'Saint-Étienne', undefined, 'saintétienne'],
  ['st', 'CA', undefined, 'ca'],
  ['st', 'Västra Götaland', undefined, 'västragötaland'],
  ['zp', '211 22', 'SE', '21122'],
  ['zp', '94035-1234', 'US', '94035'],
  ['zp', 'SW1A 1AA', 'GB', 'sw1a1aa'],
  ['zp', '1000-205', 'PT', '1000205'],
  ['country', ' SE ', undefined, 'se'],
  ['country', 'Sweden', undefined, undefined],
  ['external_id', ' Email|84CC ', undefined, 'email|84cc'],
])('%s of %j in %s is %j', (key, text, country, expected) => {
  expect(NORMALISE[key](text, country)).toBe(expected);
  expect(hashed(key, text, country)).toBe(expected === undefined ? undefined : sha256Hex(expected));
});

const HASH = sha256Hex('asa@example.com');

test.each<[HashedKey, string, string]>([
  ['em', ` ${HASH} `, HASH],
  ['fn', HASH, HASH],
  ['ph', `${HASH}.AQQCAQMC`, `${HASH}.AQQCAQMC`],
  ['em', HASH.toUpperCase(), HASH],
  ['em', `${HASH.toUpperCase()}.AQQCAQMC`, `${HASH}.AQQCAQMC`],
])('%s hashed already as %s goes out as %s', (key, text, expected) => {
  expect(hashed(key, text)).toBe(expected);
});
