import { empty, json } from '../../core/index.ts';
import type { Reply, Route } from '../../core/index.ts';
import type { Call } from '../call.ts';
import { invalid } from '../errors.ts';
import { guard } from '../guard.ts';
import type { GuardedRoute } from '../guard.ts';
import { readFlag, readInputs, readObject, readText } from '../input.ts';
import { requireEnterprise } from './require-enterprise.ts';
import type { HubspotState } from '../state.ts';
import { batchStatus } from '../versions.ts';
import type { Version } from '../versions.ts';
import { createSchema } from './create-schema.ts';
import { addAssociation, removeAssociation } from './schema-associations.ts';
import { getSchema } from './schema-call.ts';
import { changeSchema } from './schema-input.ts';
import { showSchema, toObjectType } from './schema.ts';
import type { Schema } from './schema.ts';

const READ = ['crm.schemas.custom.read', 'crm.objects.custom.read'];
const WRITE = ['crm.schemas.custom.write'];

/** Custom objects. On v3 they have two paths: the guides' and the specification's. */
export function schemaRoutes(version: Version): Route<HubspotState>[] {
  const bases = [`/crm-object-schemas/${version}/schemas`];
  if (version === 'v3') bases.push('/crm/v3/schemas');
  return bases.flatMap((base) => {
    const one = `${base}/:type`;
    const routes: GuardedRoute[] = [
      { method: 'GET', path: base, scopes: READ, handle: list },
      { method: 'POST', path: base, scopes: WRITE, handle: create },
      { method: 'POST', path: `${base}/batch/read`, scopes: READ, handle: (call) => readAll(call, version) },
      { method: 'GET', path: one, scopes: READ, handle: read },
      { method: 'PATCH', path: one, scopes: WRITE, handle: update },
      { method: 'DELETE', path: one, scopes: WRITE, handle: remove },
      { method: 'POST', path: `${one}/associations`, scopes: WRITE, handle: addAssociation },
      {
        method: 'DELETE',
        path: `${one}/associations/:associationId`,
        scopes: WRITE,
        handle: removeAssociation,
      },
    ];
    return routes.map(guard);
  });
}

/** An account without custom objects, whatever its plan, has an empty list. The flags leave parts out. */
function list(call: Call): Reply {
  const { portal, request } = call;
  const isAsked = (name: string): boolean => request.query.get(name) !== 'false';
  const schemas = portal.schemas.list(request.query.get('archived') === 'true');
  const results = schemas.map((schema) =>
    showSchema(schema, {
      properties: isAsked('includePropertyDefinitions') ? propertiesOf(call, schema) : undefined,
      hasAssociations: isAsked('includeAssociationDefinitions'),
      hasAudit: isAsked('includeAuditMetadata'),
    }),
  );
  return json(200, { results });
}

function create(call: Call): Reply {
  requireEnterprise(call);
  const schema = createSchema(call, readObject(call.request));
  return json(201, showWhole(call, schema));
}

function read(call: Call): Reply {
  const isArchived = call.request.query.get('archived') === 'true';
  return json(200, showWhole(call, getSchema(call, isArchived)));
}

function readAll(call: Call, version: Version): Reply {
  const { portal, request, now } = call;
  const body = readObject(request);
  const isArchived = readFlag(request, body, 'archived') ?? false;
  const ids = readInputs(request, body).map((input) => readText(request, input, 'id') ?? '');
  const found = ids.flatMap((id) => portal.schemas.find(id, isArchived) ?? []);
  const missing = ids.filter((id) => portal.schemas.find(id, isArchived) === undefined);
  const at = new Date(now).toISOString();
  const error = {
    status: 'error',
    category: 'OBJECT_NOT_FOUND',
    message: 'Some object types do not exist',
    context: { ids: missing },
  };
  return json(batchStatus(version, 200, missing.length > 0, call.switches), {
    status: 'COMPLETE',
    results: found.map((schema) => showWhole(call, schema)),
    ...(missing.length === 0 ? {} : { numErrors: 1, errors: [error] }),
    startedAt: at,
    completedAt: at,
  });
}

/** The answer has neither properties nor associations (specification). */
function update(call: Call): Reply {
  requireEnterprise(call);
  const schema = changeSchema(call, getSchema(call, false), readObject(call.request));
  call.portal.schemas.put(schema);
  call.portal.types.add(toObjectType(schema));
  return json(200, showSchema(schema, { properties: undefined, hasAssociations: false, hasAudit: false }));
}

/** An object can be archived once it has no records, and purged once it is archived; then its name is free. */
function remove(call: Call): Reply {
  requireEnterprise(call);
  const { portal, request, now } = call;
  const isPurge = request.query.get('archived') === 'true';
  const schema = getSchema(call, isPurge);
  if (isPurge) {
    portal.schemas.remove(schema.objectTypeId);
    portal.associations.types.removeObjectType(schema.objectTypeId);
    portal.forgetType(schema.objectTypeId);
    return empty(204);
  }
  const count = portal.records(schema.objectTypeId).liveCount;
  if (count > 0) {
    throw invalid(`Object type ${schema.objectTypeId} cannot be deleted: it has ${count} records`, {
      objectTypeId: [schema.objectTypeId],
    });
  }
  portal.types.remove(schema.objectTypeId);
  portal.schemas.put({ ...schema, archivedAt: now });
  return empty(204);
}

function showWhole(call: Call, schema: Schema): Record<string, unknown> {
  return showSchema(schema, {
    properties: propertiesOf(call, schema),
    hasAssociations: true,
    hasAudit: true,
  });
}

function propertiesOf(
  { portal }: Call,
  { objectTypeId }: Schema,
): ReturnType<ReturnType<typeof portal.properties>['list']> {
  return portal.properties(objectTypeId).list(false);
}
