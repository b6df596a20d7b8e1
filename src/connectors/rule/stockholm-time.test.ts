import { expect, test } from 'vitest';
import { fromStockholm, toStockholm } from './stockholm-time.ts';

const utc = (text: string): number => Date.parse(`${text}Z`);

test.each([
  ['winter', '2026-11-21 16:05:09', ['2026-11-21T15:05:09']],
  ['summer', '2026-07-01 00:30:00', ['2026-06-30T22:30:00']],
  ['the last second of winter time', '2026-03-29 01:59:59', ['2026-03-29T00:59:59']],
  ['the first second of summer time', '2026-03-29 03:00:00', ['2026-03-29T01:00:00']],
  ['the hour that is left out', '2026-03-29 02:30:00', ['2026-03-29T01:30:00']],
  ['the hour that comes twice', '2026-10-25 02:30:00', ['2026-10-25T00:30:00', '2026-10-25T01:30:00']],
  ['the year that turns', '2027-01-01 00:00:00', ['2026-12-31T23:00:00']],
])('a local time is read: %s', (_when, local, moments) => {
  expect(fromStockholm(local)).toEqual(moments.map(utc));
});

test.each(['', '600', '2026-11-21T16:05:09', '2026-13-41 16:05:09', '2026-11-21 25:05:09'])(
  '%j is no local time',
  (text) => {
    expect(fromStockholm(text)).toEqual([]);
  },
);

test.each(['2026-11-21T15:05:09', '2026-06-30T22:30:00', '2026-10-25T00:30:00', '2026-10-25T01:30:00'])(
  'what is written is read back: %s',
  (moment) => {
    expect(fromStockholm(toStockholm(utc(moment)))).toContain(utc(moment));
  },
);
