import { expect, test } from 'vitest';
import { Judge } from './judge.ts';
import type { VendorWrite } from './vendor-journal.ts';

function judge(acknowledged: number, ...writes: readonly Omit<VendorWrite, 'person'>[]): Judge {
  const made = new Judge();
  for (let value = 1; value <= acknowledged; value += 1) made.acknowledge(1, value);
  for (const write of writes) {
    made.observe({ arrivedMs: 0, tookEffectMs: 0, writes: [{ person: 1, ...write }] });
  }
  return made;
}

test('values that arrive in order, merged or not, are no violation', () => {
  const { verdict } = { verdict: judge(3, { last: 1, values: [1] }, { last: 3, values: [2, 3] }).verdict() };
  expect(verdict).toMatchObject({
    acknowledged: 3,
    lost: 0,
    orderViolations: 0,
    deliveries: 3,
    duplicates: 0,
  });
});

test('a stretch that comes again after a kill counts as duplicates, and is no violation once it is through', () => {
  const one = { last: 1, values: [1] };
  const two = { last: 2, values: [2] };
  expect(judge(2, one, two, one).verdict()).toMatchObject({ duplicates: 1, stale: 1, orderViolations: 1 });
  expect(judge(2, one, two, one, two).verdict()).toMatchObject({ duplicates: 2, orderViolations: 0 });
});

test('an acknowledged value that never arrives is lost', () => {
  expect(judge(3, { last: 1, values: [1] }, { last: 3, values: [3] }).verdict()).toMatchObject({ lost: 1 });
});

test('a value that arrives for the first time after a later one was overtaken', () => {
  const late = judge(2, { last: 2, values: [2] }, { last: 1, values: [1] });
  expect(late.verdict()).toMatchObject({ overtaken: 1, stale: 1, lost: 0 });
});

test('two calls for one person at once are a violation', () => {
  const made = new Judge();
  made.observe({ arrivedMs: 0, tookEffectMs: 0, writes: [], overlaps: [7] });
  expect(made.verdict()).toMatchObject({ overlaps: 1, orderViolations: 1 });
});
