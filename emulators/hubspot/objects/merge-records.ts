/** Two records become one: the primary's values win, the other fills what it lacks. */
import { identitiesFull, invalid, notFound } from '../errors.ts';
import { hasEmailIdentity } from './object-call.ts';
import type { ObjectCall } from './object-call.ts';
import { addHistory, additionalEmails, partsOf } from './object-record.ts';
import type { ObjectRecord, Values } from './object-record.ts';
import { lifecycleOf } from './stages.ts';
import { sourceOf } from './write-record.ts';

// Documented for contacts: the merge that would go beyond answers 414.
const IDENTITIES_MAX = 250;

export function mergeRecords(call: ObjectCall, primaryId: string, otherId: string): ObjectRecord {
  const { portal, type, records, now, switches } = call;
  const primary = records.findMerged(primaryId);
  const other = records.findMerged(otherId);
  if (primary === undefined || other === undefined) throw notFound();
  // The words are assumed.
  if (primary === other) throw invalid('Cannot merge a record with itself');
  const mergedIds = [
    ...partsOf(primary.values['hs_merged_object_ids']),
    ...partsOf(other.values['hs_merged_object_ids']),
    other.id,
  ];
  const id = switches.mergeResultId === 'new' ? records.takeId() : primary.id;
  if (id !== primary.id) mergedIds.push(primary.id);
  if (mergedIds.length >= IDENTITIES_MAX) throw identitiesFull();
  const source = { changeSource: mergeSource(call), sourceId: sourceOf(call).sourceId };
  const values = mergeValues(call, primary.values, other.values, mergedIds);
  const merged: ObjectRecord = {
    ...primary,
    id,
    createdAt: Math.min(primary.createdAt, other.createdAt),
    values,
    updatedAt: now,
    history: id === primary.id ? primary.history : [...primary.history],
  };
  const moved = changesBetween(primary.values, values);
  addHistory(merged, { at: now, source, changes: moved });
  for (const gone of [primary, other]) {
    records.remove(gone.id, switches);
    if (gone.id !== id) {
      records.noteMerge(gone.id, id);
      portal.search(type.id).note(gone.id, undefined, now, switches.searchLagMs);
    }
  }
  records.add(merged, switches);
  portal.search(type.id).note(id, merged, now, switches.searchLagMs);
  for (const gone of [primary, other]) {
    if (gone.id !== id) portal.associations.move(type.id, gone.id, id);
  }
  portal.changes.emit({
    kind: 'merge',
    typeId: type.id,
    objectId: id,
    at: now,
    source,
    primaryObjectId: primary.id,
    mergedObjectIds: [other.id],
    newObjectId: id,
    numberOfPropertiesMoved: Object.keys(moved).length,
  });
  return merged;
}

function mergeSource({ type }: ObjectCall): string {
  return hasEmailIdentity(type) ? 'MERGE_CONTACTS' : 'MERGE_OBJECTS';
}

function mergeValues(call: ObjectCall, primary: Values, other: Values, mergedIds: readonly string[]): Values {
  const values: Record<string, string> = { ...other, ...primary };
  values['hs_merged_object_ids'] = mergedIds.join(';');
  const stage = furtherStage(call, primary['lifecyclestage'], other['lifecyclestage']);
  if (stage !== undefined) values['lifecyclestage'] = stage;
  if (!hasEmailIdentity(call.type)) return values;
  const emails = [...additionalEmails(primary), other['email'] ?? '', ...additionalEmails(other)];
  const secondary = emails.filter((email) => email !== '' && email !== values['email']);
  if (secondary.length > 0) values['hs_additional_emails'] = [...new Set(secondary)].join(';');
  return values;
}

/** The stage that is further along the funnel survives (documented for contacts and companies). */
function furtherStage({ portal, type }: ObjectCall, one?: string, two?: string): string | undefined {
  if (one === undefined || two === undefined) return one ?? two;
  const order = lifecycleOf(portal, type.id);
  return order.indexOf(two) > order.indexOf(one) ? two : one;
}

function changesBetween(before: Values, after: Values): Values {
  return Object.fromEntries(Object.entries(after).filter(([name, value]) => before[name] !== value));
}
