import { expect, test } from 'vitest';
import { formatBytes, formatCount, formatDuration } from './amounts.ts';

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1_000, '1.0 kB'],
  [1_449_999, '1.4 MB'],
  [250_000_000, '250 MB'],
  [3e15, '3000 TB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  [0, '0 seconds'],
  [61_000, '1 minute'],
  [7_300_000, '2 hours'],
  [90 * 86_400_000, '90 days'],
])('%d ms are %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test('one is singular, nothing and many are plural', () => {
  expect([0, 1, 1_234].map((count) => formatCount(count, 'event'))).toEqual([
    '0 events',
    '1 event',
    '1,234 events',
  ]);
});
