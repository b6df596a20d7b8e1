import { expect, test } from 'vitest';
import { toOption } from '../properties/property-rules.ts';
import type { Property, PropertyType } from '../properties/property.ts';
import { DEFAULT_SWITCHES } from '../switches.ts';
import { checkValue } from './value-rules.ts';

function aProperty(type: PropertyType, more: Partial<Property> = {}): Property {
  return {
    name: 'p',
    label: 'P',
    type,
    fieldType: 'text',
    groupName: 'g',
    description: '',
    options: [],
    displayOrder: -1,
    hidden: false,
    formField: false,
    hasUniqueValue: false,
    externalOptions: false,
    calculated: false,
    hubspotDefined: false,
    readOnlyValue: false,
    createdAt: 0,
    updatedAt: 0,
    extras: {},
    ...more,
  };
}

const COLOURS = [toOption('Red', 'red', 0), toOption('Blue', 'blue', 1)];

test.each([
  ['number', '12.50', '12.50'],
  ['number', '-3', '-3'],
  ['bool', 'TRUE', undefined],
  ['date', '2026-02-28', '2026-02-28'],
  ['date', '1772236800000', '2026-02-28'],
  ['datetime', '2026-02-28T10:00:00+02:00', '2026-02-28T08:00:00.000Z'],
  ['datetime', '2026-02-28T10:00:00', '2026-02-28T10:00:00.000Z'],
  ['datetime', '1772272800000', '2026-02-28T10:00:00.000Z'],
  ['string', ' as it is ', ' as it is '],
] as const)('a %s of %j is stored as %j', (type, given, stored) => {
  const property = aProperty(type, type === 'bool' ? { options: [toOption('Yes', 'true', 0)] } : {});
  expect(checkValue(property, given, undefined, DEFAULT_SWITCHES)).toEqual({ value: stored ?? 'true' });
});

test.each([
  ['number', '1,000', 'INVALID_INTEGER', 'p was not a valid number'],
  ['number', '1.2.3', 'INVALID_FLOAT', 'p was not a valid number'],
  ['number', 'NaN', 'INVALID_INTEGER', 'p was not a valid number'],
  ['date', '1772236800001', 'INVALID_DATE', '1772236800001 is at 0:0:0.1 UTC, not midnight!'],
  ['date', '2026-02-30', 'INVALID_DATE', '2026-02-30 was not a valid date.'],
  ['date', '2026-02-28T00:00:00Z', 'INVALID_DATE', '2026-02-28T00:00:00Z was not a valid date.'],
  ['datetime', 'tomorrow', 'INVALID_LONG', 'tomorrow was not a valid long.'],
  ['datetime', '99999999999999999', 'INVALID_LONG', '99999999999999999 was not a valid long.'],
  ['enumeration', 'Red', 'INVALID_OPTION', 'Red was not one of the allowed options: [red, blue]'],
] as const)('a %s of %j is refused as %s', (type, given, code, message) => {
  const property = aProperty(type, { options: COLOURS });
  expect(checkValue(property, given, undefined, DEFAULT_SWITCHES)).toEqual({
    fault: { property: 'p', code, message },
  });
});

test('a text of 65,536 characters is the longest', () => {
  const check = (length: number): object =>
    checkValue(aProperty('string'), 'x'.repeat(length), undefined, DEFAULT_SWITCHES);
  expect(check(65_536)).toHaveProperty('value');
  expect(check(65_537)).toHaveProperty('fault');
});

test('options are listed with labels when the switch says so', () => {
  const switches = { ...DEFAULT_SWITCHES, invalidOptionStyle: 'labels' } as const;
  expect(checkValue(aProperty('enumeration', { options: COLOURS }), 'x', undefined, switches)).toMatchObject({
    fault: { message: expect.stringContaining('[label: "Red"\nvalue: "red"') },
  });
});
