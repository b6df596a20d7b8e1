import { expect, test } from 'vitest';
import { classifyFailure, retryAfterMs } from './failures.ts';

const waitOf = (headers: Readonly<Record<string, string>>) =>
  retryAfterMs({ status: 429, headers, body: undefined });

const DATE = { date: 'Sat, 21 Nov 2026 12:00:00 GMT' };

test.each<[string, Readonly<Record<string, string>>, number | undefined]>([
  ['seconds', { 'retry-after': '37' }, 37_000],
  ['parts of a second', { 'retry-after': ' 0.5 ' }, 500],
  ['a date', { 'retry-after': 'Sat, 21 Nov 2026 12:01:00 GMT', ...DATE }, 60_000],
  ['a date that has passed', { 'retry-after': 'Sat, 21 Nov 2026 11:00:00 GMT', ...DATE }, 0],
  ['a date beside no other', { 'retry-after': 'Sat, 21 Nov 2026 12:01:00 GMT' }, undefined],
  ['a time without a zone', { 'retry-after': '2026-11-21 12:01:00', ...DATE }, undefined],
  ['words', { 'retry-after': 'soon', ...DATE }, undefined],
  ['nothing', {}, undefined],
])('a wait given as %s is understood or left to the schedule', (_form, headers, waitMs) => {
  expect(waitOf(headers)).toBe(waitMs);
});

test.each([408, 425, 500, 503])('a %i is tried again no sooner than `Retry-After` says', (status) => {
  const response = { status, headers: { 'retry-after': '37' }, body: undefined };
  expect(classifyFailure(response, [], 'acme')).toMatchObject({ kind: 'retry', waitMs: 37_000 });
});

test.each([
  ['names no wait: as `Retry-After` says', {}, 37_000],
  ['names one: that one', { waitMs: () => 1_000 }, 1_000],
  ['leaves it to the schedule: no wait', { waitMs: () => undefined }, undefined],
])('of a row that %s', (_what, row, waitMs) => {
  const response = { status: 409, headers: { 'retry-after': '37' }, body: undefined };
  const rules = [{ status: 409, verdict: 'retry', source: 'a test', ...row } as const];
  const outcome = classifyFailure(response, rules, 'acme');
  expect(outcome.kind === 'retry' ? outcome.waitMs : outcome).toBe(waitMs);
});
