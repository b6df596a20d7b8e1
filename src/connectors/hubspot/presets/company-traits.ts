import { isJsonObject } from '../../../kernel/json.ts';
import type { JsonObject } from '../../../kernel/json.ts';
import { toInputValue } from '../records/record-input.ts';
import type { InputValue } from '../records/record-input.ts';
import { addressEntries, bare, propertyName, toProperties } from './traits.ts';
import type { Entry } from './traits.ts';

// Segment's special group traits whose HubSpot name is another
// (segment.com/docs/connections/destinations/catalog/hubspot and …/spec/group, read 2026-11).
const SPECIAL: ReadonlyMap<string, string> = new Map([
  ['employees', 'numberofemployees'],
  ['employeecount', 'numberofemployees'],
  ['numberofemployees', 'numberofemployees'],
  ['postalcode', 'zip'],
  ['lifecyclestage', 'lifecyclestage'],
]);

/** What becomes of a number of employees that was sent as a range such as `51-200`. */
export const EMPLOYEE_RANGES = ['leave_out', 'lowest', 'highest'] as const;
export type EmployeeRange = (typeof EMPLOYEE_RANGES)[number];

export interface CompanyProperties {
  readonly properties: Readonly<Record<string, InputValue>>;
  readonly notes: readonly string[];
}

/** The traits of a group as company properties, before HubSpot has been asked which of them it knows. */
export function companyProperties(
  traits: JsonObject,
  range: EmployeeRange,
  targets: Readonly<Record<string, string | null>>,
): CompanyProperties {
  const derived: Entry[] = [];
  const translated: Entry[] = [];
  const exact: Entry[] = [];
  const own: Entry[] = [];
  const notes: string[] = [];
  for (const [key, value] of Object.entries(traits)) {
    const word = bare(key);
    const target = SPECIAL.get(word);
    if (Object.hasOwn(targets, key)) own.push([key, toInputValue(value)]);
    else if (word === 'address' && isJsonObject(value)) derived.push(...addressEntries(value));
    else if (target === 'numberofemployees') {
      const count = toEmployees(value, range);
      if (count === undefined) notes.push(`Left out, a range instead of a number: ${key}.`);
      else translated.push([target, count]);
    } else if (target === undefined || key === target) exact.push([propertyName(key), toInputValue(value)]);
    else translated.push([target, toInputValue(value)]);
  }
  // Later entries win: a trait of its own beats a part of the address object.
  return { properties: toProperties([...derived, ...translated, ...exact, ...own], targets), notes };
}

// `51-200`, `51 – 200`, `1,001 to 5,000`, and `10,000+`, which has no highest.
const RANGE = /^(\d[\d,]*)\s*(?:(?:-|–|to)\s*(\d[\d,]*)|\+)$/i;
const THOUSANDS = /^\d{1,3}(,\d{3})+$/;

/** HubSpot's property is a number; `undefined` for a range that is to be left out. */
function toEmployees(value: JsonObject[string] | undefined, range: EmployeeRange): InputValue | undefined {
  if (typeof value !== 'string') return toInputValue(value ?? null);
  const text = value.trim();
  if (THOUSANDS.test(text)) return withoutCommas(text);
  const match = RANGE.exec(text);
  if (match === null) return text;
  const bound = range === 'lowest' ? match[1] : range === 'highest' ? match[2] : undefined;
  return bound === undefined ? undefined : withoutCommas(bound);
}

function withoutCommas(text: string): string {
  return text.replaceAll(',', '');
}
