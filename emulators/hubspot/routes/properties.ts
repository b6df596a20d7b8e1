import { empty, json, Refused } from '../../core/index.ts';
import type { Reply, Route } from '../../core/index.ts';
import { errorReply, invalid } from '../errors.ts';
import { guardObjects } from '../guard.ts';
import { readFlag, readInputs, readNames, readObject, readText } from '../input.ts';
import type { Fields } from '../input.ts';
import { withStages } from '../objects/stages.ts';
import { parseNewProperty, parsePropertyChange } from '../properties/property-rules.ts';
import { showProperty } from '../properties/property.ts';
import type { Property } from '../properties/property.ts';
import type { ObjectCall } from '../objects/object-call.ts';
import type { HubspotState } from '../state.ts';
import { pathOf, propertyBatchCreateStatus } from '../versions.ts';
import type { Version } from '../versions.ts';

// Documented: at most ten unique properties per object.
const UNIQUE_MAX = 10;

/** Property definitions. */
export function propertyRoutes(version: Version): Route<HubspotState>[] {
  const base = `${pathOf(version, 'properties')}/:type`;
  const one = `${base}/:name`;
  return guardObjects(version, [
    { method: 'GET', path: base, access: 'readSchema', handle: list },
    { method: 'POST', path: base, access: 'writeSchema', handle: create },
    { method: 'GET', path: one, access: 'readSchema', handle: read },
    { method: 'PATCH', path: one, access: 'writeSchema', handle: update },
    { method: 'DELETE', path: one, access: 'writeSchema', handle: archive },
    {
      method: 'POST',
      path: `${base}/batch/create`,
      access: 'writeSchema',
      handle: createAll,
    },
    { method: 'POST', path: `${base}/batch/read`, access: 'readSchema', handle: readAll },
    { method: 'POST', path: `${base}/batch/archive`, access: 'writeSchema', handle: archiveAll },
  ]);
}

function list(call: ObjectCall): Reply {
  const { query } = call.request;
  const wanted = readNames(query, 'properties');
  const all = call.properties.list(query.get('archived') === 'true');
  const chosen = wanted.length === 0 ? all : all.filter(({ name }) => wanted.includes(name));
  return json(200, { results: chosen.map((property) => show(call, property)) });
}

function create(call: ObjectCall): Reply {
  const property = checkNew(call, readObject(call.request));
  call.properties.put(property);
  return json(201, show(call, property));
}

function read(call: ObjectCall): Reply {
  return json(
    200,
    show(call, find(call, call.request.param('name'), call.request.query.get('archived') === 'true')),
  );
}

function update(call: ObjectCall): Reply {
  const property = find(call, call.request.param('name'), false);
  const changed = parsePropertyChange(
    property,
    { request: call.request, fields: readObject(call.request) },
    call.now,
  );
  requireGroup(call, changed.groupName);
  call.properties.put(changed);
  return json(200, show(call, changed));
}

function archive(call: ObjectCall): Reply {
  archiveOne(call, find(call, call.request.param('name'), false));
  return empty(204);
}

/** One bad definition does not spare the others here: the batch is refused whole unless names exist already. */
function createAll(call: ObjectCall): Reply {
  const startedAt = new Date(call.now).toISOString();
  const results: unknown[] = [];
  const errors: unknown[] = [];
  for (const fields of readInputs(call.request, readObject(call.request))) {
    try {
      const property = checkNew(call, fields);
      call.properties.put(property);
      results.push(show(call, property));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const name = readText(call.request, fields, 'name');
      errors.push({ ...(error.reply.body as object), context: { name: [name ?? ''] } });
    }
  }
  const whole = propertyBatchCreateStatus(call.version);
  return json(errors.length > 0 && call.version !== '2026-09' ? 207 : whole, {
    status: 'COMPLETE',
    results,
    ...(errors.length === 0 ? {} : { numErrors: errors.length, errors }),
    startedAt,
    completedAt: startedAt,
  });
}

function readAll(call: ObjectCall): Reply {
  const body = readObject(call.request);
  const isArchived = readFlag(call.request, body, 'archived') ?? false;
  const at = new Date(call.now).toISOString();
  const names = readInputs(call.request, body).map((input) => nameOf(call, input));
  const { properties } = call;
  const found = names.flatMap(
    (name) => (isArchived ? properties.findArchived(name) : properties.find(name)) ?? [],
  );
  const missing = names.filter((name) => !found.some((property) => property.name === name));
  return json(missing.length > 0 ? 207 : 200, {
    status: 'COMPLETE',
    results: found.map((property) => show(call, property)),
    ...(missing.length === 0
      ? {}
      : {
          numErrors: 1,
          errors: [
            {
              status: 'error',
              category: 'OBJECT_NOT_FOUND',
              message: 'Some properties do not exist',
              context: { name: missing },
            },
          ],
        }),
    startedAt: at,
    completedAt: at,
  });
}

function archiveAll(call: ObjectCall): Reply {
  for (const input of readInputs(call.request, readObject(call.request))) {
    const property = call.properties.find(nameOf(call, input));
    if (property !== undefined) archiveOne(call, property);
  }
  return empty(204);
}

function show({ portal, type }: ObjectCall, property: Property): Record<string, unknown> {
  return showProperty(withStages(portal, type.id, property));
}

function nameOf(call: ObjectCall, input: Fields): string {
  const name = readText(call.request, input, 'name');
  if (name === undefined) throw invalid('Some required fields were not set: [name]');
  return name;
}

function checkNew(call: ObjectCall, fields: Fields): Property {
  const { properties } = call;
  const property = parseNewProperty({ request: call.request, fields }, call.now);
  const isArchivedTaken =
    properties.findArchived(property.name) !== undefined && !call.switches.archivedPropertyNameReusable;
  if (properties.find(property.name) !== undefined || isArchivedTaken) {
    // The status is documented, the category and words are assumed.
    throw new Refused(
      errorReply(409, {
        message: `A property named "${property.name}" already exists`,
        category: 'OBJECT_ALREADY_EXISTS',
      }),
    );
  }
  requireGroup(call, property.groupName);
  if (
    property.hasUniqueValue &&
    properties.unique.filter(({ hubspotDefined }) => !hubspotDefined).length >= UNIQUE_MAX
  ) {
    throw invalid(`At most ${UNIQUE_MAX} properties with unique values are allowed`);
  }
  return property;
}

function requireGroup(call: ObjectCall, name: string): void {
  if (call.properties.groups.has(name)) return;
  throw invalid(`Property group "${name}" does not exist`);
}

function archiveOne(call: ObjectCall, property: Property): void {
  if (property.hubspotDefined)
    throw invalid(`Property "${property.name}" is defined by HubSpot and cannot be archived`);
  call.properties.put({ ...property, archivedAt: call.now, updatedAt: call.now });
}

function find(call: ObjectCall, name: string, isArchived: boolean): Property {
  const { properties } = call;
  const property = isArchived ? properties.findArchived(name) : properties.find(name);
  if (property !== undefined) return property;
  throw new Refused(
    errorReply(404, { message: `Property "${name}" does not exist`, category: 'OBJECT_NOT_FOUND' }),
  );
}
