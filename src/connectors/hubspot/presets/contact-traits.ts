import { isJsonObject } from '../../../kernel/json.ts';
import type { JsonObject, JsonValue } from '../../../kernel/json.ts';
import { toInputValue } from '../records/record-input.ts';
import type { InputValue } from '../records/record-input.ts';
import { addressEntries, bare, partEntries, propertyName, toProperties } from './traits.ts';
import type { Entry } from './traits.ts';

// Where a Segment trait goes when HubSpot's name is another, by the trait's name without case and separators:
// both spellings of the specification, firstName and first_name, are one. `title` stays what it says.
const SPECIAL: ReadonlyMap<string, string> = new Map([
  ['firstname', 'firstname'],
  ['lastname', 'lastname'],
  ['jobtitle', 'jobtitle'],
  ['position', 'jobtitle'],
  ['companyname', 'company'],
  ['postalcode', 'zip'],
  ['lifecyclestage', 'lifecyclestage'],
]);

// HubSpot keeps the company of a contact as a text; company records are the business of group calls.
const COMPANY_PARTS: ReadonlyMap<string, string> = new Map([['name', 'company']]);

// Not written as they are: the e-mail identifies, the others have parts.
const READ_APART = new Set(['email', 'name', 'address', 'company']);

/**
 * The traits of a person as contact properties, before HubSpot has been asked which of them it knows. `targets` says of
 * traits where they go instead, or with null that they stay out.
 */
export function contactProperties(
  traits: JsonObject,
  targets: Readonly<Record<string, string | null>>,
): Record<string, InputValue> {
  const derived: Entry[] = [];
  const translated: Entry[] = [];
  const exact: Entry[] = [];
  const own: Entry[] = [];
  for (const [key, value] of Object.entries(traits)) {
    const word = bare(key);
    const target = SPECIAL.get(word);
    if (Object.hasOwn(targets, key)) own.push([key, toInputValue(value)]);
    else if (READ_APART.has(word)) derived.push(...readApart(word, value));
    else if (target === undefined || key === target) exact.push([propertyName(key), toInputValue(value)]);
    else translated.push([target, toInputValue(value)]);
  }
  // Later entries win: what a trait says in HubSpot's own word beats its translation, and both a split name.
  return toProperties([...derived, ...translated, ...exact, ...own], targets);
}

function readApart(word: string, value: JsonValue): readonly Entry[] {
  switch (word) {
    case 'name':
      return typeof value === 'string' ? splitName(value) : [];
    case 'address':
      return addressEntries(value);
    case 'company':
      return isJsonObject(value)
        ? partEntries(word, value, COMPANY_PARTS)
        : [['company', toInputValue(value)]];
    default:
      return [];
  }
}

// The first word and the rest, as Segment's libraries split a name; firstName and lastName win over it.
function splitName(name: string): Entry[] {
  const [first, ...rest] = name.trim().split(/\s+/);
  if (first === undefined || first === '') return [];
  return [['firstname', first], ...(rest.length === 0 ? [] : [['lastname', rest.join(' ')] satisfies Entry])];
}
