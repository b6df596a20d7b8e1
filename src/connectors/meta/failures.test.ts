import { expect, test } from 'vitest';
import { classifyFailure } from '../../kit/index.ts';
import { FAILURES } from './failures.ts';
import { describeFailure } from './vendor-error.ts';

test.each<[string, unknown]>([
  ['a page of the edge', '<html></html>'],
  ['an error that says it will pass', { error: { code: 99, is_transient: true } }],
  ['an unknown error', { error: { code: 1 } }],
  ['a service that is down', { error: { code: 2 } }],
  ['a data set that is not ready', { error: { code: 5000 } }],
  ['another that is not ready', { error: { code: 21009 } }],
])('%s is tried again no sooner than `Retry-After` says', (_what, body) => {
  const response = { status: 400, headers: { 'retry-after': '37' }, body };
  expect(classifyFailure(response, FAILURES, 'meta', describeFailure)).toMatchObject({
    kind: 'retry',
    waitMs: 37_000,
  });
});
