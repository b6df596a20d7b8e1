import type { ObjectCall } from './object-call.ts';
import type { ObjectRecord } from './object-record.ts';
import { sourceOf } from './write-record.ts';

/** A record goes to where it can be restored from for 90 days; its associations go for good (assumed). */
export function archiveRecord(call: ObjectCall, record: ObjectRecord): void {
  const { portal, records, now, switches } = call;
  const archived = { ...record, archivedAt: now };
  records.replace(archived, switches);
  portal.search(record.typeId).note(record.id, archived, now, switches.searchLagMs);
  portal.associations.drop(record.typeId, record.id);
  const { typeId, id: objectId } = record;
  portal.changes.emit({ kind: 'deletion', typeId, objectId, at: now, source: sourceOf(call) });
}
