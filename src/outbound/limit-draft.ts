/** A change to several limits of one connection that takes effect as a whole, or not at all. */
import type { Limit } from '../kit/index.ts';
import type { Claimant, Offer } from './limit-kind.ts';
import { isBudget, offer } from './limit-state.ts';
import type { LimitState } from './limit-state.ts';

/** The limits as they will be when what is done to them has been written. */
export class Draft {
  readonly #states = new Map<Limit, LimitState>();
  readonly #changed = new Set<Limit>();

  get changed(): readonly Limit[] {
    return [...this.#changed];
  }

  get(limit: Limit): LimitState {
    const state = this.#states.get(limit);
    if (state === undefined) throw new TypeError(`The limit ${limit.name} is not one of the connection's.`);
    return state;
  }

  /** For what follows from time alone, and need not be written. */
  set(limit: Limit, state: LimitState): void {
    this.#states.set(limit, state);
  }

  /** For one that nobody has used: when its day begins must be written, or it would begin anew with whoever looks. */
  begin(limit: Limit, state: LimitState): void {
    this.#states.set(limit, state);
    if (isBudget(limit)) this.#changed.add(limit);
  }

  change(limit: Limit, how: (state: LimitState) => LimitState): void {
    const state = this.get(limit);
    const changed = how(state);
    if (changed === state) return;
    this.#states.set(limit, changed);
    this.#changed.add(limit);
  }
}

/** What all of them have: the fewest places, from the latest moment on, or the longest wait. */
export function offerOfAll(
  applying: readonly Limit[],
  draft: Draft,
  nowMs: number,
  claimant: Claimant,
  wish: number,
): Offer {
  let all: Offer = { kind: 'places', count: wish, atMs: nowMs, isCrowded: false };
  for (const limit of applying) {
    const one: Offer = offer(draft.get(limit), limit, nowMs, claimant, wish);
    const isCrowded: boolean = all.isCrowded || one.isCrowded;
    if (one.kind === 'wait' || all.kind === 'wait') {
      const waitMs = Math.max(one.kind === 'wait' ? one.waitMs : 0, all.kind === 'wait' ? all.waitMs : 0);
      all = { kind: 'wait', waitMs, isCrowded };
    } else {
      all = {
        kind: 'places',
        count: Math.min(all.count, one.count),
        atMs: Math.max(all.atMs, one.atMs),
        isCrowded,
      };
    }
  }
  return all;
}
