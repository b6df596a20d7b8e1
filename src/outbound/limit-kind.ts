/** What a limit is asked and told, whichever kind it is. */
import { comparePriority } from '../kernel/priority.ts';
import type { Priority } from '../kernel/priority.ts';
import type { Limit, LimitReading } from '../kit/index.ts';

/** Who wants to call. */
export interface Claimant {
  readonly priority: Priority;
  /** The part of a window that a replay or a backfill may use, from 0 to 1; live calls may use all of it. */
  readonly rateShare: number;
  /** The action that the calls are for: those of one action meet the same limits. */
  readonly action?: string;
  /** True when live calls may wait for what this one holds: it goes among them, and is charged as what it is. */
  readonly isHurried?: boolean;
  /** Asked right before a call leaves; false once somebody else may call for the same records. */
  readonly mayCall?: () => boolean;
}

export const LIVE_CLAIMANT: Claimant = { priority: 'live', rateShare: 1 };

/** Among whom it goes. */
export function rankOf({ priority, isHurried = false }: Claimant): Priority {
  return isHurried ? 'live' : priority;
}

/** Negative when `a` goes before `b`. */
export function compareRank(a: Claimant, b: Claimant): number {
  return comparePriority(rankOf(a), rankOf(b));
}

/** What a limit has for a claimant now. */
export type Offer =
  /** Up to `count` calls may leave from `atMs` on, which is now or soon. */
  | { readonly kind: 'places'; readonly count: number; readonly atMs: number; readonly isCrowded: boolean }
  | { readonly kind: 'wait'; readonly waitMs: number; readonly isCrowded: boolean };

export interface Grant {
  readonly claimant: Claimant;
  readonly count: number;
  readonly atMs: number;
  /** By then each of the calls has its answer, or never gets one. */
  readonly endsMs: number;
}

/** What became of one granted call. */
export interface Settled {
  /** Of its grant. */
  readonly atMs: number;
  readonly endsMs: number;
  /** When the answer came, or the wait for it ended; `undefined` when the call never left. */
  readonly answeredAtMs: number | undefined;
  /** What the answer says of this limit. */
  readonly reading?: LimitReading | undefined;
  /** The vendor refused the call as one too many. */
  readonly isRefused?: boolean;
}

/** Calls that count, and calls that are allowed, both now. */
export interface LimitUse {
  readonly used: number;
  readonly allowed: number;
}

/** What one kind of limit does. States that come in have been brought up to `nowMs` by `advance`. */
export interface LimitKind<State> {
  fresh(limit: Limit, nowMs: number): State;
  /** Forgets what has passed, and what a clock that was set back has left in the future. */
  advance(state: State, limit: Limit, nowMs: number): State;
  offer(state: State, limit: Limit, nowMs: number, claimant: Claimant, wish: number): Offer;
  grant(state: State, limit: Limit, nowMs: number, grant: Grant): State;
  settle(state: State, limit: Limit, settled: Settled): State;
  learn(state: State, limit: Limit, nowMs: number, settled: Settled): State;
  use(state: State, limit: Limit, nowMs: number): LimitUse;
  pack(state: State): unknown;
  unpack(packed: never): State;
}

/**
 * A claimant that has to wait holds back all that come after it until its turn, and for so long beyond: the time in
 * which it has surely taken it. Short, because a live call that finds the evenly spread schedule one place ahead
 * waits too.
 */
export const TURN_MS = 1_000;
