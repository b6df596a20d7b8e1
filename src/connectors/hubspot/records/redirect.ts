import type { Outcome } from '../../../kernel/outcome.ts';
import type { Steps } from '../../../kit/index.ts';
import { locate } from './locate.ts';
import { placeOf } from './place.ts';
import type { Place } from './place.ts';
import { readBy } from './read-records.ts';
import type { RecordState, Wanted } from './read-records.ts';
import type { RecordContext } from './record-context.ts';
import type { Verdict } from './settle-batch.ts';
import { toTask } from './task.ts';
import type { Task } from './task.ts';

/** A task that ends here. */
export interface Ended {
  readonly traceId: string;
  readonly outcome: Outcome;
}

/** Looks up where HubSpot sent us: the holder of an address by its id, anything else by its keys once more. */
export function* redirect(
  tasks: readonly Task[],
  verdicts: ReadonlyMap<string, Verdict>,
  wanted: Wanted,
  context: RecordContext,
): Steps<readonly (Task | Ended)[]> {
  const holders = new Map<Task, string>();
  for (const task of tasks) {
    const verdict = verdicts.get(task.draft.item.traceId);
    if (verdict?.kind === 'held') holders.set(task, verdict.holderId);
  }
  const others = tasks.filter((task) => !holders.has(task)).map(({ draft }) => draft);
  const byId = holders.size === 0 ? undefined : yield* readBy('id', holders.values(), wanted, context);
  const places = others.length === 0 ? undefined : yield* locate(others, wanted, context);
  return tasks.map((task) => {
    const holderId = holders.get(task);
    const place = holderId === undefined ? places?.get(task.draft) : toPlace(byId?.get(holderId));
    if (place?.kind === 'refused') return { traceId: task.draft.item.traceId, outcome: place.outcome };
    if (place === undefined || place.kind === 'two')
      return { traceId: task.draft.item.traceId, outcome: UNSETTLED };
    const moved = { ...toTask(task.draft, place, undefined, context), isRedirected: true };
    // The holder is known by its id, and whatever HubSpot finds it by is not the address.
    return holderId === undefined || moved.id === undefined
      ? moved
      : { ...moved, address: { kind: 'update', by: 'id', value: moved.id } };
  });
}

function toPlace(record: RecordState | undefined): Exclude<Place, { kind: 'two' | 'refused' }> {
  return record === undefined ? { kind: 'none' } : placeOf(record);
}

const UNSETTLED: Outcome = {
  kind: 'retry',
  fault: {
    code: 'hubspot.identity_unsettled',
    message: 'The records of this input have changed while it was written.',
  },
};
