/**
 * Brings up to 100 records to the state that their inputs ask for. In steady state one call: what the no-op cache
 * knows is neither read nor sent again. Records that are not known, and those with a rule that looks at a value
 * that is not known, cost a read before.
 */
import type { Outcome } from '../../../kernel/outcome.ts';
import { claim } from '../../../kit/index.ts';
import type { Steps } from '../../../kit/index.ts';
import { chunksOf } from '../in-halves.ts';
import type { KeyedItem, Subject } from './draft.ts';
import { linkUpserted } from './link-upserted.ts';
import { prepare } from './prepare.ts';
import type { Prepared } from './prepare.ts';
import type { UpsertContext } from './record-context.ts';
import { write } from './write-prepared.ts';
import type { Settled } from './write-rounds.ts';

// HubSpot's cap for batches of objects; an action whose own batches are larger has its records written in several.
const BATCH_MAX = 100;

export function* upsertRecords(
  subjects: readonly Subject[],
  context: UpsertContext,
): Steps<readonly Outcome[]> {
  const groups = new Map<string, KeyedItem[]>();
  for (const subject of subjects) {
    if ('refused' in subject) continue;
    groups.set(subject.type, [...(groups.get(subject.type) ?? []), subject]);
  }
  const settled = new Map<string, Settled>();
  const ready: Prepared[] = [];
  for (const [type, all] of groups) {
    for (const items of chunksOf(all, BATCH_MAX)) {
      const prepared = yield* prepare(items, { ...context, type });
      if ('kind' in prepared) {
        for (const { item } of items) settled.set(item.traceId, { outcome: prepared, id: undefined });
      } else ready.push(prepared);
    }
  }
  // A claim may be made only once, so all that the run will change is claimed together.
  const keys = [...new Set(ready.flatMap(({ claimKeys }) => claimKeys))];
  const waited = keys.length > 0 && (yield* claim(keys));
  for (const prepared of ready) {
    for (const entry of yield* write(prepared, waited)) settled.set(...entry);
  }
  const outcomes = yield* linkUpserted(subjects, settled, context);
  return subjects.map((subject, index) =>
    'refused' in subject ? subject.refused : (outcomes[index] ?? unsettled()),
  );
}

function unsettled(): never {
  throw new TypeError('An input was left without an outcome.');
}
