/**
 * A long limit, a day's as a rule, as a budget. Live calls may use all of it. Replays and backfills may go only as
 * far as the day has gone, in four fifths of the budget: what fills a destination never leaves live calls
 * without, however early in the day it starts. What a replay has begun it brings to its end at once, a few calls that
 * its next ones wait for.
 */
import { rankOf } from './limit-kind.ts';
import type { LimitKind } from './limit-kind.ts';
import { addCalls, between, countAt, packCalls, toTick, unpackCalls } from './held-calls.ts';
import type { HeldCalls } from './held-calls.ts';

export interface BudgetState {
  readonly kind: 'budget';
  readonly blockedUntilMs: number;
  /** Calls in a day as declared. */
  readonly plan: number;
  /** Calls in a day, of all clients together, as the vendor states it. */
  readonly total: number;
  /** Calls left, as far as answers have told. */
  readonly remaining: number;
  /** Calls under way, which are not in `remaining` yet. */
  readonly held: HeldCalls;
  /** When the day began: the vendor's, once a reading has shown its turn; until then ours. */
  readonly startedAtMs: number;
  /** When a spent budget is tried again. */
  readonly tryAgainAtMs: number;
}

// How often a spent budget is tried again, because the moment of the vendor's reset is not known exactly
// (HubSpot: midnight in the account's time zone).
const TRY_AGAIN_MS = 15 * 60_000;

// Nothing needs to know the end of a call under way more exactly; it matters when a worker died.
const TICKS = { tickMs: 1_000 };

// The part of the budget that only live calls may use.
const LIVE_RESERVE = 0.2;

// Only a new day gives back calls, and a tenth of the budget is more than answers that overtake each other explain.
const NEW_DAY_SHARE = 0.1;

// Longer than any call is under way. What a clock that was set back has left in the future beyond it is dropped.
const CALL_MS_MAX = 600_000;

export const budget: LimitKind<BudgetState> = {
  fresh: (limit, nowMs) => ({
    kind: 'budget',
    blockedUntilMs: 0,
    plan: limit.calls,
    total: limit.calls,
    remaining: limit.calls,
    held: [],
    startedAtMs: Math.floor(nowMs),
    tryAgainAtMs: 0,
  }),

  advance: (stored, limit, nowMs) => {
    const state = replan(stored, limit.calls);
    const held = between(state.held, nowMs, nowMs + CALL_MS_MAX, TICKS);
    const startedAtMs = dayOf(state, limit.perMs, nowMs);
    if (startedAtMs === state.startedAtMs) return { ...state, held };
    return { ...state, held, remaining: state.total, startedAtMs, tryAgainAtMs: 0 };
  },

  offer: (state, limit, nowMs, claimant, wish) => {
    const free = freeCalls(state, nowMs);
    if (rankOf(claimant) !== 'live') return offerBehindLive(state, limit.perMs, nowMs, free, wish);
    if (free >= 1) return { kind: 'places', count: Math.min(wish, free), atMs: nowMs, isCrowded: false };
    if (nowMs >= state.tryAgainAtMs) return { kind: 'places', count: 1, atMs: nowMs, isCrowded: false };
    const opensMs = Math.min(state.tryAgainAtMs, state.startedAtMs + limit.perMs);
    return { kind: 'wait', waitMs: opensMs - nowMs, isCrowded: false };
  },

  grant: (state, _limit, nowMs, { count, endsMs }) => {
    const held = addCalls(state.held, toTick(endsMs, TICKS), count);
    const isSpent = freeCalls(state, nowMs) - count <= 0;
    return { ...state, held, ...(isSpent ? { tryAgainAtMs: Math.floor(nowMs) + TRY_AGAIN_MS } : {}) };
  },

  settle: (state, _limit, { endsMs, answeredAtMs }) => ({
    ...state,
    held: addCalls(state.held, toTick(endsMs, TICKS), -1),
    remaining: state.remaining - (answeredAtMs === undefined ? 0 : 1),
  }),

  learn: (state, _limit, nowMs, { reading }) => {
    const total = reading?.calls ?? state.total;
    const remaining = reading?.remaining;
    if (remaining === undefined) return { ...state, total };
    const isNewDay = remaining - state.remaining > total * NEW_DAY_SHARE;
    return {
      ...state,
      total,
      remaining,
      ...(isNewDay ? { startedAtMs: Math.floor(nowMs) } : {}),
      ...(remaining <= 0 ? { tryAgainAtMs: Math.floor(nowMs) + TRY_AGAIN_MS } : {}),
    };
  },

  use: (state, _limit, nowMs) => ({ used: state.total - freeCalls(state, nowMs), allowed: state.total }),

  pack: (state) => ({ ...state, held: packCalls(state.held) }),

  unpack: (packed: BudgetState) => ({ ...packed, held: unpackCalls(packed.held) }),
};

/**
 * When the day at `nowMs` began. Days follow each other: if the one after a quiet day began with whoever looks, it would
 * begin anew each time, and no part of it would ever have gone for a replay.
 */
function dayOf({ startedAtMs }: BudgetState, perMs: number, nowMs: number): number {
  // The clock was set back.
  if (nowMs < startedAtMs) return Math.floor(nowMs);
  return startedAtMs + Math.floor((nowMs - startedAtMs) / perMs) * perMs;
}

/** Another plan was bought, and configured: it has as much more, or less. */
function replan(state: BudgetState, calls: number): BudgetState {
  if (state.plan === calls) return state;
  return { ...state, plan: calls, total: calls, remaining: state.remaining + calls - state.plan };
}

function freeCalls({ remaining, held }: BudgetState, nowMs: number): number {
  return remaining - countAt(held, nowMs, TICKS);
}

function offerBehindLive(
  { total, startedAtMs }: BudgetState,
  perMs: number,
  nowMs: number,
  free: number,
  wish: number,
): ReturnType<LimitKind<BudgetState>['offer']> {
  const spendable = total * (1 - LIVE_RESERVE);
  const open = Math.floor(((nowMs - startedAtMs) / perMs) * spendable - (total - free));
  if (open >= 1 && free >= 1) {
    return { kind: 'places', count: Math.min(wish, open, free), atMs: nowMs, isCrowded: false };
  }
  const opensMs = startedAtMs + Math.min(1, (total - free + 1) / spendable) * perMs;
  return { kind: 'wait', waitMs: Math.max(1, opensMs - nowMs), isCrowded: false };
}
