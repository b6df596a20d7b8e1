import { expect, test } from 'vitest';
import { toMergeValue } from './merge-value.ts';

const field = (type: string, options?: { phone_format?: string; choices?: string[] }) => ({
  tag: 'X',
  type,
  options,
});

test.each([
  ['text', 'Åsa', 'Åsa'],
  ['text', 5, '5'],
  ['number', 5, 5],
  ['number', '-1.5', -1.5],
  ['date', '2026-11-21', '2026-11-21'],
  ['date', '2026-11-21T12:00:00.000Z', '2026-11-21'],
  ['birthday', '1980-02-29', '02/29'],
  ['birthday', '02/29', '02/29'],
  ['zip', '90210', '90210'],
  ['url', 'https://daily.se/', 'https://daily.se/'],
  ['phone', '+46701234567', '+46701234567'],
  ['a type that is new', 'x', 'x'],
] as const)('a field of type %s takes %s as %s', (type, given, value) => {
  expect(toMergeValue(field(type), given)).toEqual({ value });
});

test.each([
  ['number', 'five'],
  ['date', '21-11-2026'],
  ['birthday', 'tomorrow'],
  ['zip', '114 20'],
  ['url', 'daily'],
  ['address', 'Storgatan 1'],
] as const)('a field of type %s cannot hold %s, and the empty text clears it', (type, given) => {
  expect(toMergeValue(field(type), given)).toHaveProperty('unfit');
  expect(toMergeValue(field(type), '')).toEqual({ value: '' });
});

test('an address goes into a field for addresses, without the parts that are not given', () => {
  const address = { addr1: 'Storgatan 1', city: 'Lund', state: 'Skåne', zip: '22100', country: undefined };
  expect(toMergeValue(field('address'), address)).toEqual({
    value: { addr1: 'Storgatan 1', city: 'Lund', state: 'Skåne', zip: '22100' },
  });
  expect(toMergeValue(field('text'), address)).toHaveProperty('unfit');
});

test('a phone field of the United States takes its own ten digits and no others', () => {
  const phone = field('phone', { phone_format: 'US' });
  expect(toMergeValue(phone, '+1 212-555-0187')).toEqual({ value: '(212) 555-0187' });
  expect(toMergeValue(phone, '+46701234567')).toHaveProperty('unfit');
});

test('a choice is one of those that there are', () => {
  const choice = field('dropdown', { choices: ['True', 'False'] });
  expect(toMergeValue(choice, 'True')).toEqual({ value: 'True' });
  expect(toMergeValue(choice, 'true')).toEqual({ unfit: 'none of its choices' });
});

test('long text is cut at 255 bytes, between characters', () => {
  expect(toMergeValue(field('text'), `${'x'.repeat(253)}😀y`)).toEqual({
    value: 'x'.repeat(253),
    note: 'cut to 255 bytes',
  });
});
