import { isJsonObject } from '../../../kernel/json.ts';
import type { JsonObject, JsonValue } from '../../../kernel/json.ts';
import { toInputValue } from '../records/record-input.ts';
import type { InputValue } from '../records/record-input.ts';

/** One property of a record and what a call says of it. */
export type Entry = readonly [name: string, value: InputValue];

/**
 * The name that HubSpot would give a property of this label: lower case, and underscores for blanks, dots and hyphens,
 * none of which an internal name may hold.
 */
export function propertyName(key: string): string {
  return key
    .trim()
    .toLowerCase()
    .replaceAll(/[\s.-]+/g, '_');
}

/** Segment matches traits by their letters and digits alone: `firstName` and `first_name` are one. */
export function bare(key: string): string {
  return key.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

/** The object under a key; none is an empty one. */
export function objectAt(payload: JsonObject, key: string): JsonObject {
  const value = Object.hasOwn(payload, key) ? payload[key] : undefined;
  return isJsonObject(value) ? value : {};
}

/** `context.traits`, which other calls than identify carry of the user. */
export function contextTraits(payload: JsonObject): JsonObject {
  return objectAt(objectAt(payload, 'context'), 'traits');
}

/** The value of a trait in whatever spelling it was sent. */
export function traitOf(traits: JsonObject, word: string): JsonValue | undefined {
  return Object.entries(traits).find(([key]) => bare(key) === word)?.[1];
}

// Of Segment's address object (segment.com/docs/connections/spec/identify, read 2026-11); zip is common too.
const ADDRESS_PARTS: ReadonlyMap<string, string> = new Map([
  ['street', 'address'],
  ['city', 'city'],
  ['state', 'state'],
  ['postalcode', 'zip'],
  ['zip', 'zip'],
  ['country', 'country'],
]);

/** An address: HubSpot keeps its parts apart, and a text as the street. */
export function addressEntries(value: JsonValue): readonly Entry[] {
  return isJsonObject(value)
    ? partEntries('address', value, ADDRESS_PARTS)
    : [['address', toInputValue(value)]];
}

/** Parts without a property keep a dotted name, which no property can have, so that the outcome reports them. */
export function partEntries(
  whole: string,
  value: JsonObject,
  names: ReadonlyMap<string, string>,
): readonly Entry[] {
  return Object.entries(value).map(([key, part]) => [
    names.get(bare(key)) ?? `${whole}.${key}`,
    toInputValue(part),
  ]);
}

/** Properties as an object, later entries winning, each under the name that `targets` gives it; null leaves it out. */
export function toProperties(
  entries: readonly Entry[],
  targets: Readonly<Record<string, string | null>>,
): Record<string, InputValue> {
  return Object.fromEntries(
    entries.flatMap(([name, value]): Entry[] => {
      const target = Object.hasOwn(targets, name) ? targets[name] : name;
      return target === null || target === undefined ? [] : [[target, value]];
    }),
  );
}
