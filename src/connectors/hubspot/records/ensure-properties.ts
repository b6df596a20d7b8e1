import type { Fault, Outcome } from '../../../kernel/outcome.ts';
import type { Steps } from '../../../kit/index.ts';
import { Catalogue, dropCatalogue, fetchCatalogue } from './catalogue.ts';
import { basicGroup, createProperty, ensureGroup, labelOf } from './create-property.ts';
import type { NewProperty } from './create-property.ts';
import { inferType } from './infer-type.ts';
import { namedOptions } from './property-options.ts';
import type { RecordContext } from './record-context.ts';
import type { RecordInput } from './record-input.ts';
import { growingProperties } from './record-options.ts';
import type { PropertyDefinition } from './record-options.ts';

/**
 * Properties that the flow wants and HubSpot lacks. An enumeration waits for its first options: without any it could
 * hold nothing, and HubSpot need not accept it.
 */
export function missingProperties(
  catalogue: Catalogue,
  inputs: readonly RecordInput[],
  /** Unique properties that must be there for the run to find its records by. */
  uniqueNames: readonly string[],
  context: RecordContext,
): readonly NewProperty[] {
  return [
    ...uniqueNames.map(toUniqueProperty),
    ...context.options.ensure.flatMap((definition) => fromDefinition(definition, inputs, context)),
  ].filter(({ name }) => catalogue.get(name) === undefined);
}

/** Creates properties; returns the catalogue to go on with. */
export function* createProperties(
  missing: readonly NewProperty[],
  catalogue: Catalogue,
  context: RecordContext,
): Steps<Catalogue | Outcome> {
  let isTaken = false;
  for (const { groupName, ...property } of missing) {
    const group = groupName === '' ? (basicGroup(context.type) ?? context.options.schema_group) : groupName;
    if (group === context.options.schema_group) yield* ensureGroup(group, context);
    const created = yield* createProperty({ ...property, groupName: group }, catalogue, context);
    // Retrying cannot help, and going on would lose what the property is for: somebody must look.
    if (created.kind === 'refused')
      return { kind: 'suspended', fault: explained(property.name, created.fault) };
    isTaken ||= created.kind === 'taken';
  }
  return isTaken ? yield* refetched(missing, context) : catalogue;
}

function fromDefinition(
  { name, label, type, field_type, group, description }: PropertyDefinition,
  inputs: readonly RecordInput[],
  { options }: RecordContext,
): readonly NewProperty[] {
  const definition = { name, label, type, fieldType: field_type, groupName: group ?? '', description };
  if (type !== 'enumeration') return [definition];
  const values = growingProperties(options).includes(name)
    ? namedOptions(inputs, name, field_type === 'checkbox')
    : [];
  return values.length === 0 ? [] : [{ ...definition, options: values }];
}

function toUniqueProperty(name: string): NewProperty {
  return {
    name,
    label: labelOf(name),
    type: 'string',
    fieldType: 'text',
    groupName: '',
    description: 'Written by Linchpin to find this record again.',
    hasUniqueValue: true,
    hidden: true,
  };
}

function explained(name: string, fault: Fault): Fault {
  return { ...fault, message: `HubSpot refused to create the property ${name}. ${fault.message}` };
}

/** Another worker was first with a property: the list now holds it, unless HubSpot keeps the name for an archived one. */
function* refetched(wanted: readonly NewProperty[], context: RecordContext): Steps<Catalogue | Outcome> {
  const catalogue = yield* fetchCatalogue(context);
  if (!(catalogue instanceof Catalogue)) return catalogue;
  const missing = wanted.find(({ name }) => catalogue.get(name) === undefined);
  if (missing === undefined) return catalogue;
  dropCatalogue(context);
  const message = `HubSpot says the property ${missing.name} exists, but does not list it; it may be archived.`;
  return { kind: 'retry', fault: { code: 'hubspot.property_hidden', message } };
}

// What HubSpot takes as an internal name (CRM properties guide, read 2026-11).
const NAME = /^[a-z][a-z0-9_]*$/;
const UNNAMEABLE = 'unknown to HubSpot, and no name for a property';

/** The catalogue to go on with, and what was made, in words by name. */
export interface Extended {
  readonly catalogue: Catalogue;
  readonly made: ReadonlyMap<string, string>;
}

/** For `schema: create`: names of the batch that HubSpot does not know, and has not refused. */
export function unknownNames(
  catalogue: Catalogue,
  inputs: readonly RecordInput[],
  { options }: RecordContext,
): readonly string[] {
  if (options.schema !== 'create') return [];
  const names = new Set(inputs.flatMap(({ properties }) => Object.keys(properties)));
  return [...names].filter((name) => catalogue.get(name) === undefined && !catalogue.refusals.has(name));
}

/**
 * Makes properties of the names that HubSpot does not know, with types inferred from the values of the batch. What
 * HubSpot refuses is left out and reported; it costs its property and not the record.
 */
export function* createUnknown(
  catalogue: Catalogue,
  inputs: readonly RecordInput[],
  context: RecordContext,
): Steps<Extended | Outcome> {
  const made = new Map<string, string>();
  const group = context.options.schema_group;
  let isTaken = false;
  for (const name of unknownNames(catalogue, inputs, context)) {
    const inferred = inferType(inputs, name);
    // Without a value there is nothing to infer a type from, and nothing to lose.
    if (inferred === undefined) continue;
    if (!NAME.test(name)) {
      catalogue.refusals.set(name, UNNAMEABLE);
      continue;
    }
    yield* ensureGroup(group, context);
    const description = 'Created by Linchpin from the events that name it.';
    const definition = { name, label: labelOf(name), groupName: group, description, ...inferred };
    const created = yield* createProperty(definition, catalogue, context);
    if (created.kind === 'created') made.set(name, `${name} (${inferred.type})`);
    if (created.kind === 'refused')
      catalogue.refusals.set(name, `refused by HubSpot (${created.fault.code})`);
    isTaken ||= created.kind === 'taken';
  }
  if (!isTaken) return { catalogue, made };
  const fresh = yield* fetchCatalogue(context);
  return fresh instanceof Catalogue ? { catalogue: fresh, made } : fresh;
}
