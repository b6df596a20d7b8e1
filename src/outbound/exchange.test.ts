import { expect, test } from 'vitest';
import { Redacted } from '../kernel/redacted.ts';
import { isCut, toExchange } from './exchange.ts';
import { makeRedact } from './redaction.ts';

const SECRET = 'a-secret-token';

function keptOf(body: string): string {
  return toExchange(
    { method: 'POST', url: 'http://vendor/put', body, startedAtMs: 0 },
    { kind: 'network', code: 'ECONNRESET', message: 'gone' },
    1,
    makeRedact([new Redacted(SECRET)]),
  ).requestBody;
}

test.each([
  ['ASCII', 'x'.repeat(20_000)],
  ['two bytes each', 'ö'.repeat(10_000)],
  ['three bytes each', '€'.repeat(6_666)],
])('a body of up to 20,000 bytes is kept whole (%s)', (_what, body) => {
  expect(keptOf(body)).toBe(body);
  expect(isCut(keptOf(body))).toBe(false);
});

test.each([
  ['ASCII', 'x', 20_000],
  ['three bytes each', '€', 6_666],
  ['four bytes each', '😀', 5_000],
])('of a longer one, whole characters of the first 20,000 bytes (%s)', (_what, character, count) => {
  const kept = keptOf(character.repeat(20_001));
  const bytes = Buffer.byteLength(character) * 20_001;
  expect(kept).toBe(`${character.repeat(count)}… (the first 20000 of ${String(bytes)} bytes)`);
  expect(isCut(kept)).toBe(true);
});

test('a secret across the cut leaves nothing of itself', () => {
  const kept = keptOf(`${'x'.repeat(19_995)}${SECRET}${'x'.repeat(1_000)}`);
  expect(kept).not.toContain('a-sec');
  expect(isCut(kept)).toBe(true);
});

test('the headers that tell of limits are kept, and those that are credentials are not', () => {
  const headers = { 'x-rate-limit-reset': '1', 'x-hubspot-ratelimit-max': '2', 'x-app-usage': '{}' };
  const response = { status: 200, headers: { ...headers, 'set-cookie': 'session=1' }, body: {} };
  const { responseHeaders } = toExchange(
    { method: 'POST', url: 'http://vendor/put', body: '', startedAtMs: 0 },
    { kind: 'response', response, text: '{}' },
    1,
    makeRedact([]),
  );
  expect(responseHeaders).toEqual(headers);
});
