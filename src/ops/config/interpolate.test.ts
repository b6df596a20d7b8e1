import { expect, test } from 'vitest';
import { interpolate } from './interpolate.ts';

const lookUp = (name: string): string | undefined =>
  ({ TOKEN: 'abc', EMPTY: '', DOLLAR: '$&${TOKEN}' })[name];

test.each([
  ['${TOKEN}', 'abc'],
  ['Bearer ${TOKEN}!', 'Bearer abc!'],
  ['${TOKEN}${TOKEN}', 'abcabc'],
  ['${UNSET:-fallback}', 'fallback'],
  ['${UNSET:-}', ''],
  ['${EMPTY:-fallback}', 'fallback'],
  ['${EMPTY}', ''],
  ['${TOKEN:-fallback}', 'abc'],
  ['$${TOKEN}', '${TOKEN}'],
  ['$TOKEN and {TOKEN}', '$TOKEN and {TOKEN}'],
  ['${DOLLAR}', '$&${TOKEN}'],
])('%s becomes %s', (text, expected) => {
  expect(interpolate(text, lookUp)).toMatchObject({ text: expected, problems: [] });
});

test.each([
  ['${UNSET}', 'config.variable_unset', 'UNSET'],
  ['${}', 'config.variable_malformed', '${}'],
  ['${1ST}', 'config.variable_malformed', '${1ST}'],
  ['${TOKEN', 'config.variable_malformed', '${TOKEN'],
])('%s is refused', (text, code, found) => {
  expect(interpolate(text, lookUp).problems).toEqual([{ code, found, written: text }]);
});
