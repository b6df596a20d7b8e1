import type { Call } from '../call.ts';
import { invalid } from '../errors.ts';
import { isFields, readFlag, readList, readText, readTexts, wrongType } from '../input.ts';
import type { Fields } from '../input.ts';
import { parseNewProperty } from '../properties/property-rules.ts';
import type { Property } from '../properties/property.ts';
import type { Schema } from './schema.ts';

// Documented: a letter first, then letters, digits and underscores.
const NAME = /^[A-Za-z]\w*$/;

const REQUIRED = ['name', 'labels', 'properties', 'requiredProperties', 'associatedObjects'];

// Documented: at most ten properties with unique values per object.
const UNIQUE_MAX = 10;

export interface NewSchema {
  readonly schema: Schema;
  readonly groupName: string;
  readonly properties: readonly Property[];
  readonly associatedObjects: readonly string[];
}

/** A definition from POST. The rules are documented, the words of their refusals assumed. */
export function readSchema(call: Call, fields: Fields): NewSchema {
  const { request, portal, now, token } = call;
  const missing = REQUIRED.filter((key) => fields[key] === undefined || fields[key] === null);
  if (missing.length > 0) throw invalid(`Some required fields were not set: [${missing.join(', ')}]`);
  const name = readText(request, fields, 'name') ?? '';
  if (!NAME.test(name)) {
    throw invalid(
      `Object name "${name}" is invalid: it must begin with a letter and hold only letters, digits and underscores`,
    );
  }
  const isTaken = [true, false].some((isArchived) =>
    portal.schemas.list(isArchived).some((other) => other.name.toLowerCase() === name.toLowerCase()),
  );
  if (isTaken || portal.types.find(name) !== undefined) {
    throw invalid(`An object with the name "${name}" already exists in portal ${portal.id}`, {
      name: [name],
    });
  }
  const groupName = `${name.toLowerCase()}_information`;
  const properties = readProperties(call, fields, groupName);
  const description = readText(request, fields, 'description');
  const schema: Schema = {
    // Given out once everything is known to be right.
    objectTypeId: '',
    name,
    fullyQualifiedName: `p${portal.id}_${name.toLowerCase()}`,
    labels: readLabels(call, fields, undefined),
    ...(description === undefined ? {} : { description }),
    ...readDisplay(call, fields),
    secondaryDisplayProperties: readTexts(request, fields, 'secondaryDisplayProperties') ?? [],
    requiredProperties: readTexts(request, fields, 'requiredProperties') ?? [],
    searchableProperties: readTexts(request, fields, 'searchableProperties') ?? [],
    allowsSensitiveProperties: readFlag(request, fields, 'allowsSensitiveProperties') ?? false,
    associations: [],
    createdAt: now,
    updatedAt: now,
    userId: token.userId,
  };
  requireProperties(
    schema,
    properties.map((property) => property.name),
  );
  return {
    schema,
    groupName,
    properties,
    associatedObjects: readTexts(request, fields, 'associatedObjects') ?? [],
  };
}

/** What PATCH may change; the name of an object never. */
export function changeSchema(call: Call, before: Schema, fields: Fields): Schema {
  const { request, portal, now, token } = call;
  const name = readText(request, fields, 'name');
  if (name !== undefined && name !== before.name) throw invalid('The name of an object cannot be changed');
  const { description: old, ...rest } = before;
  const isCleared = readFlag(request, fields, 'clearDescription') === true;
  const description = isCleared ? undefined : (readText(request, fields, 'description') ?? old);
  const schema: Schema = {
    ...rest,
    ...(description === undefined ? {} : { description }),
    ...readDisplay(call, fields),
    labels: readLabels(call, fields, before.labels),
    secondaryDisplayProperties:
      readTexts(request, fields, 'secondaryDisplayProperties') ?? before.secondaryDisplayProperties,
    requiredProperties: readTexts(request, fields, 'requiredProperties') ?? before.requiredProperties,
    searchableProperties: readTexts(request, fields, 'searchableProperties') ?? before.searchableProperties,
    updatedAt: now,
    userId: token.userId,
  };
  const known = portal.properties(before.objectTypeId).list(false);
  requireProperties(
    schema,
    known.map((property) => property.name),
  );
  return schema;
}

/** Properties of a new object need no group: theirs is made with it. */
function readProperties(call: Call, fields: Fields, groupName: string): Property[] {
  const given = readList(call.request, fields, 'properties') ?? [];
  if (given.length === 0) throw invalid('An object needs at least one property', { properties: ['[]'] });
  const properties = given.map((definition) => {
    if (!isFields(definition))
      return wrongType(call.request, 'properties', 'ObjectTypePropertyCreate', definition);
    const group = readText(call.request, definition, 'groupName') ?? groupName;
    return parseNewProperty({ request: call.request, fields: { ...definition, groupName: group } }, call.now);
  });
  const names = properties.map(({ name }) => name);
  const repeated = names.find((name, index) => names.indexOf(name) < index);
  if (repeated !== undefined) throw invalid(`A property named "${repeated}" already exists`);
  if (properties.filter(({ hasUniqueValue }) => hasUniqueValue).length > UNIQUE_MAX) {
    throw invalid(`At most ${UNIQUE_MAX} properties with unique values are allowed`);
  }
  return properties;
}

function readLabels(call: Call, fields: Fields, before: Schema['labels'] | undefined): Schema['labels'] {
  const given = fields['labels'] ?? {};
  if (!isFields(given)) return wrongType(call.request, 'labels', 'ObjectTypeDefinitionLabels', given);
  const singular = readText(call.request, given, 'singular') ?? before?.singular ?? '';
  const plural = readText(call.request, given, 'plural') ?? before?.plural ?? '';
  if (singular === '' || plural === '') throw invalid('An object needs a singular and a plural label');
  return { singular, plural };
}

function readDisplay(call: Call, fields: Fields): { primaryDisplayProperty?: string } {
  const name = readText(call.request, fields, 'primaryDisplayProperty');
  return name === undefined ? {} : { primaryDisplayProperty: name };
}

function requireProperties(schema: Schema, names: readonly string[]): void {
  const named = [
    ...schema.requiredProperties,
    ...schema.searchableProperties,
    ...schema.secondaryDisplayProperties,
    ...(schema.primaryDisplayProperty === undefined ? [] : [schema.primaryDisplayProperty]),
  ];
  const unknown = [...new Set(named.filter((name) => !names.includes(name)))];
  if (unknown.length === 0) return;
  throw invalid(`Properties [${unknown.join(', ')}] do not exist`, { propertyName: unknown });
}
