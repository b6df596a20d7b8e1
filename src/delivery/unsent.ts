/**
 * What flows wanted and made no input of: skipped on purpose, or because a mapping failed. A mapping that failed leaves
 * a dead letter without an input, for the flow may be mended and the event mapped anew. Pure.
 */
import type { Flow } from '../flows/workspace.ts';
import type { Outcome } from '../kernel/outcome.ts';
import type { Part } from './work.ts';

export interface Unsent {
  readonly flow: Flow;
  readonly part: Part;
  readonly outcome: Extract<Outcome, { kind: 'skipped' | 'rejected' }>;
}

/** One whose mapping failed. */
export interface Unmapped extends Unsent {
  readonly outcome: Extract<Outcome, { kind: 'rejected' }>;
}

export function isUnmapped(unsent: Unsent): unsent is Unmapped {
  return unsent.outcome.kind === 'rejected';
}

/** Those of each flow. */
export function byFlow(unsent: readonly Unsent[]): ReadonlyMap<Flow, readonly Unsent[]> {
  return grouped(unsent, ({ flow }) => flow);
}

/** Those whose mapping failed, by the code of what is wrong. */
export function unmappedByCode(
  unsent: readonly Unsent[],
): ReadonlyMap<string, readonly [Unmapped, ...Unmapped[]]> {
  return grouped(unsent.filter(isUnmapped), ({ outcome }) => outcome.fault.code);
}

function grouped<Item, Key>(
  items: readonly Item[],
  keyOf: (item: Item) => Key,
): ReadonlyMap<Key, readonly [Item, ...Item[]]> {
  const groups = new Map<Key, [Item, ...Item[]]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
