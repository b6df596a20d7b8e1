import { z } from 'zod';
import { waitAttemptsSchema } from '../wait-for-record.ts';

export const RULES = ['overwrite', 'if_empty', 'forward_only', 'never_lower', 'newest_wins'] as const;
/**
 * How a property takes a value: `forward_only` and `never_lower` are one rule, by the order of the options, of numbers
 * or of time, whichever the property has.
 */
export type Rule = (typeof RULES)[number];

const propertyName = z.string().regex(/^[a-z][a-z0-9_]*$/);

const definitionSchema = z.object({
  name: propertyName,
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
  group: z.string().optional().describe('Default: the group of the basic properties of the object type.'),
  description: z.string().default(''),
});
export type PropertyDefinition = z.output<typeof definitionSchema>;

/** What to do with a value that is none of a property's options. */
const optionPolicySchema = z.union([
  z.enum(['skip', 'add']),
  z.strictObject({ map: z.record(z.string(), z.string()) }),
]);

/** What a flow may set for all its inputs, the same for every object type. */
export const recordOptionsShape = {
  rules: z
    .record(z.string(), z.enum(RULES))
    .default({})
    .describe(
      'if_empty never overwrites; forward_only and never_lower follow the order of options, numbers or dates; newest_wins goes by the time of the event. Default: overwrite.',
    ),
  lifecycle: z
    .enum(['forward', 'any'])
    .default('forward')
    .describe('Whether lifecyclestage may move back, which costs a call and blanks the stage for a moment.'),
  ensure: z.array(definitionSchema).default([]).describe('Properties to create when HubSpot lacks them.'),
  schema: z
    .enum(['report', 'create'])
    .default('report')
    .describe('Unknown properties: left out and reported, or created with a type inferred from the values.'),
  schema_group: propertyName
    .default('linchpin')
    .describe('The group that `schema: create` puts properties into; made when it is missing.'),
  add_options: z.array(z.string()).default([]).describe('Properties whose missing options are added.'),
  options: z
    .record(z.string(), optionPolicySchema)
    .default({})
    .describe('Per property, what to do with a value that is no option: skip it, add it, or map it.'),
  multiple: z
    .record(z.string(), z.enum(['add', 'replace']))
    .default({})
    .describe('Per multiple checkbox, whether a value adds to what is chosen or replaces it (the default).'),
  create_key: z
    .boolean()
    .default(false)
    .describe(
      'Whether a unique property that inputs are keyed by is created, hidden, when HubSpot lacks it.',
    ),
  wait_attempts: waitAttemptsSchema,
};

const recordOptionsSchema = z.strictObject(recordOptionsShape);
export type RecordOptions = z.output<typeof recordOptionsSchema>;

export const LIFECYCLE_STAGE = 'lifecyclestage';

export function ruleOf(options: Pick<RecordOptions, 'rules' | 'lifecycle'>, name: string): Rule {
  const rule = Object.hasOwn(options.rules, name) ? options.rules[name] : undefined;
  return rule ?? (name === LIFECYCLE_STAGE && options.lifecycle === 'forward' ? 'forward_only' : 'overwrite');
}

/** Properties whose missing options the flow wants added. */
export function growingProperties(options: RecordOptions): readonly string[] {
  const byPolicy = Object.entries(options.options).flatMap(([name, policy]) =>
    policy === 'add' ? [name] : [],
  );
  return [...new Set([...options.add_options, ...byPolicy])];
}

/** Whether a value of a multiple checkbox adds to what is chosen. */
export function isAdding(options: RecordOptions, name: string): boolean {
  return Object.hasOwn(options.multiple, name) && options.multiple[name] === 'add';
}
