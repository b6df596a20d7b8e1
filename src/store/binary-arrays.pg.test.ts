import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withDatabase } from '../../test/support/database.ts';
import { bigintArray, integerArray, smallintArray, textArray, timestampArray } from './binary-arrays.ts';

const database = withDatabase();

async function roundTrip<Value>(type: string, array: Buffer): Promise<Value[]> {
  const { rows } = await database.pool.query<{ value: Value }>(
    `select value from unnest($1::${type}[]) with ordinality as u(value, n) order by n`,
    [array],
  );
  return rows.map(({ value }) => value);
}

// What PostgreSQL's text cannot hold, ingest refuses: NUL and half surrogates.
const text = fc.string({ unit: 'binary' }).filter((value) => !value.includes('\0') && value.isWellFormed());

test('text arrives as it was sent, null as null', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(text)), async (values) => {
      expect(await roundTrip('text', textArray(values))).toEqual(values);
    }),
    { numRuns: 50 },
  );
});

test.each([
  ['smallint', smallintArray, 2 ** 15],
  ['integer', integerArray, 2 ** 31],
  ['bigint', bigintArray, 2 ** 53],
] as const)('%s values arrive as they were sent', async (type, toArray, bound) => {
  const number = fc.maxSafeInteger().map((value) => value % bound);
  await fc.assert(
    fc.asyncProperty(fc.array(number), async (values) => {
      // JavaScript has a zero below zero; PostgreSQL does not.
      expect(await roundTrip(type, toArray(values))).toEqual(values.map((value) => value + 0));
    }),
    { numRuns: 20 },
  );
});

test('times arrive to the millisecond, before and after 2000', async () => {
  const times = ['1969-12-31T23:59:59.999Z', '2000-01-01T00:00:00.000Z', '2026-11-21T05:07:41.123Z'];
  const stored = await roundTrip<Date>('timestamptz', timestampArray(times));
  expect(stored.map((time) => time.toISOString())).toEqual(times);
});
