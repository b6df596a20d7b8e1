import { optionTexts, toEpochMs } from './property-value.ts';
import type { Property } from './property.ts';

/**
 * Whether HubSpot already holds a value. It answers every value as text in a form of its own, so the same
 * number, set of options or moment may be spelled differently; an empty value is read as null.
 */
export function isSameValue(property: Property, current: string | null | undefined, wanted: string): boolean {
  const held = current ?? '';
  if (held === wanted) return true;
  if (held === '' || wanted === '') return false;
  switch (property.type) {
    case 'number':
      return Number(held) === Number(wanted) && isExact(held) && isExact(wanted);
    case 'date':
      return toDay(held) === wanted;
    case 'datetime':
      return toEpochMs(held) !== undefined && toEpochMs(held) === toEpochMs(wanted);
    case 'enumeration':
      return property.isMultiple && isSameSet(optionTexts(held), optionTexts(wanted));
    default:
      return false;
  }
}

// Fifteen digits survive a double; longer ones might differ and still compare equal.
function isExact(text: string): boolean {
  return text.replaceAll(/\D/g, '').length <= 15;
}

function toDay(text: string): string {
  const ms = toEpochMs(text);
  return ms === undefined ? text : new Date(ms).toISOString().slice(0, 10);
}

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  const set = new Set(a);
  return set.size === new Set(b).size && b.every((entry) => set.has(entry));
}
