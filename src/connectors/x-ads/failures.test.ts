import { expect, test } from 'vitest';
import { classifyFailure } from '../../kit/index.ts';
import { FAILURES } from './failures.ts';
import { describeFailure } from './vendor-error.ts';

function classify(status: number, headers: Readonly<Record<string, string>>, body?: unknown) {
  return classifyFailure({ status, headers, body }, FAILURES, 'x-ads', describeFailure);
}

// 12:00:00 by X's clock.
const DATE = 'Sat, 21 Nov 2026 12:00:00 GMT';
const AT_12_10 = String(Date.parse('2026-11-21T12:10:00Z') / 1000);
const AT_12_14 = String(Date.parse('2026-11-21T12:14:00Z') / 1000);

test.each<[string, Readonly<Record<string, string>>, number]>([
  ['until the reset, by the clock of X', { date: DATE, 'x-rate-limit-reset': AT_12_10 }, 600_000],
  [
    'for the limit that is spent',
    {
      date: DATE,
      'x-rate-limit-reset': AT_12_14,
      'x-rate-limit-remaining': '7',
      'x-account-rate-limit-reset': AT_12_10,
      'x-account-rate-limit-remaining': '0',
    },
    600_000,
  ],
  ['as `Retry-After` says', { date: DATE, 'x-rate-limit-reset': AT_12_10, 'retry-after': '5' }, 5_000],
  [
    'not at all when the reset has passed',
    { date: 'Sat, 21 Nov 2026 12:20:00 GMT', 'x-rate-limit-reset': AT_12_10 },
    0,
  ],
  ['a minute when nothing tells', { 'x-rate-limit-reset': AT_12_10 }, 60_000],
])('too many calls wait %s', (_what, headers, waitMs) => {
  expect(classify(429, headers)).toMatchObject({ kind: 'deferred', waitMs });
});

test.each([408, 423, 503])('a %i is tried again no sooner than `Retry-After` says', (status) => {
  expect(classify(status, { 'retry-after': '5' })).toMatchObject({ kind: 'retry', waitMs: 5_000 });
});

test('a refusal names every parameter once, and quotes no value', () => {
  const refusal = classify(
    400,
    {},
    {
      errors: [
        {
          code: 'INVALID_PARAMETER',
          message: 'asa@x.com is not a valid SHA-256 hash',
          parameter: 'hashed_email',
        },
        { code: 'INVALID_PARAMETER', message: 'b is not a valid SHA-256 hash', parameter: 'hashed_email' },
        { code: 'MISSING_PARAMETER', message: 'No time', parameter: 'conversion_time' },
      ],
    },
  );
  expect(refusal).toMatchObject({
    kind: 'rejected',
    fault: {
      code: 'x-ads.INVALID_PARAMETER',
      message:
        'X refused with status 400: INVALID_PARAMETER of hashed_email, MISSING_PARAMETER of conversion_time.',
    },
  });
});

test.each<[string, unknown]>([
  ['a pixel', { errors: [{ code: 'NOT_FOUND', message: 'Pixel o8z6j was not found' }] }],
  ['an event', { errors: [{ code: 'WEB_EVENT_TAG_NOT_FOUND', message: 'No such event' }] }],
  ['a version', '<html></html>'],
  ['something unnamed', undefined],
])('%s that is not there is wrong in the settings, and costs no conversion', (_what, body) => {
  expect(classify(404, {}, body).kind).toBe('suspended');
});
