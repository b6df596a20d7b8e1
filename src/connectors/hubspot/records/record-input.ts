import { z } from 'zod';
import type { InputValue } from './property-value.ts';

const valueSchema = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string()).readonly()]);

export const contactInputSchema = z.object({
  email: z.string().describe('Identifies the contact; HubSpot compares addresses without regard to case.'),
  properties: z
    .record(z.string(), valueSchema)
    .describe('Internal names of contact properties and their values; null clears.'),
  earlier: z
    .record(z.string(), z.array(valueSchema).readonly())
    .optional()
    .describe('Set by merging: values of the same properties in older inputs, oldest first.'),
});
export type ContactInput = z.output<typeof contactInputSchema>;

export const RULES = ['overwrite', 'if_empty', 'forward_only'] as const;
export type Rule = (typeof RULES)[number];

const definitionSchema = z.object({
  name: z.string().regex(/^[a-z][a-z0-9_]*$/),
  label: z.string(),
  type: z.enum(['string', 'number', 'bool', 'date', 'datetime', 'enumeration']),
  field_type: z.enum([
    'text',
    'textarea',
    'number',
    'booleancheckbox',
    'date',
    'select',
    'radio',
    'checkbox',
  ]),
  group: z.string().default('contactinformation'),
  description: z.string().default(''),
});
export type PropertyDefinition = z.output<typeof definitionSchema>;

export const contactOptionsSchema = z.strictObject({
  rules: z
    .record(z.string(), z.enum(RULES))
    .default({})
    .describe(
      'if_empty never overwrites; forward_only follows the order of the options. Default: overwrite.',
    ),
  lifecycle: z
    .enum(['forward', 'any'])
    .default('forward')
    .describe('Whether lifecyclestage may move back, which costs a call and blanks the stage for a moment.'),
  ensure: z.array(definitionSchema).default([]).describe('Properties to create when HubSpot lacks them.'),
  add_options: z.array(z.string()).default([]).describe('Properties whose missing options are added.'),
});
export type ContactOptions = z.output<typeof contactOptionsSchema>;

export const LIFECYCLE_STAGE = 'lifecyclestage';

export function ruleOf(options: ContactOptions, name: string): Rule {
  const rule = Object.hasOwn(options.rules, name) ? options.rules[name] : undefined;
  return rule ?? (name === LIFECYCLE_STAGE && options.lifecycle === 'forward' ? 'forward_only' : 'overwrite');
}

/** The form in which HubSpot compares addresses, and keeps them. */
export function normaliseEmail(email: string): string {
  return email.trim().toLowerCase();
}

// Enough that an input which replaces others in a long queue stays small. More different values of one
// property than this in one merge, the kept ones all unfit, would be needed to see a difference.
const EARLIER_VALUES_MAX = 8;

/**
 * One input with the effect of both in turn. Newest wins field by field, but an older value stays behind it:
 * the newer one may turn out unfit for HubSpot, or the rule of the property may prefer the older.
 */
export function coalesceContacts(
  older: ContactInput,
  newer: ContactInput,
  options: ContactOptions,
): ContactInput {
  const earlier: [string, readonly InputValue[]][] = [];
  for (const [name, oldValue] of Object.entries(older.properties)) {
    const before = [...(valuesOf(older.earlier, name) ?? []), oldValue];
    const after = [
      ...(valuesOf(newer.earlier, name) ?? []),
      ...(Object.hasOwn(newer.properties, name) ? [newer.properties[name] ?? null] : []),
    ];
    const kept = trim([...before, ...after], ruleOf(options, name)).slice(0, -1);
    if (kept.length > 0) earlier.push([name, kept]);
  }
  for (const [name, values] of Object.entries(newer.earlier ?? {})) {
    if (!Object.hasOwn(older.properties, name)) earlier.push([name, values]);
  }
  return {
    email: newer.email,
    properties: { ...older.properties, ...newer.properties },
    ...(earlier.length === 0 ? {} : { earlier: Object.fromEntries(earlier) }),
  };
}

/**
 * The older input without the properties that the newer one wrote. Where the newer one only filled in, a value of the
 * older one stands, but not its clearing, which made room for the newer.
 */
export function yieldContact(
  older: ContactInput,
  newer: ContactInput,
  newerOptions: ContactOptions,
): ContactInput {
  const isKept = (name: string): boolean => {
    if (!Object.hasOwn(newer.properties, name)) return true;
    const values = [...(valuesOf(older.earlier, name) ?? []), older.properties[name] ?? null];
    return ruleOf(newerOptions, name) === 'if_empty' && !values.some(isClearing);
  };
  const { properties, earlier, ...rest } = older;
  return {
    ...rest,
    properties: Object.fromEntries(Object.entries(properties).filter(([name]) => isKept(name))),
    ...(earlier === undefined
      ? {}
      : { earlier: Object.fromEntries(Object.entries(earlier).filter(([name]) => isKept(name))) }),
  };
}

// Blanks are trimmed, and of several options those without text are left out (property-value.ts).
const NO_TEXT = /^[\s;]*$/;

function isClearing(value: InputValue): boolean {
  return value === null || NO_TEXT.test(typeof value === 'object' ? value.join(';') : String(value));
}

function valuesOf(earlier: ContactInput['earlier'], name: string): readonly InputValue[] | undefined {
  return earlier !== undefined && Object.hasOwn(earlier, name) ? earlier[name] : undefined;
}

/** Drops values without effect: of equal ones the first counts for if_empty, the last for the others. */
function trim(values: readonly InputValue[], rule: Rule): readonly InputValue[] {
  const newest = values.at(-1) ?? null;
  const older = values.slice(0, -1);
  if (rule === 'if_empty') {
    const kept = older.filter((value, index) => values.findIndex((other) => isEqual(other, value)) === index);
    return [...kept.slice(0, EARLIER_VALUES_MAX), newest];
  }
  const kept = older.filter(
    (value, index) => values.findLastIndex((other) => isEqual(other, value)) === index,
  );
  return [...kept.slice(-EARLIER_VALUES_MAX), newest];
}

function isEqual(a: InputValue, b: InputValue): boolean {
  if (typeof a === 'object' && typeof b === 'object' && a !== null && b !== null) {
    return a.length === b.length && a.every((entry, index) => entry === b[index]);
  }
  return a === b;
}
