import type { ObjectCall } from './object-call.ts';
import { additionalEmails } from './object-record.ts';
import type { ObjectRecord } from './object-record.ts';
import { sourceOf } from './write-record.ts';

/** A deletion for privacy: nothing is left but the addresses, which nobody can be created with any more. */
export function forgetRecord(call: ObjectCall, record: ObjectRecord): void {
  const { portal, records, now, switches } = call;
  for (const email of [record.values['email'] ?? '', ...additionalEmails(record.values)]) {
    if (email !== '') records.bar(email);
  }
  records.remove(record.id, switches);
  portal.search(record.typeId).note(record.id, undefined, now, switches.searchLagMs);
  portal.associations.drop(record.typeId, record.id);
  const { typeId, id: objectId } = record;
  // Documented: a privacy deletion is a deletion too.
  for (const kind of ['privacyDeletion', 'deletion'] as const) {
    portal.changes.emit({ kind, typeId, objectId, at: now, source: sourceOf(call) });
  }
}
