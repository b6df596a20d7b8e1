import { expect, test } from 'vitest';
import { keepCalling } from '../../test/support/limit-simulation.ts';
import { makeManualClock } from '../../test/support/manual-clock.ts';
import type { ManualClock } from '../../test/support/manual-clock.ts';
import type { Call, Limit } from '../kit/index.ts';
import type { Claimant } from './limit-kind.ts';
import { LIVE_CLAIMANT } from './limit-kind.ts';
import { MemoryLimitStore } from './limit-store.ts';
import type { LimitStore } from './limit-store.ts';
import { Limiter } from './limiter.ts';
import type { Permit } from './limiter.ts';

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

const REPLAY: Claimant = { priority: 'replay', rateShare: 0.25 };
const BACKFILL: Claimant = { priority: 'backfill', rateShare: 1 };

const between = (times: readonly number[], fromMs: number, toMs: number): number =>
  times.filter((at) => at >= fromMs && at < toMs).length;

test('live calls go before replays, and replays before backfills, whoever asked first', async () => {
  const clock = makeManualClock(0);
  const limiter = makeLimiter([{ ...burst, calls: 1 }], clock);
  const left: string[] = [];
  const ask = (claimant: Claimant): void => {
    void limiter.acquire(CALL, claimant, NEVER).then((permit) => {
      left.push(claimant.priority);
      permit?.answered(undefined);
    });
  };
  ask(LIVE_CLAIMANT);
  await clock.advance(100);
  for (const claimant of [BACKFILL, REPLAY, BACKFILL, LIVE_CLAIMANT]) ask(claimant);
  await clock.advance(60_000);
  expect(left).toEqual(['live', 'live', 'replay', 'backfill', 'backfill']);
});

test('a replay uses its share of the limit, and nothing while live calls of another worker wait', async () => {
  const clock = makeManualClock(0);
  const store = new MemoryLimitStore(clock);
  const limit: Limit = { ...burst, calls: 40, perMs: 10_000 };
  const stop = new AbortController();
  const replayed = keepCalling(makeLimiter([limit], clock, store), REPLAY, clock, stop.signal);
  await clock.advance(30_000);
  const alone = between(replayed, 10_000, 30_000);
  expect(alone).toBeGreaterThanOrEqual(18);
  expect(alone).toBeLessThanOrEqual(20);

  const live = new AbortController();
  const left = keepCalling(makeLimiter([limit], clock, store), LIVE_CLAIMANT, clock, live.signal);
  await clock.advance(30_000);
  expect(between(replayed, 42_000, 60_000)).toBe(0);
  expect(between(left, 40_000, 60_000)).toBeGreaterThan(76);

  live.abort();
  await clock.advance(30_000);
  expect(between(replayed, 70_000, 90_000)).toBeGreaterThanOrEqual(18);
  stop.abort();
});

test('a replay that is the first to use a budget has its share of the day', async () => {
  const clock = makeManualClock(0);
  const limiter = makeLimiter([{ ...burst, name: 'daily', calls: 1_000, perMs: 86_400_000 }], clock);
  const stop = new AbortController();
  const left = keepCalling(limiter, REPLAY, clock, stop.signal);
  await clock.advance(3_600_000);
  stop.abort();
  expect(left.length).toBeGreaterThan(30);
  expect(left.length).toBeLessThanOrEqual((1_000 * 0.8) / 24);
});

test('a batch of a replay waits outside for every budget that calls of its action have met, and no other batch does', async () => {
  const clock = makeManualClock(0);
  const { signal } = new AbortController();
  const day = { ...burst, perMs: 86_400_000, calls: 3_000 };
  const isSearch = ({ path }: Call): boolean => path === SEARCH.path;
  const limiter = makeLimiter(
    [
      { ...burst, calls: 1_000 },
      { ...day, name: 'daily', appliesTo: (call) => !isSearch(call) },
      { ...day, name: 'searches', appliesTo: isSearch },
    ],
    clock,
  );
  for (let n = 0; n < 1_000; n += 1) {
    (await limiter.acquire(CALL, { ...LIVE_CLAIMANT, action: 'put' }, signal))?.answered(undefined);
    await clock.advance(10);
  }
  (await limiter.acquire(SEARCH, { ...LIVE_CLAIMANT, action: 'find' }, signal))?.answered(undefined);
  await clock.advance(60_000);
  // A third of the day's calls are gone, of which four fifths are for replays.
  const waitMs = limiter.delayMs({ ...REPLAY, action: 'put' });
  expect(waitMs).toBeGreaterThan(9 * 3_600_000);
  expect(limiter.delayMs({ ...REPLAY, action: 'find' })).toBeLessThan(60_000);
  expect(limiter.delayMs({ ...LIVE_CLAIMANT, action: 'put' })).toBe(0);
  await clock.advance(waitMs + 1);
  expect(limiter.delayMs({ ...REPLAY, action: 'put' })).toBe(0);
});

test('a call of a replay that live ones may wait for goes among them, and takes its place from the replay', async () => {
  const clock = makeManualClock(0);
  const { signal } = new AbortController();
  const store = new MemoryLimitStore(clock);
  const limits: readonly Limit[] = [
    { ...burst, calls: 40, perMs: 10_000 },
    { ...burst, name: 'daily', calls: 100_000, perMs: 86_400_000 },
  ];
  const live = new AbortController();
  keepCalling(makeLimiter(limits, clock, store), LIVE_CLAIMANT, clock, live.signal);
  await clock.advance(20_000);
  const limiter = makeLimiter(limits, clock, store);
  const left: string[] = [];
  void limiter.acquire(CALL, REPLAY, signal).then(() => left.push('behind'));
  void limiter.acquire(CALL, { ...REPLAY, isHurried: true }, signal).then((permit) => {
    left.push('among');
    permit?.answered(undefined);
  });
  await clock.advance(2_000);
  expect(left).toEqual(['among']);
  live.abort();

  const alone = makeLimiter([{ ...burst, calls: 40, perMs: 10_000 }], clock);
  for (let n = 0; n < 4; n += 1) {
    (await alone.acquire(CALL, { ...REPLAY, isHurried: true }, signal))?.answered(undefined);
    await clock.advance(250);
  }
  // Four places of a second each, of which one second has gone.
  expect(alone.delayMs(REPLAY)).toBeGreaterThan(1_500);
  expect(alone.delayMs(LIVE_CLAIMANT)).toBe(0);
});

test('when the vendor asks one worker to wait, the others wait too', async () => {
  const clock = makeManualClock(0);
  const store = new MemoryLimitStore(clock);
  const one = makeLimiter([burst], clock, store);
  const other = makeLimiter([burst], clock, store);
  one.block(5_000);
  await clock.advance(100);
  let leftAtMs = 0;
  void other.acquire(CALL, LIVE_CLAIMANT, NEVER).then(() => (leftAtMs = clock.now()));
  await clock.advance(10_000);
  expect(leftAtMs).toBeGreaterThanOrEqual(5_000);
  expect(leftAtMs).toBeLessThan(5_100);
});

test('while the store is away no call leaves, and when it is back they go on', async () => {
  const clock = makeManualClock(0);
  const memory = new MemoryLimitStore(clock);
  let isAway = true;
  const reach = <T>(work: () => Promise<T>): Promise<T> =>
    isAway ? Promise.reject(new Error('The store is away.')) : work();
  const store: LimitStore = {
    load: (names) => reach(() => memory.load(names)),
    swap: (changes) => reach(() => memory.swap(changes)),
  };
  const stop = new AbortController();
  const limiter = makeLimiter([burst], clock, store);
  const left = keepCalling(limiter, LIVE_CLAIMANT, clock, stop.signal);
  await clock.advance(60_000);
  expect(left).toEqual([]);
  isAway = false;
  await clock.advance(10_000);
  expect(left.length).toBeGreaterThan(15);
  isAway = true;
  const { length } = left;
  await clock.advance(10_000);
  expect(left.length).toBeLessThanOrEqual(length + 1);
  stop.abort();
  await limiter.close();
});

test('calls that no limit applies to leave at once and ask nobody', async () => {
  const clock = makeManualClock(0);
  const nobody = (): Promise<never> => Promise.reject(new Error('Nobody is to be asked.'));
  const limiter = makeLimiter([search], clock, { load: nobody, swap: nobody });
  const permit = await limiter.acquire(CALL, LIVE_CLAIMANT, NEVER);
  permit?.answered({ status: 200, headers: {}, body: undefined });
  await limiter.close();
  expect(clock.sleepCount).toBe(0);
});

test('where a vendor allows thousands of calls a second, one write of the limits is for many of them', async () => {
  const clock = makeManualClock(0);
  const memory = new MemoryLimitStore(clock);
  let writeCount = 0;
  const store: LimitStore = {
    load: (names) => memory.load(names),
    swap: (changes) => {
      writeCount += 1;
      return memory.swap(changes);
    },
  };
  const limiter = makeLimiter([{ ...burst, calls: 2_000 }], clock, store);
  const stop = new AbortController();
  const lines = Array.from({ length: 20 }, () => keepCalling(limiter, LIVE_CLAIMANT, clock, stop.signal));
  await clock.advance(3_000);
  stop.abort();
  const left = lines.flat().length;
  expect(left).toBeGreaterThan(5_700);
  expect(left).toBeLessThanOrEqual(6_000 + 60);
  expect(writeCount).toBeLessThan(left / 20);
});

test('leases that nobody used are given back, so that another worker can have them', async () => {
  const clock = makeManualClock(0);
  const store = new MemoryLimitStore(clock);
  const limit: Limit = { ...burst, calls: 100, perMs: 1_000 };
  const one = makeLimiter([limit], clock, store);
  for (let n = 0; n < 40; n += 1) {
    void one.acquire(CALL, LIVE_CLAIMANT, NEVER).then((permit) => {
      permit?.answered(undefined);
    });
  }
  await clock.advance(3_000);
  const other = makeLimiter([limit], clock, store);
  await other.acquire(CALL, LIVE_CLAIMANT, NEVER);
  expect(other.use()).toEqual([{ name: 'burst', used: 1, allowed: 100, blockedUntilMs: 0 }]);
});

test('a clock that jumps ahead by an hour grants nothing that is not free', async () => {
  const clock = makeManualClock(0);
  let aheadMs = 0;
  const own = {
    now: () => clock.now() + aheadMs,
    sleep: (ms: number, signal?: AbortSignal) => clock.sleep(ms, signal),
  };
  const store = new MemoryLimitStore(clock);
  const limiter = new Limiter({ limits: [burst], store, clock: own, timeoutMs: 3_000 });
  const left: number[] = [];
  const call = (): void => {
    void limiter.acquire(CALL, LIVE_CLAIMANT, NEVER).then((permit) => {
      left.push(clock.now());
      permit?.answered(undefined);
    });
  };
  for (let n = 0; n < 2; n += 1) call();
  await clock.advance(600);
  expect(left.length).toBe(2);
  aheadMs = 3_600_000;
  call();
  await clock.advance(5_000);
  expect(left.length).toBe(3);
  expect(left[2]).toBeGreaterThan((left[0] ?? 0) + 1_000);
});

test('a quiet connection sends at once, and a busy one says when it will', async () => {
  const clock = makeManualClock(0);
  const limiter = makeLimiter([{ ...burst, calls: 100, perMs: 10_000 }], clock);
  expect(limiter.delayMs(LIVE_CLAIMANT)).toBe(0);
  for (let n = 0; n < 3; n += 1) await limiter.acquire(CALL, LIVE_CLAIMANT, NEVER);
  expect(clock.now()).toBe(0);
  const waitMs = limiter.delayMs(LIVE_CLAIMANT);
  expect(waitMs).toBeGreaterThan(0);
  expect(waitMs).toBeLessThanOrEqual(100);
  await clock.advance(waitMs);
  expect(limiter.delayMs(LIVE_CLAIMANT)).toBe(0);
});
