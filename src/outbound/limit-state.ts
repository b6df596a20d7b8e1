/**
 * What is known of one limit of a vendor, as plain data that all workers of a connection share, and what may
 * happen to it. Pure: time comes in, a new state comes out. A short limit is a rolling window (limit-window.ts),
 * a long one a budget (limit-budget.ts).
 *
 * The life of a call in it: `offer` says when one may leave, `grant` takes the place and counts the call for as
 * long as its answer may take, `settle` shortens that once the answer is there, `learn` takes in what the answer
 * said about the limit.
 */
import type { Priority } from '../kernel/priority.ts';
import type { Limit } from '../kit/index.ts';
import { budget } from './limit-budget.ts';
import type { BudgetState } from './limit-budget.ts';
import { TURN_MS } from './limit-kind.ts';
import type { Claimant, Grant, LimitKind, LimitUse, Offer, Settled } from './limit-kind.ts';
import { window } from './limit-window.ts';
import type { WindowState } from './limit-window.ts';

export type LimitState = WindowState | BudgetState;

// Windows up to this length are tracked call by call; a day's would be half a million entries.
const ROLLING_MS_MAX = 60_000;

/** True for a long limit, a day's as a rule, whose calls are not tracked one by one. */
export function isBudget({ perMs }: Limit): boolean {
  return perMs > ROLLING_MS_MAX;
}

function kindOf(limit: Limit): LimitKind<LimitState> {
  // Which of the two a state is follows from its limit alone, so the pair always fits.
  return isBudget(limit) ? budget : window;
}

export function advance(state: LimitState | undefined, limit: Limit, nowMs: number): LimitState {
  const kind = kindOf(limit);
  return state === undefined ? kind.fresh(limit, nowMs) : kind.advance(state, limit, nowMs);
}

export function offer(
  state: LimitState,
  limit: Limit,
  nowMs: number,
  claimant: Claimant,
  wish: number,
): Offer {
  if (nowMs < state.blockedUntilMs) {
    return { kind: 'wait', waitMs: state.blockedUntilMs - nowMs, isCrowded: false };
  }
  return kindOf(limit).offer(state, limit, nowMs, claimant, wish);
}

export function grant(state: LimitState, limit: Limit, nowMs: number, granted: Grant): LimitState {
  return kindOf(limit).grant(state, limit, nowMs, granted);
}

/** Takes in what became of some calls: first all that they free, since their readings speak of all of them. */
export function report(
  state: LimitState,
  limit: Limit,
  nowMs: number,
  calls: readonly Settled[],
): LimitState {
  const kind = kindOf(limit);
  const freed = calls.reduce((before, settled) => kind.settle(before, limit, settled), state);
  return calls.reduce((before, settled) => kind.learn(before, limit, nowMs, settled), freed);
}

/** No call leaves before `untilMs`: the vendor said so. */
export function block(state: LimitState, untilMs: number): LimitState {
  return untilMs <= state.blockedUntilMs ? state : { ...state, blockedUntilMs: untilMs };
}

/** A claimant waits until its turn at `turnMs`: those after it keep still. */
export function noteWaiting(
  state: LimitState,
  limit: Limit,
  priority: Priority,
  turnMs: number,
  nowMs: number,
): LimitState {
  if (state.kind === 'budget' || priority === 'backfill') return state;
  const untilMs = Math.floor(Math.min(turnMs, nowMs + limit.perMs) + TURN_MS);
  // Written again only when it tells something new, however often somebody waits.
  if (untilMs < state.waitsUntilMs[priority] + TURN_MS / 2) return state;
  return { ...state, waitsUntilMs: { ...state.waitsUntilMs, [priority]: untilMs } };
}

export function useOf(state: LimitState, limit: Limit, nowMs: number): LimitUse {
  return kindOf(limit).use(state, limit, nowMs);
}

export function encode(state: LimitState, limit: Limit): string {
  return JSON.stringify(kindOf(limit).pack(state));
}

/** A row that is empty, or of a limit that was of the other kind, starts anew. */
export function decode(text: string, limit: Limit): LimitState | undefined {
  if (text === '') return undefined;
  const packed = JSON.parse(text) as { readonly kind?: unknown };
  const kind = isBudget(limit) ? 'budget' : 'window';
  return packed.kind === kind ? kindOf(limit).unpack(packed as never) : undefined;
}
