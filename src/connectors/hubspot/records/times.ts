import { fingerprint, unpackNumber } from './fingerprint.ts';
import type { KnownRecord } from './known-records.ts';
import type { Property } from './property.ts';
import type { RecordState } from './read-records.ts';
import { canonicalValue } from './same-value.ts';

/** The name under which the time of a property's value is known, for `newest_wins`. */
export function timeName(name: string): string {
  return `${name}@`;
}

/** The name under which HubSpot's time of our write is known: what changed later is somebody else's, even if equal. */
export function seenName(name: string): string {
  return `${name}!`;
}

export function seenAt(known: KnownRecord | undefined, name: string): number {
  const packed = known?.packed(seenName(name));
  return packed === undefined ? 0 : unpackNumber(packed);
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
  const { name } = property;
  const held = record.properties[name] ?? '';
  const changedMs = record.changedMs.get(name);
  const ownTime = known?.packed(timeName(name));
  const isOwn = known?.packed(name) === fingerprint(canonicalValue(property, held));
  if (ownTime !== undefined && isOwn && changedMs !== undefined && changedMs <= seenAt(known, name)) {
    return unpackNumber(ownTime);
  }
  if (changedMs !== undefined) return changedMs;
  return held === '' ? 0 : (record.updatedMs ?? Number.POSITIVE_INFINITY);
}
