import type { JsonObject, JsonValue } from '../../../kernel/json.ts';
import { inexactNumberIn } from '../inexact-number.ts';
import { isUnusable, propertyName } from './event-name.ts';

/** A property of an event as HubSpot wants it for creating. */
export interface NewProperty extends JsonObject {
  readonly name: string;
  readonly label: string;
  readonly type: 'string' | 'number' | 'enumeration';
}

// developers.hubspot.com, custom events (read 2026-11): an event holds so many properties of the account's own, and
// over HTTP one with more fails.
export const PROPERTIES_MAX = 50;

const TRUE_OR_FALSE = ['true', 'false'].map((value, displayOrder) => ({
  label: value,
  value,
  displayOrder,
  hidden: false,
}));

/**
 * The properties that events name and HubSpot lacks, typed by their values: a number where all are numbers, true or
 * false where all are that, else text. Text also where they look like dates: a type can never be changed, and text
 * holds whatever comes next.
 */
export function missingProperties(
  events: readonly { readonly properties: JsonObject }[],
  isKnown: (name: string) => boolean,
): readonly NewProperty[] {
  const kinds = new Map<string, { readonly label: string; readonly kinds: Set<string> }>();
  for (const { properties } of events) {
    for (const [label, value] of Object.entries(properties)) {
      const name = propertyName(label);
      if (value === null || isUnusable(name) || isKnown(name)) continue;
      const entry = kinds.get(name) ?? { label, kinds: new Set() };
      entry.kinds.add(kindOf(value));
      kinds.set(name, entry);
    }
  }
  return [...kinds].map(([name, { label, kinds: found }]) => {
    const only = found.size === 1 ? [...found][0] : undefined;
    if (only === 'boolean') return { name, label, type: 'enumeration', options: TRUE_OR_FALSE };
    return { name, label, type: only === 'number' ? 'number' : 'string' };
  });
}

/** A number that JSON has rounded was an id, which fits into text when it is sent as such. */
function kindOf(value: JsonValue): string {
  return inexactNumberIn(value) === undefined ? typeof value : 'string';
}
