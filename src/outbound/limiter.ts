/**
 * Holds the calls of one connection back until every limit of the vendor that applies to them has room: live ones
 * before replays before backfills, and of each kind in the order in which they asked. Leases from the shared
 * limits right before calls leave, several at once where the vendor allows hundreds a second.
 */
import type { Clock } from '../kernel/clock.ts';
import { comparePriority } from '../kernel/priority.ts';
import type { Priority } from '../kernel/priority.ts';
import type { Call, CallResponse, Limit } from '../kit/index.ts';
import { Leavers } from './leavers.ts';
import { compareRank, rankOf } from './limit-kind.ts';
import type { Claimant } from './limit-kind.ts';
import type { LimitStore } from './limit-store.ts';
import { MetBudgets } from './met-budgets.ts';
import { SharedLimits } from './shared-limits.ts';
import type { Lease, LimitReport, Refusal } from './shared-limits.ts';

export interface Permit {
  /** Must be called when the answer is there, or when none will come; `isRefused` when it was one call too many. */
  answered(response: CallResponse | undefined, isRefused?: boolean): void;
  /** The call never left: its place is free for others. */
  returned(): void;
}

export interface LimiterOptions {
  readonly limits: readonly Limit[];
  readonly store: LimitStore;
  readonly clock: Clock;
  /** A call has its answer by then, or gets none. */
  readonly timeoutMs: number;
}

// A lease that is older is given back: others reckon with calls that leave by then. Far longer than the store and
// the event loop take; a worker that dies keeps the places of its calls that much longer from the others.
const LEASE_MS = 10_000;

// Calls that may be leased at once: what the limit allows in this time. One, where it allows fewer than 40 a second.
const LEASE_SPAN_MS = 50;

// A store that is away is asked again after so long.
const STORE_RETRY_MS = 500;

// Whoever waits looks again by then at the latest: an operator may have lifted what blocked it.
const LOOK_AGAIN_MS = 5_000;

// Whoever asks how long to wait while the store is being asked is to ask again after so long, some round trips.
const ASK_AGAIN_MS = 5;

interface Waiter {
  readonly claimant: Claimant;
  readonly go: (lease: Lease) => void;
}

/** The calls that the same limits apply to. */
interface Lane {
  readonly limits: readonly Limit[];
  readonly waiters: Waiter[];
  /** Leased, and not used up yet. */
  lease: (Lease & { readonly rank: Priority }) | undefined;
  left: number;
  isServed: boolean;
  /** Something is on its way that gives back what is left of a lease. */
  isWatched: boolean;
  /** When the first of those waiting has its turn, as far as is known. */
  servedAtMs: number;
  /** Ends the wait for room, because whoever waits has changed. */
  wake: AbortController;
  /** What the next lease asks for, as long as each is used up before the span is over. */
  wish: number;
}

const NO_PERMIT: Permit = { answered: () => undefined, returned: () => undefined };

export class Limiter {
  readonly #limits: readonly Limit[];
  readonly #clock: Clock;
  readonly #shared: SharedLimits;
  readonly #lanes = new Map<string, Lane>();
  readonly #budgets = new MetBudgets();
  readonly #leavers = new Leavers();
  #blockedUntilMs = 0;

  constructor({ limits, store, clock, timeoutMs }: LimiterOptions) {
    this.#limits = limits;
    this.#clock = clock;
    this.#shared = new SharedLimits({ limits, store, clock, callMs: LEASE_MS + timeoutMs });
  }

  /** Waits for room; `undefined` when `signal` aborted first. */
  async acquire(call: Call, claimant: Claimant, signal: AbortSignal): Promise<Permit | undefined> {
    const applying = this.#limits.filter((limit) => limit.appliesTo(call));
    if (applying.length === 0) return (await this.#unblocked(signal)) ? NO_PERMIT : undefined;
    if (signal.aborted) return undefined;
    this.#budgets.note(claimant, applying);
    const lane = this.#laneOf(applying);
    const lease = await this.#queueUp(lane, claimant, signal);
    return lease === undefined ? undefined : this.#permit(lane, lease);
  }

  /**
   * Milliseconds until a batch may start: its inputs are chosen only then, so that those that arrive
   * meanwhile travel along. Looks at the connector's first limit, the one that its ordinary calls share, and at the long
   * ones that calls for the action have met: for those a batch could wait for hours.
   */
  delayMs(claimant: Claimant): number {
    const limits = new Set([...this.#limits.slice(0, 1), ...this.#budgets.of(claimant)]);
    const waitsMs = [...this.#lanes.values()].map((lane) => this.#queueMs(lane, claimant));
    const blockedMs = this.#blockedUntilMs - this.#clock.now();
    return Math.max(0, blockedMs, this.#shared.delayMs(limits, claimant), ...waitsMs);
  }

  /** Those who wait already have the next place. */
  #queueMs({ limits, waiters, servedAtMs }: Lane, claimant: Claimant): number {
    const isBehind =
      limits[0] === this.#limits[0] && waiters.some((other) => compareRank(other.claimant, claimant) <= 0);
    return isBehind ? Math.max(ASK_AGAIN_MS, servedAtMs - this.#clock.now()) : 0;
  }

  /** No call leaves for this long, from any worker: the vendor said so. */
  block(ms: number): void {
    if (ms <= 0) return;
    this.#blockedUntilMs = Math.max(this.#blockedUntilMs, this.#clock.now() + ms);
    this.#shared.block(ms);
  }

  use(): readonly LimitReport[] {
    return this.#shared.use();
  }

  /** Gives back what is leased and tells the others what is not told yet, if the store is there. */
  async close(): Promise<void> {
    for (const lane of this.#lanes.values()) this.#giveBack(lane);
    await this.#shared.close().catch(() => undefined); // They learn it by time: what was leased ends by itself.
  }

  async #unblocked(signal: AbortSignal): Promise<boolean> {
    while (!signal.aborted) {
      const waitMs = this.#blockedUntilMs - this.#clock.now();
      if (waitMs <= 0) return true;
      await this.#clock.sleep(waitMs, signal);
    }
    return false;
  }

  #laneOf(limits: readonly Limit[]): Lane {
    const name = limits.map((limit) => limit.name).join('+');
    const found = this.#lanes.get(name);
    if (found !== undefined) return found;
    const lane: Lane = {
      limits,
      waiters: [],
      lease: undefined,
      left: 0,
      isServed: false,
      isWatched: false,
      servedAtMs: 0,
      wake: new AbortController(),
      wish: 1,
    };
    this.#lanes.set(name, lane);
    return lane;
  }

  #queueUp(lane: Lane, claimant: Claimant, signal: AbortSignal): Promise<Lease | undefined> {
    return new Promise((resolve) => {
      const leavers = this.#leavers.of(signal);
      const leave = (): void => {
        lane.waiters.splice(lane.waiters.indexOf(waiter), 1);
        lane.wake.abort();
        resolve(undefined);
      };
      const go = (lease: Lease): void => {
        leavers.delete(leave);
        resolve(lease);
      };
      const waiter = { claimant, go };
      leavers.add(leave);
      const behind = lane.waiters.findIndex((other) => compareRank(claimant, other.claimant) < 0);
      lane.waiters.splice(behind < 0 ? lane.waiters.length : behind, 0, waiter);
      if (behind === 0) lane.wake.abort();
      if (!lane.isServed) void this.#serve(lane);
    });
  }

  /** Lets whoever waits go, one after the other, each when there is room. Never throws. */
  async #serve(lane: Lane): Promise<void> {
    lane.isServed = true;
    while (lane.waiters.length > 0) {
      lane.wake = new AbortController();
      const waitMs = await this.#waitMs(lane);
      lane.servedAtMs = this.#clock.now() + waitMs;
      if (waitMs > 0) await this.#clock.sleep(Math.min(waitMs, LOOK_AGAIN_MS), lane.wake.signal);
      else this.#letGo(lane);
    }
    lane.isServed = false;
    if (lane.lease !== undefined) void this.#giveBackLater(lane, lane.lease);
  }

  /** Milliseconds until the first of those waiting may go; 0 when it may now. */
  async #waitMs(lane: Lane): Promise<number> {
    const { time } = this.#shared;
    if (!this.#isFit(lane)) this.#giveBack(lane);
    const blockedMs = this.#blockedUntilMs - this.#clock.now();
    if (blockedMs > 0) return blockedMs;
    if (lane.lease === undefined) {
      const answer = await this.#lease(lane);
      if (answer?.kind !== 'lease') return answer?.waitMs ?? STORE_RETRY_MS;
      lane.lease = answer;
      lane.left = answer.count;
    }
    return time.untilMs(lane.lease.atMs);
  }

  /** False when what is leased has grown too old, or was leased for calls that go before those that wait now. */
  #isFit({ lease, waiters: [first] }: Lane): boolean {
    if (lease === undefined) return true;
    if (first !== undefined && comparePriority(lease.rank, rankOf(first.claimant)) < 0) return false;
    return this.#shared.time.latestMs() <= lease.atMs + LEASE_MS;
  }

  /** `undefined` when the store is away. */
  async #lease(lane: Lane): Promise<Lane['lease'] | Refusal> {
    const [first] = lane.waiters;
    if (first === undefined) return { kind: 'wait', waitMs: 0 };
    const wish = Math.min(lane.wish, leasesAtOnce(lane.limits));
    try {
      const { claimant } = first;
      const answer = await this.#shared.lease(lane.limits, claimant, wish);
      return answer.kind === 'lease' ? { ...answer, rank: rankOf(claimant) } : answer;
    } catch {
      // The reader's own statements meet the same store, and report it.
      return undefined;
    }
  }

  #letGo(lane: Lane): void {
    const { lease } = lane;
    const next = lane.waiters.shift();
    if (lease === undefined || next === undefined) return;
    lane.left -= 1;
    if (lane.left === 0) {
      lane.lease = undefined;
      const isUsedInTime = this.#shared.time.earliestMs() < lease.atMs + LEASE_SPAN_MS;
      lane.wish = isUsedInTime ? lease.count * 2 : Math.max(1, lane.wish / 2);
    }
    next.go(lease);
  }

  /** Gives back what nobody has used when its time is over. */
  async #giveBackLater(lane: Lane, lease: Lease): Promise<void> {
    if (lane.isWatched) return;
    lane.isWatched = true;
    await this.#clock.sleep(this.#shared.time.untilMs(lease.atMs) + 2 * LEASE_SPAN_MS);
    lane.isWatched = false;
    if (lane.isServed || lane.lease === undefined) return;
    if (lane.lease === lease) this.#giveBack(lane);
    else await this.#giveBackLater(lane, lane.lease);
  }

  #giveBack(lane: Lane): void {
    const { lease } = lane;
    if (lease === undefined) return;
    lane.wish = Math.max(1, lease.count - lane.left);
    for (; lane.left > 0; lane.left -= 1) {
      this.#shared.settle(lane.limits, lease, () => ({ answeredAtMs: undefined }));
    }
    lane.lease = undefined;
  }

  #permit({ limits }: Lane, lease: Lease): Permit {
    return {
      answered: (response, isRefused = false) => {
        const answeredAtMs = this.#shared.time.latestMs();
        this.#shared.settle(limits, lease, (limit) => ({
          answeredAtMs,
          reading: response === undefined ? undefined : limit.read?.(response),
          isRefused,
        }));
      },
      returned: () => {
        this.#shared.settle(limits, lease, () => ({ answeredAtMs: undefined }));
      },
    };
  }
}

function leasesAtOnce(limits: readonly Limit[]): number {
  return Math.max(
    1,
    Math.floor(Math.min(...limits.map(({ calls, perMs }) => (calls / perMs) * LEASE_SPAN_MS))),
  );
}
