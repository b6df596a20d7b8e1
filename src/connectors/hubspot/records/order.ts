import { fingerprint, unpackNumber } from './fingerprint.ts';
import type { KnownRecord } from './known-records.ts';
import { toEpochMs } from './property-value.ts';
import type { Property } from './property.ts';
import { canonicalValue } from './same-value.ts';

/**
 * Where a value stands in the order of its property: among the options, the numbers, or in time. `undefined` for a
 * value that has no place, a text or an option that is none any more.
 */
function placeOf({ type, options }: Property, value: string): number | undefined {
  if (options !== null) return options.place(value);
  const place = type === 'date' || type === 'datetime' ? toEpochMs(value) : Number(value);
  return value.trim() === '' || Number.isNaN(place) ? undefined : place;
}

/** Whether a value may follow another under a rule that only goes up; what has no order cannot go back. */
export function isForward(property: Property, held: string, wanted: string): boolean {
  if (wanted === '' || canonicalValue(property, held) === canonicalValue(property, wanted)) return false;
  // Stages of different pipelines have no order.
  if (property.home?.of.get(held) !== property.home?.of.get(wanted)) return true;
  const from = placeOf(property, held);
  const to = placeOf(property, wanted);
  return from === undefined || to === undefined || to > from;
}

/** The name under which the number behind a value is known, for rules that compare. */
export function numberName(name: string): string {
  return `${name}#`;
}

/** What to keep besides the fingerprint so that a later value can be compared without reading. */
export function comparable(property: Property, value: string): number | undefined {
  return property.options === null && value !== '' ? placeOf(property, value) : undefined;
}

/** The held value, found again from what is kept of it; `undefined` when only HubSpot can tell. */
export function recall(property: Property, known: KnownRecord): string | undefined {
  const packed = known.packed(property.name);
  if (packed === undefined) return undefined;
  for (const value of ['', ...(property.options?.values() ?? [])]) {
    if (fingerprint(canonicalValue(property, value)) === packed) return value;
  }
  const number = known.packed(numberName(property.name));
  if (number === undefined) return undefined;
  const value = unpackNumber(number);
  return property.type === 'date' || property.type === 'datetime'
    ? new Date(value).toISOString()
    : String(value);
}
