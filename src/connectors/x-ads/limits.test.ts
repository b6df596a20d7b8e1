import { expect, test } from 'vitest';
import { limitsOf } from './limits.ts';

const [limit] = limitsOf({ events_per_15_minutes: 60_000 });
const read = (headers: Readonly<Record<string, string>>) => limit?.read?.({ status: 200, headers, body: {} });

test('the allowance is kept in calls that are full', () => {
  expect(limit).toMatchObject({ calls: 120, perMs: 900_000 });
});

test('the headers are read in full calls, and those of the account first', () => {
  const user = { 'x-rate-limit-limit': '100000', 'x-rate-limit-remaining': '99999' };
  expect(read(user)).toEqual({ calls: 200, remaining: 199 });
  const account = { 'x-account-rate-limit-limit': '60000', 'x-account-rate-limit-remaining': '499' };
  expect(read({ ...user, ...account })).toEqual({ calls: 120, remaining: 0 });
});

test('headers that say nothing are not read', () => {
  expect(read({})).toBeUndefined();
  expect(read({ 'x-rate-limit-limit': 'many', 'x-rate-limit-remaining': '1' })).toBeUndefined();
});
