import { expect, test } from 'vitest';
import { INEXACT } from '../inexact-number.ts';
import { toPropertyValue } from './property-value.ts';
import { toInputValue } from './record-input.ts';
import type { InputValue } from './record-input.ts';
import { toProperty } from './property.ts';
import { isSameValue } from './same-value.ts';

const options = [
  { label: 'News letter', value: 'news', displayOrder: 1 },
  { label: 'Sport', value: 'SPORT', displayOrder: 0 },
];

function aProperty(type: string, fieldType = 'text') {
  return toProperty({
    name: 'p',
    label: 'P',
    type,
    fieldType,
    options: type === 'enumeration' ? options : [],
  });
}

const text = aProperty('string');
const number = aProperty('number');
const flag = aProperty('bool');
const date = aProperty('date');
const datetime = aProperty('datetime');
const select = aProperty('enumeration', 'select');
const checkbox = aProperty('enumeration', 'checkbox');

test.each<[string, ReturnType<typeof aProperty>, InputValue, string]>([
  ['null clears', number, null, ''],
  ['the empty text clears', number, '', ''],
  ['an empty list clears', checkbox, [], ''],
  ['text is kept as it is, blanks included', text, ' a ', ' a '],
  ['a number becomes text', text, 1.5, '1.5'],
  ['a flag becomes text', text, true, 'true'],
  ['a list becomes text', text, ['a', 'b'], 'a;b'],
  ['a number is written with digits', number, 12.5, '12.5'],
  ['the largest number that JSON keeps is written', number, 2 ** 53 - 1, '9007199254740991'],
  ['digits as text are kept, however many', text, '12345678901234567890', '12345678901234567890'],
  ['digits as text fit a number, however many', number, '9007199254740993', '9007199254740993'],
  ['a small number is written without exponent', number, 1.5e-7, '0.00000015'],
  ['a number as text is trimmed', number, ' -12.50 ', '-12.50'],
  ['a flag is written in words', flag, false, 'false'],
  ['a flag as text is read', flag, 'TRUE', 'true'],
  ['a date stays the day', date, '2026-02-28', '2026-02-28'],
  ['a moment becomes its day in UTC', date, '2026-02-28T23:30:00-05:00', '2026-03-01'],
  ['epoch milliseconds become a day', date, 1_767_225_600_000, '2026-01-01'],
  [
    'a moment is written in UTC with milliseconds',
    datetime,
    '2026-02-28T10:00:00+02:00',
    '2026-02-28T08:00:00.000Z',
  ],
  ['a day is midnight UTC', datetime, '2026-02-28', '2026-02-28T00:00:00.000Z'],
  ['an option is found by value', select, 'news', 'news'],
  ['an option is found by label', select, 'news letter', 'news'],
  ['an option is found without regard to case', select, 'sport', 'SPORT'],
  ['a list of one fits a single choice', select, ['news'], 'news'],
  ['several options are joined', checkbox, ['News letter', 'sport', 'news'], 'news;SPORT'],
  ['several options in one text are split', checkbox, 'news; sport', 'news;SPORT'],
])('%s', (_, property, value, expected) => {
  expect(toPropertyValue(property, value, false)).toBe(expected);
});

test.each<[string, ReturnType<typeof aProperty>, InputValue]>([
  ['a number with separators', number, '1,000'],
  ['a flag for a number', number, true],
  ['not a number', number, Number.NaN],
  ['a number that JSON has rounded', number, 2 ** 53],
  ['a number for text that JSON has rounded', text, 12345678901234567000],
  ['a number with an exponent that JSON has rounded', number, 1e21],
  ['a number below zero that JSON has rounded', text, -(2 ** 53)],
  ['a number for an option that JSON has rounded', select, 2 ** 53],
  ['a word for a flag', flag, 'perhaps'],
  ['a number for a flag', flag, 1],
  ['a day that does not exist', date, '2026-02-30'],
  ['a moment without zone', datetime, '2026-02-28T10:00:00'],
  ['seconds, which could be milliseconds', date, 1_767_225_600],
  ['an unknown option', select, 'opera'],
  ['an unknown option among known ones', checkbox, ['news', 'opera']],
  ['several values for a single choice', select, ['news', 'sport']],
  ['an option with the separator', checkbox, ['a;b']],
  ['text beyond the limit', text, 'x'.repeat(65_537)],
])('%s is unfit rather than bent', (_, property, value) => {
  expect(toPropertyValue(property, value, false)).toHaveProperty('unfit');
});

test.each([[[2 ** 53, 1]], [{ id: 2 ** 53 }], [[{ ids: [1, 2 ** 53] }]]])(
  'a rounded number inside a list or an object leaves all of it out: %j',
  (value) => {
    expect(toPropertyValue(text, toInputValue(value), false)).toHaveProperty('unfit', INEXACT);
    expect(toPropertyValue(checkbox, toInputValue(value), true)).toHaveProperty('unfit', INEXACT);
  },
);

test('an option that is about to be added is fit', () => {
  expect(toPropertyValue(checkbox, ['Sport', 'opera'], true)).toBe('SPORT;opera');
});

test.each<[ReturnType<typeof aProperty>, string | null, string, boolean]>([
  [text, null, '', true],
  [text, 'a', 'A', false],
  [number, '12.50', '12.5', true],
  [number, '9007199254740993', '9007199254740992', false],
  [number, null, '0', false],
  [checkbox, 'news;SPORT', 'SPORT;news', true],
  [checkbox, 'news', 'SPORT;news', false],
  [date, '2026-01-01', '2026-01-01', true],
  [date, '1767225600000', '2026-01-01', true],
  [datetime, '2026-01-01T00:00:00Z', '2026-01-01T00:00:00.000Z', true],
])('HubSpot holding %#: %o', (property, held, wanted, same) => {
  expect(isSameValue(property, held, wanted)).toBe(same);
});
