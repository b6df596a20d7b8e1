import type { Call } from '../guard.ts';
import { conflict, invalid } from '../errors.ts';
import { isFields, readFlag, readList, readText, wrongType } from '../input.ts';
import type { Fields } from '../input.ts';
import { resolveType } from '../objects/object-types.ts';
import type { CustomMatching, EventDefinition, EventDefinitionStore } from './event-definition.ts';
import { EVENT_PROPERTY_TYPES } from './event-property.ts';
import type { EventProperty, EventPropertyType } from './event-property.ts';

// "You can define up to 500 unique event definitions … up to 50 properties per event" (custom event guide, 2026-04).
const DEFINITIONS_MAX = 500;
export const EVENT_PROPERTIES_MAX = 50;
// "names … at most 50 characters, begin with a letter, and contain only lowercase letters, numbers, and underscores".
const NAME = /^[a-z][a-z0-9_]{0,49}$/;

export interface NewDefinition {
  readonly definition: Omit<EventDefinition, 'id' | 'objectTypeId' | 'properties'>;
  readonly properties: readonly EventProperty[];
  readonly hasDefaults: boolean;
}

/** A definition that a `POST` asks for, or a refusal. The rules are documented, their wordings assumed. */
export function parseNewDefinition(call: Call, fields: Fields, store: EventDefinitionStore): NewDefinition {
  const { request, portal, now } = call;
  const label = readText(request, fields, 'label') ?? '';
  if (label === '') throw invalid('Some required fields were not set: [label]');
  const name = readText(request, fields, 'name') ?? toName(label);
  requireName(name, 'Event');
  const fullyQualifiedName = `pe${portal.id}_${name}`;
  if (store.isNameUsed(fullyQualifiedName)) {
    throw conflict(
      `An event with the name ${name} already exists or existed before; event names cannot be reused`,
    );
  }
  if (store.size >= DEFINITIONS_MAX) {
    throw invalid(`The maximum number of event definitions (${DEFINITIONS_MAX}) has been reached`);
  }
  const primary = resolveType(portal, readText(request, fields, 'primaryObject') ?? 'contact');
  const properties = (readList(request, fields, 'propertyDefinitions') ?? []).map((given) =>
    parseEventProperty(
      call,
      isFields(given) ? given : wrongType(request, 'propertyDefinitions', 'object', given),
    ),
  );
  requireDistinct(properties);
  requireRoom(properties.length);
  const matching = readMatching(call, fields, properties);
  return {
    definition: {
      fullyQualifiedName,
      name,
      label,
      description: readText(request, fields, 'description') ?? '',
      primaryTypeId: primary.id,
      primaryObject: primary.messageName,
      matching,
      createdAt: now,
      updatedAt: now,
    },
    properties,
    hasDefaults: readFlag(request, fields, 'includeDefaultProperties') ?? true,
  };
}

export function parseEventProperty({ request, now }: Call, fields: Fields): EventProperty {
  const label = readText(request, fields, 'label') ?? '';
  if (label === '') throw invalid('Some required fields were not set: [label]');
  const name = readText(request, fields, 'name') ?? toName(label);
  requireName(name, 'Property');
  if (name.startsWith('hs_')) throw invalid(`Property name ${name} is invalid: hs_ is reserved`);
  const type = parseType(readText(request, fields, 'type') ?? '');
  const options = readOptions({ request }, fields);
  if (type === 'enumeration' && options.length === 0) {
    throw invalid(`Property ${name} of type enumeration needs options`);
  }
  return {
    name,
    label,
    type,
    description: readText(request, fields, 'description') ?? '',
    options: type === 'enumeration' ? options : [],
    hubspotDefined: false,
    archived: false,
    createdAt: now,
    updatedAt: now,
  };
}

/** Label, description and the options of an enumeration may change; name and type never. */
export function patchEventProperty(
  { request, now }: Call,
  property: EventProperty,
  fields: Fields,
): EventProperty {
  const options = fields['options'] === undefined ? property.options : readOptions({ request }, fields);
  return {
    ...property,
    label: readText(request, fields, 'label') ?? property.label,
    description: readText(request, fields, 'description') ?? property.description,
    options: property.type === 'enumeration' ? options : [],
    updatedAt: now,
  };
}

export function requireRoom(count: number): void {
  if (count > EVENT_PROPERTIES_MAX) {
    throw invalid(`An event can have at most ${EVENT_PROPERTIES_MAX} custom properties`);
  }
}

function requireName(name: string, what: 'Event' | 'Property'): void {
  if (NAME.test(name)) return;
  throw invalid(
    `${what} name "${name}" is invalid: at most 50 characters, beginning with a letter, only lowercase letters, numbers and underscores`,
  );
}

function requireDistinct(properties: readonly EventProperty[]): void {
  const names = properties.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw invalid(`Property ${twice} is defined twice`);
}

function parseType(text: string): EventPropertyType {
  const type = EVENT_PROPERTY_TYPES.find((known) => known === text);
  if (type !== undefined) return type;
  throw invalid(`Property type "${text}" is invalid; allowed are ${EVENT_PROPERTY_TYPES.join(', ')}`);
}

function readOptions(
  { request }: Pick<Call, 'request'>,
  fields: Fields,
): { readonly label: string; readonly value: string }[] {
  return (readList(request, fields, 'options') ?? []).map((given) => {
    if (!isFields(given)) return wrongType(request, 'options', 'object', given);
    const value = readText(request, given, 'value') ?? '';
    if (value === '') throw invalid('Some required fields were not set: [value]');
    return { label: readText(request, given, 'label') ?? value, value };
  });
}

function readMatching(
  { request }: Call,
  fields: Fields,
  properties: readonly EventProperty[],
): CustomMatching | undefined {
  const given = fields['customMatchingId'];
  if (given === undefined || given === null) return undefined;
  const rule = isFields(given) ? given['primaryObjectRule'] : undefined;
  if (!isFields(rule)) return wrongType(request, 'customMatchingId', 'object', given);
  const eventPropertyName = readText(request, rule, 'eventPropertyName') ?? '';
  const targetObjectPropertyName = readText(request, rule, 'targetObjectPropertyName') ?? '';
  if (eventPropertyName === '' || targetObjectPropertyName === '') {
    throw invalid('Some required fields were not set: [eventPropertyName, targetObjectPropertyName]');
  }
  if (!properties.some(({ name }) => name === eventPropertyName)) {
    throw invalid(`Property ${eventPropertyName} of customMatchingId is not defined`);
  }
  return { eventPropertyName, targetObjectPropertyName };
}

/** The name that a label gives: assumed to be the label in lower case with everything else as underscores. */
function toName(label: string): string {
  return label
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, 50);
}
