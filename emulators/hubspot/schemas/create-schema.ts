import type { Call } from '../call.ts';
import { invalid } from '../errors.ts';
import type { Fields } from '../input.ts';
import { defineFirstAssociations } from './schema-associations.ts';
import { readSchema } from './schema-input.ts';
import { toObjectType } from './schema.ts';
import type { Schema } from './schema.ts';

/** Makes a custom object: its type, its properties in a group of their own, and what it may be linked with. */
export function createSchema(call: Call, fields: Fields): Schema {
  const { portal, switches } = call;
  const given = readSchema(call, fields);
  if (portal.schemas.list(false).length >= switches.customObjectTypesMax) {
    throw invalid(`The limit of ${switches.customObjectTypesMax} custom objects is reached`);
  }
  for (const name of given.associatedObjects) {
    if (portal.types.find(name) === undefined) throw invalid(`Unable to infer object type from: ${name}`);
  }
  const schema = { ...given.schema, objectTypeId: portal.schemas.takeTypeId() };
  portal.types.add(toObjectType(schema));
  const properties = portal.properties(schema.objectTypeId);
  properties.groups.set(given.groupName, {
    name: given.groupName,
    label: `${schema.labels.singular} Information`,
    displayOrder: -1,
    archived: false,
  });
  for (const property of given.properties) properties.put(property);
  const defined = defineFirstAssociations(call, schema, given.associatedObjects);
  portal.schemas.put(defined);
  return defined;
}
