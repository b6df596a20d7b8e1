import { expect, test } from 'vitest';
import { Breaker } from './breaker.ts';

function anOpenBreaker(random = () => 0.5): Breaker {
  const breaker = new Breaker(random);
  for (let n = 0; n < 3; n += 1) breaker.failed(0);
  return breaker;
}

test('one or two failures in a row are chance', () => {
  const breaker = new Breaker(() => 0);
  breaker.failed(0);
  breaker.failed(0);
  expect(breaker.isOpen).toBe(false);
  breaker.succeeded();
  breaker.failed(0);
  breaker.failed(0);
  expect(breaker.delayMs(0)).toBe(0);
});

test('three failures in a row open it for half a second to a second', () => {
  expect(anOpenBreaker(() => 0).delayMs(0)).toBe(500);
  expect(anOpenBreaker(() => 1).delayMs(0)).toBe(1_000);
});

test('failures of batches that left before it opened do not lengthen the pause', () => {
  const breaker = anOpenBreaker();
  const pauseMs = breaker.delayMs(0);
  breaker.failed(1);
  breaker.failed(2);
  expect(breaker.delayMs(0)).toBe(pauseMs);
});

test('each failed probe doubles the pause, up to a minute', () => {
  const breaker = anOpenBreaker(() => 1);
  const pauses: number[] = [];
  let nowMs = 0;
  for (let n = 0; n < 8; n += 1) {
    pauses.push(breaker.delayMs(nowMs));
    nowMs += breaker.delayMs(nowMs);
    breaker.failed(nowMs);
  }
  expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
});

test('a probe that succeeds closes it', () => {
  const breaker = anOpenBreaker();
  breaker.succeeded();
  expect(breaker.isOpen).toBe(false);
  expect(breaker.delayMs(0)).toBe(0);
});

test('after an outage calls come back one, two, four at a time', () => {
  const breaker = anOpenBreaker();
  expect(breaker.places(10)).toBe(1);
  const places: number[] = [];
  for (let n = 0; n < 6; n += 1) {
    breaker.succeeded();
    places.push(breaker.places(10));
  }
  expect(places).toEqual([1, 2, 4, 8, 10, 10]);
});

test('a failure while the vendor gets up opens it again at once, for longer', () => {
  const breaker = anOpenBreaker(() => 1);
  breaker.succeeded();
  breaker.succeeded();
  breaker.failed(1_000);
  expect(breaker.isOpen).toBe(true);
  expect(breaker.delayMs(1_000)).toBe(2_000);
});

test('once wholly up again it takes three failures, and the first pause is short', () => {
  const breaker = anOpenBreaker(() => 1);
  for (let n = 0; n < 7; n += 1) breaker.succeeded();
  breaker.failed(1_000);
  breaker.failed(1_000);
  expect(breaker.isOpen).toBe(false);
  breaker.failed(1_000);
  expect(breaker.delayMs(1_000)).toBe(1_000);
});
