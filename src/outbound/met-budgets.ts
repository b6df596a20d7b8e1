/** Which long limits the calls for each action have met: its next batches wait for those before they start. */
import type { Limit } from '../kit/index.ts';
import type { Claimant } from './limit-kind.ts';
import { isBudget } from './limit-state.ts';

export class MetBudgets {
  readonly #ofAction = new Map<string, Set<Limit>>();

  of({ action = '' }: Claimant): ReadonlySet<Limit> {
    return this.#ofAction.get(action) ?? new Set();
  }

  note(claimant: Claimant, applying: readonly Limit[]): void {
    const met = applying.filter(isBudget);
    if (met.length > 0) this.#ofAction.set(claimant.action ?? '', new Set([...this.of(claimant), ...met]));
  }
}
