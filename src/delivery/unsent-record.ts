/** How what was read and not sent goes on record, and how it is told. */
import type { Flow } from '../flows/workspace.ts';
import { attemptItems } from './attempt-record.ts';
import type { Concerned, DeliveryObserver } from './observer.ts';
import { deadLetterRow } from './parked-work.ts';
import type { Entry } from './recorder.ts';
import { isUnmapped, unmappedByCode } from './unsent.ts';
import type { Unsent } from './unsent.ts';

/** What is written of those of one flow. */
export function unsentEntry(flow: Flow, unsent: readonly Unsent[], atMs: number): Entry {
  return {
    run: {
      flow: flow.name,
      action: flow.preset.action.id,
      startedAtMs: atMs,
      durationMs: 0,
      items: unsent.flatMap(({ part, outcome }) => attemptItems({ parts: [part] }, outcome)),
      exchanges: [],
    },
    // An order key is made of the input, which there is none.
    dead: unsent
      .filter(isUnmapped)
      .map(({ part, outcome }) => deadLetterRow(part, { flow, key: '' }, outcome.fault, undefined)),
  };
}

export function tellUnsent(
  observer: DeliveryObserver,
  concerned: Concerned,
  { name: flow }: Flow,
  unsent: readonly Unsent[],
): void {
  const unmapped = unsent.filter(isUnmapped);
  const counts = { skipped: unsent.length - unmapped.length, rejected: unmapped.length };
  for (const outcome of ['skipped', 'rejected'] as const) {
    const count = counts[outcome];
    if (count > 0) observer.unsent({ ...concerned, flow, outcome, count });
  }
  for (const [first, ...others] of unmappedByCode(unsent).values()) {
    const dead = [first, ...others].map(({ part }) => part);
    observer.failed({ ...concerned, flow, parked: [], dead, fault: first.outcome.fault, dueAtMs: 0 });
  }
}
