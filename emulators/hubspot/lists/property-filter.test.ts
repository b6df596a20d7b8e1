import { expect, test } from 'vitest';
import { testProperty } from './property-filter.ts';

const filter = (operationType: string, operator: string, more: object = {}): Record<string, unknown> => ({
  operationType,
  operator,
  ...more,
});

const red = { values: ['red', 'blue'] };

test.each([
  [filter('STRING', 'IS_EQUAL_TO', { value: 'Ada' }), ['ada', 'ADA'], ['adam']],
  [filter('MULTISTRING', 'IS_NOT_EQUAL_TO', { values: ['a', 'b'] }), ['c'], ['a', 'B']],
  [filter('MULTISTRING', 'CONTAINS', { values: ['x.com'] }), ['a@X.com'], ['a@y.com']],
  [filter('MULTISTRING', 'DOES_NOT_CONTAIN', { values: ['x.com'] }), ['a@y.com'], ['a@x.com']],
  [filter('STRING', 'STARTS_WITH', { value: 'ab' }), ['abc'], ['cab']],
  [filter('STRING', 'ENDS_WITH', { value: 'ab' }), ['cab'], ['abc']],
  [filter('NUMBER', 'IS_GREATER_THAN', { value: 9 }), ['10'], ['9', '1']],
  [filter('NUMBER', 'IS_LESS_THAN_OR_EQUAL_TO', { value: '9' }), ['9', '-1'], ['9.5']],
  [filter('NUMBER_RANGED', 'IS_BETWEEN', { lowerBound: 1, upperBound: 3 }), ['1', '2.5'], ['0', '3.1']],
  [filter('BOOL', 'IS_EQUAL_TO', { value: true }), ['true'], ['false']],
  [filter('ENUMERATION', 'IS_ANY_OF', red), ['red', 'green;blue'], ['green']],
  [filter('ENUMERATION', 'IS_NONE_OF', red), ['green'], ['green;blue']],
  [filter('ENUMERATION', 'CONTAINS_ALL', red), ['green;blue;red'], ['red']],
  [filter('ENUMERATION', 'IS_EXACTLY', red), ['blue;red'], ['blue;red;green', 'red']],
  [filter('ALL_PROPERTY', 'IS_KNOWN'), ['x'], [undefined]],
  [filter('ALL_PROPERTY', 'IS_UNKNOWN'), [undefined], ['x']],
])('%j takes %j and leaves %j', (operation, inside, outside) => {
  const fits = testProperty(operation);
  expect(inside.map(fits)).toEqual(inside.map(() => true));
  expect(outside.map(fits)).toEqual(outside.map(() => false));
});

test('a record without the value is in only where the filter says so', () => {
  const operation = filter('NUMBER', 'IS_EQUAL_TO', { value: 1 });
  expect(testProperty(operation)(undefined)).toBe(false);
  expect(testProperty({ ...operation, includeObjectsWithNoValueSet: true })(undefined)).toBe(true);
});

test.each([
  [filter('STRING', 'IS_EQUAL_TO'), 400],
  [filter('ENUMERATION', 'IS_ANY_OF', { values: [] }), 400],
  [filter('STRING', 'SOUNDS_LIKE', { value: 'x' }), 501],
  [filter('ROLLING_DATE_RANGE', 'IS_LESS_THAN_X_DAYS_AGO', { numberOfDays: 1 }), 501],
])('%j is refused with %i', (operation, status) => {
  expect(() => testProperty(operation)).toThrow(
    expect.objectContaining({ reply: expect.objectContaining({ status }) }),
  );
});
