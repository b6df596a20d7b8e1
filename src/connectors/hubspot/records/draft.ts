import type { Item } from '../../../kit/index.ts';
import type { Catalogue } from './catalogue.ts';
import { LIFECYCLE_STAGE, normaliseEmail, ruleOf } from './record-input.ts';
import type { ContactInput, ContactOptions, Rule } from './record-input.ts';
import { isUnfit, toPropertyValue } from './property-value.ts';
import type { InputValue } from './property-value.ts';
import type { Property } from './property.ts';

/** What an input wants of one property: values that HubSpot takes, oldest first, and the rule to apply them by. */
export interface Wish {
  readonly property: Property;
  readonly rule: Rule;
  readonly values: readonly string[];
}

/** An input turned into HubSpot's terms, before anything is known about the record. */
export interface Draft {
  readonly item: Item<ContactInput>;
  readonly email: string;
  readonly wishes: readonly Wish[];
  /** What was left out, for the outcome. */
  readonly notes: readonly string[];
  /** Whether the record must be read to know what to write. */
  readonly needsRecord: boolean;
}

export function toDraft(
  item: Item<ContactInput>,
  catalogue: Catalogue,
  options: ContactOptions,
  /** Enumerations that take options which do not exist yet. */
  growing: ReadonlySet<string>,
): Draft {
  const { email, properties, earlier } = item.input;
  const wishes: Wish[] = [];
  const leftOut = new Map<string, string[]>();
  let needsRecord = false;
  for (const name in properties) {
    // The address identifies; writing it as a value could make a secondary address the primary one.
    if (name === 'email') continue;
    const value = properties[name] ?? null;
    const property = catalogue.get(name);
    if (property === undefined) {
      if (!isAwaited(name, value, options)) note(leftOut, 'unknown to HubSpot', name);
      continue;
    }
    if (!property.isWritable) {
      note(leftOut, 'read-only in HubSpot', name);
      continue;
    }
    const rule = ruleOf(options, name);
    const values: string[] = [];
    const before = earlier !== undefined && Object.hasOwn(earlier, name) ? earlier[name] : undefined;
    for (const candidate of before === undefined ? [value] : [...before, value]) {
      const text = toPropertyValue(property, candidate, growing.has(name));
      if (isUnfit(text)) note(leftOut, text.unfit, name);
      else values.push(text);
    }
    if (values.length === 0) continue;
    wishes.push({ property, rule, values });
    needsRecord ||= rule !== 'overwrite' || name === LIFECYCLE_STAGE;
  }
  return {
    item,
    email: normaliseEmail(email),
    wishes,
    notes: [...leftOut].map(([reason, names]) => `Left out, ${reason}: ${[...new Set(names)].join(', ')}.`),
    // Without anything to write only HubSpot can say whether the contact is there.
    needsRecord: needsRecord || wishes.length === 0,
  };
}

// An enumeration that the flow creates with its first options is as good as empty until then.
function isAwaited(name: string, value: InputValue, options: ContactOptions): boolean {
  const isEmpty = value === null || value === '' || (typeof value === 'object' && value.length === 0);
  return (
    isEmpty &&
    options.ensure.some((definition) => definition.name === name && definition.type === 'enumeration')
  );
}

function note(leftOut: Map<string, string[]>, reason: string, name: string): void {
  const names = leftOut.get(reason);
  if (names === undefined) leftOut.set(reason, [name]);
  else names.push(name);
}

// HubSpot takes an address of local part and domain with a dot; what it refuses beyond that is seen in its answer.
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

export function isEmail(text: string): boolean {
  return EMAIL.test(text);
}

// FNV-1a, 32 bits (draft-eastlake-fnv-17). Two states with one hash cost a needless read, nothing else.
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** A number that stands for what a draft would write, to recognise a repetition. */
export function hashOf(draft: Draft): number {
  let hash = FNV_OFFSET;
  for (const { property, values } of draft.wishes) {
    const text = `${property.name}=${values.at(-1) ?? ''}\n`;
    for (let index = 0; index < text.length; index += 1) {
      hash = Math.imul(hash ^ text.charCodeAt(index), FNV_PRIME);
    }
  }
  return hash;
}
