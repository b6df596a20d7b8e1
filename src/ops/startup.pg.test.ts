import { expect, test } from 'vitest';
import { withDatabase } from '../../test/support/database.ts';
import { systemClock } from '../kernel/clock.ts';
import { warnOfSurroundings } from './startup.ts';

const database = withDatabase();

async function warnings(clockOffMs: number): Promise<readonly { readonly topic: string }[]> {
  const told: { readonly topic: string }[] = [];
  const clock = { ...systemClock, now: () => systemClock.now() + clockOffMs };
  const store = { kind: 'external', pool: database.pool } as const;
  const warn = (fields: { readonly topic: string }): void => {
    told.push(fields);
  };
  await warnOfSurroundings({ store, dataDir: '.', clock }, { warn });
  return told.filter(({ topic }) => topic !== 'connections');
}

test('a start in good surroundings says nothing', async () => {
  expect(await warnings(0)).toEqual([]);
});

test.each([60_000, -60_000])('a clock that is %d ms off is told of with what to do', async (offMs) => {
  expect(await warnings(offMs)).toEqual([
    {
      topic: 'clock',
      text: 'The clocks of this machine and of the database differ by 60.0 s.',
      remedy: 'Set both by NTP: retries and retention follow them.',
    },
  ]);
});
