import { isJsonObject } from '../../../kernel/json.ts';
import type { JsonObject, JsonValue } from '../../../kernel/json.ts';
import { isEmail } from '../records/draft.ts';
import type { InputValue } from '../records/property-value.ts';

/** The address of the person: the trait, else a user id that is one. */
export function contactEmail(payload: JsonObject): string | undefined {
  const traits = traitsOf(payload);
  const [, named] = Object.entries(traits).find(([key]) => bare(key) === 'email') ?? [];
  return [named, payload['userId']].find(
    (candidate): candidate is string => typeof candidate === 'string' && isEmail(candidate.trim()),
  );
}

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

// Of Segment's address object (segment.com/docs/connections/spec/identify, read 2026-11); zip is common too.
const ADDRESS_PARTS: ReadonlyMap<string, string> = new Map([
  ['street', 'address'],
  ['city', 'city'],
  ['state', 'state'],
  ['postalcode', 'zip'],
  ['zip', 'zip'],
  ['country', 'country'],
]);

// Not written as they are: the e-mail identifies, the others have parts.
const READ_APART = new Set(['email', 'name', 'address', 'company']);

/** The traits of an identify call as contact properties, before HubSpot has been asked which of them it knows. */
export function contactProperties(payload: JsonObject): Record<string, InputValue> {
  const traits = traitsOf(payload);
  const derived: Entry[] = [];
  const translated: Entry[] = [];
  const exact: Entry[] = [];
  for (const [key, value] of Object.entries(traits)) {
    const word = bare(key);
    const target = SPECIAL.get(word);
    if (READ_APART.has(word)) derived.push(...readApart(word, value));
    else if (target === undefined || key === target) exact.push([propertyName(key), toInputValue(value)]);
    else translated.push([target, toInputValue(value)]);
  }
  // Later entries win: what a trait says in HubSpot's own word beats its translation, and both a split name.
  return Object.fromEntries([...derived, ...translated, ...exact]);
}

type Entry = [name: string, value: InputValue];

/** The name that HubSpot would give a property of this label: lower case, blanks as underscores. */
export function propertyName(key: string): string {
  return key.trim().toLowerCase().replaceAll(/\s+/g, '_');
}

function readApart(word: string, value: JsonValue): Entry[] {
  switch (word) {
    case 'name':
      return typeof value === 'string' ? splitName(value) : [];
    case 'address':
      return isJsonObject(value) ? partsOf(word, value, ADDRESS_PARTS) : [['address', toInputValue(value)]];
    case 'company':
      return isJsonObject(value) ? partsOf(word, value, COMPANY_PARTS) : [['company', toInputValue(value)]];
    default:
      return [];
  }
}

// HubSpot keeps the company of a contact as a text; company records are the business of group calls.
const COMPANY_PARTS: ReadonlyMap<string, string> = new Map([['name', 'company']]);

// Other parts keep a dotted name, which no property can have, so that the outcome reports them as unknown.
function partsOf(whole: string, value: JsonObject, names: ReadonlyMap<string, string>): Entry[] {
  return Object.entries(value).map(([key, part]) => [
    names.get(bare(key)) ?? `${whole}.${key}`,
    toInputValue(part),
  ]);
}

// The first word and the rest, as Segment's libraries split a name; firstName and lastName win over it.
function splitName(name: string): Entry[] {
  const [first, ...rest] = name.trim().split(/\s+/);
  if (first === undefined || first === '') return [];
  return [['firstname', first], ...(rest.length === 0 ? [] : [['lastname', rest.join(' ')] satisfies Entry])];
}

/** HubSpot has no nested values: a list of plain values stays a list, anything deeper becomes JSON text. */
function toInputValue(value: JsonValue): InputValue {
  if (!isJsonObject(value) && !Array.isArray(value))
    return value as Exclude<JsonValue, JsonObject | readonly JsonValue[]>;
  if (!Array.isArray(value)) return JSON.stringify(value);
  return value.map((entry: JsonValue) => (typeof entry === 'object' ? JSON.stringify(entry) : String(entry)));
}

// Segment matches traits by their letters and digits alone.
function bare(key: string): string {
  return key.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

function traitsOf(payload: JsonObject): JsonObject {
  const traits = payload['traits'];
  return isJsonObject(traits) ? traits : {};
}
