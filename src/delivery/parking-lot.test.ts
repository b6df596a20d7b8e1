import { expect, test } from 'vitest';
import { ParkingLot } from './parking-lot.ts';

const KEY = { action: 'put', orderKey: 'put a' };

function aLot(count = 1, dueAtMs = 100): ParkingLot {
  const lot = new ParkingLot();
  lot.park('put a', KEY, count, dueAtMs);
  return lot;
}

test('a key is due when its head is, once', () => {
  const lot = aLot();
  expect(lot.nextDueMs(40)).toBe(60);
  expect(lot.takeDue(99, 10)).toEqual([]);
  expect(lot.takeDue(100, 10)).toEqual([{ key: 'put a', ...KEY }]);
  expect(lot.isOut('put a')).toBe(true);
  expect(lot.takeDue(1_000, 10)).toEqual([]);
  expect(lot.nextDueMs(1_000)).toBeUndefined();
});

test('a key is parked until its last input has left', () => {
  const lot = aLot(2);
  lot.takeDue(100, 10);
  lot.leave('put a', 1, undefined);
  expect(lot.has('put a')).toBe(true);
  lot.leave('put a', 1, 200);
  expect(lot.has('put a')).toBe(false);
  expect(lot.nextDueMs(0)).toBeUndefined();
});

test('inputs that arrived while the others were out make the key due again', () => {
  const lot = aLot();
  lot.takeDue(100, 10);
  lot.park('put a', KEY, 3, undefined);
  lot.leave('put a', 1, 150);
  expect(lot.takeDue(150, 10)).toHaveLength(1);
});

test('a head that failed again waits anew', () => {
  const lot = aLot();
  lot.takeDue(100, 10);
  lot.park('put a', KEY, 0, 500);
  expect(lot.takeDue(499, 10)).toEqual([]);
  expect(lot.takeDue(500, 10)).toHaveLength(1);
});

test('no more keys come out at once than asked for; the rest stay due', () => {
  const lot = new ParkingLot();
  for (const n of [1, 2, 3, 4, 5])
    lot.park(`put ${String(n)}`, { ...KEY, orderKey: `put ${String(n)}` }, 1, n);
  expect(lot.takeDue(10, 2)).toHaveLength(2);
  expect(lot.nextDueMs(10)).toBe(0);
  expect(lot.takeDue(10, 10)).toHaveLength(3);
  expect(lot.nextDueMs(10)).toBeUndefined();
});

test('a key that a command parked is due when the store says so', () => {
  const lot = new ParkingLot();
  lot.merge('put a', KEY, 2, 50);
  expect(lot.has('put a')).toBe(true);
  expect(lot.nextDueMs(0)).toBe(50);
});

test.each([
  ['holds more rows of a waiting key: it is due with the first', 3, 20, 20],
  ['holds more rows that are due later: the head keeps its time', 3, 900, 100],
  ['holds what is known: an old due time of the store changes nothing', 2, 20, 100],
])('the store %s', (_, count, dueAtMs, expectedMs) => {
  const lot = aLot(2);
  lot.merge('put a', KEY, count, dueAtMs);
  expect(lot.nextDueMs(0)).toBe(expectedMs);
});

test('rows that a command added to a key that is out are looked for when the others have left', () => {
  const lot = aLot(1);
  lot.takeDue(100, 10);
  lot.merge('put a', KEY, 2, 0);
  expect(lot.isOut('put a')).toBe(true);
  lot.leave('put a', 1, 120);
  expect(lot.takeDue(120, 10)).toHaveLength(1);
  lot.forget('put a');
  expect(lot.keyCount).toBe(0);
});
