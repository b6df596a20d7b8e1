/**
 * Workers with a backlog that share the limits of one vendor, all in virtual time: the vendor counts calls in a
 * rolling window at some moment of each, and refuses what is too much.
 */
import { Limiter } from '../../src/outbound/limiter.ts';
import type { Claimant } from '../../src/outbound/limit-kind.ts';
import { LIVE_CLAIMANT } from '../../src/outbound/limit-kind.ts';
import { MemoryLimitStore } from '../../src/outbound/limit-store.ts';
import type { LimitStore } from '../../src/outbound/limit-store.ts';
import type { Call, CallResponse, Limit } from '../../src/kit/index.ts';
import { makeManualClock } from './manual-clock.ts';
import type { ManualClock } from './manual-clock.ts';

export interface SimulatedWorker {
  /** Calls that it has under way at once. */
  readonly concurrent: number;
  readonly claimant?: Claimant;
  /** When it begins and ends to have work. */
  readonly fromMs?: number;
  readonly toMs?: number;
  /** Milliseconds that its clock is ahead of the store's. */
  readonly clockAheadMs?: number;
}

export interface Simulation {
  readonly limits: readonly Limit[];
  /** What the vendor really allows in the first limit's window; as declared when absent. */
  readonly trueCalls?: number;
  readonly workers: readonly SimulatedWorker[];
  /** Milliseconds that each call takes, in turn. */
  readonly latenciesMs: readonly number[];
  /** When within a call, from 0 to 1, the vendor counts it. */
  readonly countedAt: readonly number[];
  /** Milliseconds that the store takes to answer, in turn. */
  readonly storeMs?: readonly number[];
  readonly durationMs: number;
  /** When other programs call the same account. */
  readonly foreignMs?: readonly number[];
}

export interface CountedCall {
  readonly atMs: number;
  readonly worker: number;
}

export interface Simulated {
  /** Our calls that the vendor took, in order. */
  readonly counted: readonly CountedCall[];
  /** When it refused one of ours. */
  readonly refusedMs: readonly number[];
  /** When it refused another client's. */
  readonly foreignRefusedMs: readonly number[];
  readonly swapCount: number;
}

const CALL: Call = { kind: 'call', method: 'GET', path: '/' };

/** Noon of a day, so that no test depends on times near zero. */
export const START_MS = Date.parse('2026-11-21T12:00:00Z');

/** The vendor. It tells what is left in the header `remaining`, which a limit may read. */
class Vendor {
  readonly #calls: number;
  readonly #perMs: number;
  readonly #takenMs: number[] = [];
  #first = 0;
  readonly counted: CountedCall[] = [];
  readonly refusedMs: number[] = [];
  readonly foreignRefusedMs: number[] = [];

  constructor(calls: number, perMs: number) {
    this.#calls = calls;
    this.#perMs = perMs;
  }

  call(atMs: number, worker: number | undefined): boolean {
    const isTaken = this.left(atMs) > 0;
    if (isTaken) this.#takenMs.push(atMs);
    if (!isTaken) (worker === undefined ? this.foreignRefusedMs : this.refusedMs).push(atMs);
    else if (worker !== undefined) this.counted.push({ atMs, worker });
    return isTaken;
  }

  left(atMs: number): number {
    while ((this.#takenMs[this.#first] ?? Number.POSITIVE_INFINITY) <= atMs - this.#perMs) this.#first += 1;
    return this.#calls - (this.#takenMs.length - this.#first);
  }
}

/** A store that takes its time, half of it on the way there. */
function slowStore(store: LimitStore, clock: ManualClock, storeMs: readonly number[]) {
  let count = 0;
  const slowly = async <T>(work: () => Promise<T>): Promise<T> => {
    const ms = storeMs[count++ % storeMs.length] ?? 0;
    await clock.sleep(ms / 2);
    const answer = await work();
    await clock.sleep(ms / 2);
    return answer;
  };
  return {
    load: (names: readonly string[]) => slowly(() => store.load(names)),
    swap: (changes: Parameters<LimitStore['swap']>[0]) => slowly(() => store.swap(changes)),
    get count() {
      return count;
    },
  };
}

export async function simulate(simulation: Simulation): Promise<Simulated> {
  const { limits, workers, latenciesMs, countedAt, storeMs = [1], durationMs, foreignMs = [] } = simulation;
  const [first] = limits;
  if (first === undefined) throw new TypeError('A simulation needs a limit.');
  const clock = makeManualClock(START_MS);
  const vendor = new Vendor(simulation.trueCalls ?? first.calls, first.perMs);
  const store = slowStore(new MemoryLimitStore(clock), clock, storeMs);
  const stop = new AbortController();
  let callCount = 0;

  const call = async (limiter: Limiter, worker: number, claimant: Claimant): Promise<void> => {
    const permit = await limiter.acquire(CALL, claimant, stop.signal);
    if (permit === undefined) return;
    const latencyMs = latenciesMs[callCount % latenciesMs.length] ?? 0;
    const outwardMs = latencyMs * (countedAt[callCount % countedAt.length] ?? 0);
    callCount += 1;
    if (outwardMs > 0) await clock.sleep(outwardMs);
    const isTaken = vendor.call(clock.now(), worker);
    const headers = { remaining: String(vendor.left(clock.now())) };
    if (latencyMs > outwardMs) await clock.sleep(latencyMs - outwardMs);
    const response: CallResponse = { status: isTaken ? 200 : 429, headers, body: undefined };
    permit.answered(response, !isTaken);
  };

  const work = async (worker: SimulatedWorker, index: number): Promise<void> => {
    const { concurrent, claimant = LIVE_CLAIMANT, fromMs = 0, toMs = durationMs, clockAheadMs = 0 } = worker;
    const ownClock = {
      now: () => clock.now() + clockAheadMs,
      sleep: (ms: number, signal?: AbortSignal) => clock.sleep(ms, signal),
    };
    const limiter = new Limiter({ limits, store, clock: ownClock, timeoutMs: 30_000 });
    await clock.sleep(fromMs);
    const lines = Array.from({ length: concurrent }, async () => {
      while (clock.now() < START_MS + toMs && !stop.signal.aborted) await call(limiter, index, claimant);
    });
    await Promise.all(lines);
    await limiter.close();
  };

  void Promise.all(workers.map(work));
  for (const atMs of foreignMs) void clock.sleep(atMs).then(() => vendor.call(clock.now(), undefined));
  await clock.advance(durationMs);
  stop.abort();
  await clock.advance(40_000);
  const { counted, refusedMs, foreignRefusedMs } = vendor;
  return { counted, refusedMs, foreignRefusedMs, swapCount: store.count };
}

/** The share of the limit that was used after the first window. */
export function shareUsed({ counted }: Simulated, limit: Limit, durationMs: number): number {
  const after = counted.filter(
    ({ atMs }) => atMs >= START_MS + limit.perMs && atMs < START_MS + durationMs,
  ).length;
  return after / (((durationMs - limit.perMs) / limit.perMs) * limit.calls);
}

/** Two calls at a time of 10 ms each, until the signal aborts; when each left. */
export function keepCalling(
  limiter: Limiter,
  claimant: Claimant,
  clock: ManualClock,
  signal: AbortSignal,
): readonly number[] {
  const leftMs: number[] = [];
  const call = async (): Promise<void> => {
    for (;;) {
      const permit = await limiter.acquire(CALL, claimant, signal);
      if (permit === undefined) return;
      leftMs.push(clock.now());
      await clock.sleep(10);
      permit.answered(undefined);
    }
  };
  void call();
  void call();
  return leftMs;
}
