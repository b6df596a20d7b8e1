import { fingerprint, unpackNumber } from './fingerprint.ts';
import type { KnownRecord } from './known-records.ts';
import type { Property } from './property.ts';
import type { RecordState } from './read-records.ts';
import { canonicalValue } from './same-value.ts';

/** The name under which the time of a property's value is known, for `newest_wins`. */
export function timeName(name: string): string {
  return `${name}@`;
}

/**
 * Since when a record holds its value of a property, as far as can be told: for a value that we wrote, and still find,
 * the time of its event; for another the time HubSpot has in the property's history, else that of the record's
 * last change, so that what cannot be told counts as newer. A property that was never written counts as oldest.
 */
export function heldSince(
  property: Property,
  record: RecordState | null,
  known: KnownRecord | undefined,
): number {
  if (record === null) return 0;
  const held = record.properties[property.name] ?? '';
  const ownTime = known?.packed(timeName(property.name));
  const isOwn = known?.packed(property.name) === fingerprint(canonicalValue(property, held));
  if (ownTime !== undefined && isOwn) return unpackNumber(ownTime);
  const changedMs = record.changedMs.get(property.name);
  if (changedMs !== undefined) return changedMs;
  return held === '' ? 0 : (record.updatedMs ?? Number.POSITIVE_INFINITY);
}
