import { expect, test } from 'vitest';
import { makeManualClock } from '../../test/support/manual-clock.ts';
import type { Call, Limit } from '../kit/index.ts';
import { LIVE_CLAIMANT } from './limit-kind.ts';
import { MemoryLimitStore } from './limit-store.ts';
import type { LimitStore } from './limit-store.ts';
import { Limiter } from './limiter.ts';
import type { Permit } from './limiter.ts';
import type { ManualClock } from '../../test/support/manual-clock.ts';

const CALL: Call = { kind: 'call', method: 'GET', path: '/contacts' };
const SEARCH: Call = { ...CALL, path: '/search' };
const NEVER = new AbortController().signal;

const burst: Limit = { name: 'burst', calls: 2, perMs: 1_000, appliesTo: () => true, source: '' };
const search: Limit = { ...burst, name: 'search', calls: 1, appliesTo: ({ path }) => path === '/search' };

function makeLimiter(
  limits: readonly Limit[],
  clock: ManualClock,
  store: LimitStore = new MemoryLimitStore(clock),
): Limiter {
  return new Limiter({ limits, store, clock, timeoutMs: 3_000 });
}

test('calls leave in the order in which they asked, each when there is room', async () => {
  const clock = makeManualClock(0);
  const limiter = makeLimiter([burst], clock);
  const left: [number, number][] = [];
  for (const n of [1, 2, 3, 4, 5]) {
    void limiter.acquire(CALL, LIVE_CLAIMANT, NEVER).then((permit) => {
      left.push([n, clock.now()]);
      permit?.answered(undefined);
    });
  }
  await clock.advance(10_000);
  expect(left.map(([n]) => n)).toEqual([1, 2, 3, 4, 5]);
  const times = left.map(([, at]) => at);
  for (const at of times)
    expect(times.filter((other) => other > at - 1_000 && other <= at).length).toBeLessThan(3);
  expect(times.at(-1)).toBeLessThan(3_000);
});

test('a call passes a queue that it has no part in', async () => {
  const clock = makeManualClock(0);
  const limiter = makeLimiter([{ ...burst, calls: 1_000 }, search], clock);
  const left: string[] = [];
  const acquire = (call: Call): void => {
    void limiter.acquire(call, LIVE_CLAIMANT, NEVER).then(() => left.push(call.path));
  };
  acquire(SEARCH);
  acquire(SEARCH);
  await clock.advance(100);
  acquire(CALL);
  await clock.advance(100);
  expect(left).toEqual(['/search', '/contacts']);
});

test('nothing leaves before the vendor wants to be called again', async () => {
  const clock = makeManualClock(0);
  const limiter = makeLimiter([], clock);
  limiter.block(5_000);
  limiter.block(3_000);
  let leftAtMs: number | undefined;
  void limiter.acquire(CALL, LIVE_CLAIMANT, NEVER).then(() => (leftAtMs = clock.now()));
  await clock.advance(10_000);
  expect(leftAtMs).toBe(5_000);
});

test('whoever waits when work stops is told so, and the limit is not spent', async () => {
  const clock = makeManualClock(0);
  const limiter = makeLimiter([burst], clock);
  const stop = new AbortController();
  limiter.block(60_000);
  const permits: (Permit | undefined)[] = [];
  for (let n = 0; n < 3; n += 1)
    void limiter.acquire(CALL, LIVE_CLAIMANT, stop.signal).then((permit) => permits.push(permit));
  await clock.advance(10);
  stop.abort();
  // The block was still to be told to the other workers.
  await clock.advance(25);
  expect(permits).toEqual([undefined, undefined, undefined]);
  expect(clock.sleeperCount).toBe(0);
});
