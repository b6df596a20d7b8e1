import { expect, test } from 'vitest';
import { limitsOf, readCalls, readFailures } from './limits.ts';
import { ruleSettings } from './settings.ts';

const answer = (headers: Record<string, string>) => ({ status: 200, headers, body: {} });

test('two thousand calls in ten minutes are spread over the minutes', () => {
  const limits = limitsOf(ruleSettings.parse({ api_key: 'k' }));
  expect(limits.map(({ name, calls, perMs }) => [name, calls, perMs])).toEqual([
    ['calls', 200, 60_000],
    ['failures', 200, 60_000],
  ]);
});

test.each([
  [2000, 12, 200],
  [2000, 1900, 200],
  [2000, 1950, 100],
  [2000, 2000, 1],
  [2000, 2300, 1],
  [6000, 12, 600],
])('of %i calls allowed, %i used leave %i a minute', (allowed, used, calls) => {
  const headers = { 'requestscount-allowed': String(allowed), 'requestscount-current': String(used) };
  expect(readCalls(answer(headers))).toEqual({ calls });
});

test.each([
  [0, 200],
  [24, 200],
  [36.75, 100],
  [49, 10],
  [80, 10],
])('%f %% of failures, of 49 that Rule bears, leave %i calls a minute', (percent, calls) => {
  const headers = { 'x-errorpercent-limit': '49', 'x-errorpercent-current': String(percent) };
  expect(readFailures(answer(headers), 200)).toEqual({ calls });
});

test('of a few calls, the share of failed ones slows nothing', () => {
  const headers = {
    'x-errorpercent-limit': '49',
    'x-errorpercent-current': '100',
    'requestscount-current': '2',
  };
  expect(readFailures(answer(headers), 200)).toEqual({ calls: 200 });
});

test('an answer without these headers says nothing', () => {
  expect(readCalls(answer({ 'requestscount-allowed': 'many' }))).toBeUndefined();
  expect(readFailures(answer({}), 200)).toBeUndefined();
});
