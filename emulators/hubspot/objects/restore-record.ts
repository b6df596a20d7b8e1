import type { Portal } from '../portal.ts';
import type { HubspotState } from '../state.ts';
import { DEFAULT_USER_ID } from '../state.ts';
import { additionalEmails } from './object-record.ts';
import type { ObjectRecord } from './object-record.ts';

// People restore within 90 days on HubSpot's pages; the public API has no call for it.
const RESTORABLE_MS = 90 * 86_400_000;

/** What a person does on the page of deleted records. Associations are not brought back (assumed). */
export function restoreRecord(
  { clock, switches }: HubspotState,
  portal: Portal,
  typeId: string,
  id: string,
): ObjectRecord {
  const now = clock.now();
  const records = portal.records(typeId);
  const archived = records.find(id, true);
  if (archived?.archivedAt === undefined) throw new RangeError(`there is no archived record ${id}`);
  if (now - archived.archivedAt > RESTORABLE_MS)
    throw new RangeError(`record ${id} was archived more than 90 days ago`);
  const emails = [archived.values['email'] ?? '', ...additionalEmails(archived.values)];
  const holders = [
    ...emails.map((email) => records.findByEmail(email)),
    ...portal
      .properties(typeId)
      .unique.map(({ name }) => records.findByUnique(name, archived.values[name] ?? '', switches)),
  ];
  const holder = holders.find((one) => one !== undefined);
  if (holder !== undefined)
    throw new RangeError(`record ${holder.id} has a value meanwhile that record ${id} had to itself`);
  const restored: ObjectRecord = { ...archived, archivedAt: undefined, updatedAt: now };
  records.replace(restored, switches);
  portal.search(typeId).note(id, restored, now, switches.searchLagMs);
  portal.changes.emit({
    kind: 'restore',
    typeId,
    objectId: id,
    at: now,
    source: { changeSource: 'CRM_UI', sourceId: `userId:${DEFAULT_USER_ID}` },
  });
  return restored;
}
