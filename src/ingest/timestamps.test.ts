import fc from 'fast-check';
import { expect, test } from 'vitest';
import { correctedTime, parseTimestamp } from './timestamps.ts';

test.each([
  ['2026-11-21T05:12:00.000Z', '2026-11-21T05:12:00.000Z'],
  ['2026-11-21T05:12:00Z', '2026-11-21T05:12:00.000Z'],
  ['2026-11-21T05:12:00.123456Z', '2026-11-21T05:12:00.123Z'],
  ['2026-11-21T05:12:00+01:00', '2026-11-21T04:12:00.000Z'],
  ['2026-11-21T05:12:00-0530', '2026-11-21T10:42:00.000Z'],
  ['2026-11-21T05:12:00+02', '2026-11-21T03:12:00.000Z'],
  ['2026-11-21 05:12:00', '2026-11-21T05:12:00.000Z'],
  ['2026-11-21T05:12', '2026-11-21T05:12:00.000Z'],
  ['2026-11-21', '2026-11-21T00:00:00.000Z'],
  [' 2026-11-21t05:12:00z ', '2026-11-21T05:12:00.000Z'],
])('%s is read as %s on every machine', (text, iso) => {
  expect(new Date(parseTimestamp(text) ?? NaN).toISOString()).toBe(iso);
});

test.each([
  '',
  'now',
  '1700000000',
  '21/11/2026',
  'Sat Nov 21 2026',
  '2026-13-01',
  '2026-11-21T25:00:00Z',
  5,
  null,
  {},
])('%s is no timestamp', (value) => {
  expect(parseTimestamp(value)).toBeUndefined();
});

test('what is accepted is always a time that the log can keep', () => {
  const time = fc.option(fc.integer({ min: -1e14, max: 1e15 }), { nil: undefined });
  fc.assert(
    fc.property(time, time, (givenMs, sentAtMs) => {
      const ms = correctedTime({ givenMs, sentAtMs, receivedAtMs: Date.parse('2026-11-21T05:12:00Z') });
      expect(new Date(ms ?? 0).toISOString()).toMatch(/^[1-9]\d{3}-/);
    }),
  );
});
