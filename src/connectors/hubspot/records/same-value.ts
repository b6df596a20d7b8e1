import { optionTexts, toEpochMs } from './property-value.ts';
import type { Property } from './property.ts';

/**
 * One spelling for all texts that mean the same to HubSpot. It answers every value as text in a form of its own, so
 * the same number, set of options or moment may be spelled differently. A set that is to be added to the present
 * one keeps its leading `;`.
 */
export function canonicalValue(property: Pick<Property, 'type' | 'isMultiple'>, text: string): string {
  if (text === '') return '';
  switch (property.type) {
    case 'number':
      return isExact(text) ? String(Number(text)) : text;
    case 'date':
      return toDay(text);
    case 'datetime':
      return String(toEpochMs(text) ?? text);
    case 'enumeration':
      return property.isMultiple ? (text.startsWith(';') ? ';' : '') + sorted(text) : text;
    default:
      return text;
  }
}

/** Whether HubSpot already holds a value; an empty one is read as null. */
export function isSameValue(property: Property, current: string | null | undefined, wanted: string): boolean {
  const held = current ?? '';
  if (wanted.startsWith(';') && property.isMultiple) return isPartOf(optionTexts(wanted), optionTexts(held));
  return held === wanted || canonicalValue(property, held) === canonicalValue(property, wanted);
}

// Fifteen digits survive a double; longer ones might differ and still compare equal.
function isExact(text: string): boolean {
  return text.replaceAll(/\D/g, '').length <= 15;
}

function toDay(text: string): string {
  const ms = toEpochMs(text);
  return ms === undefined ? text : new Date(ms).toISOString().slice(0, 10);
}

function sorted(text: string): string {
  return [...new Set(optionTexts(text))].toSorted().join(';');
}

function isPartOf(some: readonly string[], all: readonly string[]): boolean {
  return some.every((option) => all.includes(option));
}
