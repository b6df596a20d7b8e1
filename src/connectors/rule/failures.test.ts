import { expect, test } from 'vitest';
import { ruleWaitMs } from './failures.ts';

const wait = (retryAfter: string | undefined, date: string | undefined = 'Sat, 21 Nov 2026 15:00:00 GMT') =>
  ruleWaitMs({
    status: 429,
    headers: {
      ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }),
      ...(date === '' ? {} : { date }),
    },
    body: undefined,
  });

test.each([
  ['local time of Stockholm, in winter', '2026-11-21 16:10:00', undefined, 600_000],
  ['local time of Stockholm, in summer', '2026-07-01 14:00:30', 'Wed, 01 Jul 2026 12:00:00 GMT', 30_000],
  ['the hour that comes twice, first time', '2026-10-25 02:05:00', 'Sun, 25 Oct 2026 00:00:00 GMT', 300_000],
  ['the hour that comes twice, second time', '2026-10-25 02:05:00', 'Sun, 25 Oct 2026 01:00:00 GMT', 300_000],
  ['a time that has passed', '2026-11-21 15:59:00', undefined, 1_000],
  ['a time that is far away', '2026-11-21 20:00:00', undefined, 900_000],
  ['seconds, as other vendors say it', '42', undefined, 42_000],
  ['no seconds at all', '0', undefined, 1_000],
  ['nothing: about as long as blocks were seen to last', undefined, undefined, 600_000],
  ['nonsense', 'soon', undefined, 600_000],
  ['a local time without a Date to compare it with', '2026-11-21 16:01:00', '', 600_000],
])('a 429 waits for what it names: %s', (_what, retryAfter, date, ms) => {
  expect(wait(retryAfter, date)).toBe(ms);
});
