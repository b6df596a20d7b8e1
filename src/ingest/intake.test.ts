import { expect, test } from 'vitest';
import fc from 'fast-check';
import { LinchpinError } from '../kernel/errors.ts';
import { Intake } from './intake.ts';
import type { Hold } from './intake.ts';

function makeIntake(bounds = { bytes: 100, requests: 2 }) {
  let nowMs = 0;
  const clock = { now: () => nowMs, sleep: () => Promise.resolve() };
  return { intake: new Intake(clock, bounds), advance: (ms: number) => void (nowMs += ms) };
}

/** What the refusal of `work` tells its sender. */
function refusalOf(work: () => void): LinchpinError | undefined {
  try {
    work();
  } catch (error) {
    if (error instanceof LinchpinError) return error;
    throw error;
  }
  return undefined;
}

test('bytes that do not fit are refused with 429 and a time to come back', () => {
  const { intake } = makeIntake();
  const hold = intake.open();
  hold.take(60);
  const other = intake.open();
  expect(
    refusalOf(() => {
      other.take(41);
    }),
  ).toMatchObject({
    code: 'ingest.overloaded',
    status: 429,
    retryAfterSeconds: 1,
  });
  other.take(40);
  expect(intake.byteCount).toBe(100);
});

test('requests beyond the bound are refused until one is through', () => {
  const { intake } = makeIntake();
  const [first, second, third] = [intake.open(), intake.open(), intake.open()];
  first.begin();
  second.begin();
  expect(
    refusalOf(() => {
      third.begin();
    })?.code,
  ).toBe('ingest.overloaded');
  third.end();
  expect(intake.requestCount).toBe(2);
  first.end();
  third.begin();
  expect(intake.requestCount).toBe(2);
});

test('the longer it lasts the later senders are told to come back, up to a minute', () => {
  const { intake, advance } = makeIntake();
  const full = intake.open();
  full.take(100);
  const retryAfter = (): number | undefined =>
    refusalOf(() => {
      intake.open().take(1);
    })?.retryAfterSeconds;
  expect(retryAfter()).toBe(1);
  advance(7_500);
  expect(retryAfter()).toBe(8);
  advance(600_000);
  expect(retryAfter()).toBe(60);
  full.end();
  intake.open().take(100);
  expect(retryAfter()).toBe(1);
});

test('a sender that hangs up frees what nobody works on, and keeps what is still being stored', () => {
  const { intake } = makeIntake();
  const arriving = intake.open();
  arriving.take(10);
  arriving.hungUp();
  expect(intake.byteCount).toBe(0);
  const storing = intake.open();
  storing.take(20);
  storing.begin();
  storing.hungUp();
  expect(intake.byteCount).toBe(20);
  storing.end();
  expect(intake.byteCount).toBe(0);
});

test('whatever requests do, the bounds hold and nothing is left when all are through', () => {
  const step = fc.tuple(
    fc.nat(5),
    fc.constantFrom('take', 'begin', 'end', 'hungUp'),
    fc.integer({ min: 0, max: 120 }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { intake } = makeIntake();
      const holds: Hold[] = Array.from({ length: 6 }, () => intake.open());
      const begun = new Set<number>();
      for (const [index, action, bytes] of steps) {
        const hold = holds[index];
        if (hold === undefined || (action === 'begin' && begun.has(index))) continue;
        if (action === 'begin') begun.add(index);
        refusalOf(() => {
          if (action === 'take') hold.take(bytes);
          else hold[action]();
        });
        expect(intake.byteCount).toBeLessThanOrEqual(100);
        expect(intake.requestCount).toBeLessThanOrEqual(2);
      }
      for (const hold of holds) hold.end();
      expect([intake.byteCount, intake.requestCount]).toEqual([0, 0]);
    }),
  );
});
