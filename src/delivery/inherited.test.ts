import { expect, test } from 'vitest';
import { Inherited } from './inherited.ts';

const ranges = [
  { slotFrom: 0, slotTo: 32, first: 10, last: 12 },
  { slotFrom: 32, slotTo: 64, first: 11, last: 20 },
];

test.each([
  [9, 0, false],
  [10, 0, true],
  [12, 31, true],
  [12, 32, true],
  [10, 32, false],
  [13, 0, false],
  [20, 63, true],
  [21, 63, false],
])('position %i in slot %i counts as finished: %s', (position, slot, isDone) => {
  expect(new Inherited(ranges).has(position, slot)).toBe(isDone);
});

test('ranges that the cursor has passed are forgotten', () => {
  const inherited = new Inherited(ranges);
  expect(inherited.beyond(5)).toEqual(ranges);
  expect(inherited.beyond(12)).toEqual([ranges[1]]);
  expect(inherited.beyond(20)).toEqual([]);
});
