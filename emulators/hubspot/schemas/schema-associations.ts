import { Refused, empty, json } from '../../core/index.ts';
import type { Reply } from '../../core/index.ts';
import { linkedBy } from '../associations/association-call.ts';
import type { Call } from '../call.ts';
import { errorReply, invalid } from '../errors.ts';
import { readObject, readText } from '../input.ts';
import { resolveType } from '../objects/object-types.ts';
import type { ObjectType } from '../objects/object-types.ts';
import { requireEnterprise } from './require-enterprise.ts';
import { getSchema } from './schema-call.ts';
import { showAssociation, toObjectType } from './schema.ts';
import type { AssociationDefinition, Schema } from './schema.ts';

/** Allows links between two types; both directions are part of the schema. */
export function defineAssociation(
  call: Call,
  schema: Schema,
  from: ObjectType,
  to: ObjectType,
  name: string,
): Schema {
  const { portal, switches, now } = call;
  const types = portal.associations.types.define(from, to, name, switches.customAssociationCategory);
  const added = [...new Set(types)].map((type): AssociationDefinition => {
    return {
      id: String(type.typeId),
      fromObjectTypeId: type.from,
      toObjectTypeId: type.to,
      name: type.name,
      createdAt: now,
    };
  });
  const others = schema.associations.filter(({ id }) => !added.some((one) => one.id === id));
  return { ...schema, associations: [...others, ...added] };
}

export function addAssociation(call: Call): Reply {
  requireEnterprise(call);
  const { portal, request } = call;
  const schema = getSchema(call, false);
  const fields = readObject(request);
  const missing = ['fromObjectTypeId', 'toObjectTypeId'].filter(
    (key) => (readText(request, fields, key) ?? '') === '',
  );
  if (missing.length > 0) throw invalid(`Some required fields were not set: [${missing.join(', ')}]`);
  const from = resolveType(portal, readText(request, fields, 'fromObjectTypeId') ?? '');
  const to = resolveType(portal, readText(request, fields, 'toObjectTypeId') ?? '');
  // Wording assumed: an association of other objects is none of this schema's.
  if (from.id !== schema.objectTypeId && to.id !== schema.objectTypeId) {
    throw invalid(`The association must be from or to ${schema.objectTypeId}`);
  }
  const name = readText(request, fields, 'name') ?? `${from.singular}_to_${to.singular}`;
  const changed = defineAssociation(call, schema, from, to, name);
  portal.schemas.put({ ...changed, updatedAt: call.now });
  const shown = changed.associations.find(
    (one) => one.fromObjectTypeId === from.id && one.toObjectTypeId === to.id,
  );
  // `defineAssociation` has just made it, in this very direction.
  if (shown === undefined) throw new Error(`no association from ${from.id} to ${to.id} was defined`);
  return json(201, showAssociation(shown));
}

export function removeAssociation(call: Call): Reply {
  requireEnterprise(call);
  const { portal, request, now } = call;
  const schema = getSchema(call, false);
  const id = request.param('associationId');
  const definition = schema.associations.find((one) => one.id === id || one.name === id);
  if (definition === undefined) {
    throw new Refused(
      errorReply(404, { message: `Association ${id} does not exist`, category: 'OBJECT_NOT_FOUND' }),
    );
  }
  const { types } = portal.associations;
  const from = resolveType(portal, definition.fromObjectTypeId);
  const to = resolveType(portal, definition.toObjectTypeId);
  // Without the plain association no label of the pair can stay either.
  for (const type of types.between(from, to)) portal.associations.removeLabel(type, linkedBy(call));
  const pair = [definition.fromObjectTypeId, definition.toObjectTypeId];
  const rest = schema.associations.filter(
    (one) => !(pair.includes(one.fromObjectTypeId) && pair.includes(one.toObjectTypeId)),
  );
  portal.schemas.put({ ...schema, associations: rest, updatedAt: now });
  return empty(204);
}

/** A new object may be linked with the activities at once, and with the objects that its schema names. */
export function defineFirstAssociations(
  call: Call,
  schema: Schema,
  associatedObjects: readonly string[],
): Schema {
  const own = toObjectType(schema);
  let changed = schema;
  for (const text of associatedObjects) {
    const other = resolveType(call.portal, text);
    changed = defineAssociation(call, changed, own, other, `${own.singular}_to_${other.singular}`);
  }
  return changed;
}
