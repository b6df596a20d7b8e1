import { empty, json, Refused } from '../../core/index.ts';
import type { Reply, Route } from '../../core/index.ts';
import { errorReply, invalid, notFound } from '../errors.ts';
import { guardObjects } from '../guard.ts';
import { readObject, readText } from '../input.ts';
import type { ObjectCall } from '../objects/object-call.ts';
import type { PropertyGroup } from '../properties/property.ts';
import type { HubspotState } from '../state.ts';
import { pathOf } from '../versions.ts';
import type { Version } from '../versions.ts';

/** The groups that properties stand in. */
export function propertyGroupRoutes(version: Version): Route<HubspotState>[] {
  const base = `${pathOf(version, 'properties')}/:type/groups`;
  const one = `${base}/:name`;
  return guardObjects(version, [
    {
      method: 'GET',
      path: base,
      access: 'readSchema',
      handle: (call) => json(200, { results: [...groupsOf(call).values()] }),
    },
    { method: 'POST', path: base, access: 'writeSchema', handle: create },
    { method: 'GET', path: one, access: 'readSchema', handle: (call) => json(200, find(call)) },
    { method: 'PATCH', path: one, access: 'writeSchema', handle: update },
    { method: 'DELETE', path: one, access: 'writeSchema', handle: archive },
  ]);
}

function create(call: ObjectCall): Reply {
  const body = readObject(call.request);
  const name = readText(call.request, body, 'name') ?? '';
  const label = readText(call.request, body, 'label') ?? '';
  if (name === '' || label === '') throw invalid('Some required fields were not set: [name, label]');
  if (groupsOf(call).has(name)) {
    // The status of a conflict of groups is not recorded; that of properties is assumed to hold.
    throw new Refused(
      errorReply(409, {
        message: `A property group named "${name}" already exists`,
        category: 'OBJECT_ALREADY_EXISTS',
      }),
    );
  }
  return put(call, { name, label, displayOrder: orderOf(body['displayOrder'], -1), archived: false }, 201);
}

function update(call: ObjectCall): Reply {
  const group = find(call);
  const body = readObject(call.request);
  return put(
    call,
    {
      ...group,
      label: readText(call.request, body, 'label') ?? group.label,
      displayOrder: orderOf(body['displayOrder'], group.displayOrder),
    },
    200,
  );
}

function archive(call: ObjectCall): Reply {
  const { name } = find(call);
  if (call.properties.list(false).some(({ groupName }) => groupName === name)) {
    throw invalid(`Property group "${name}" still has properties`);
  }
  groupsOf(call).delete(name);
  return empty(204);
}

function put(call: ObjectCall, group: PropertyGroup, status: 200 | 201): Reply {
  groupsOf(call).set(group.name, group);
  return json(status, group);
}

function find(call: ObjectCall): PropertyGroup {
  const group = groupsOf(call).get(call.request.param('name'));
  if (group === undefined) throw notFound();
  return group;
}

function groupsOf(call: ObjectCall): Map<string, PropertyGroup> {
  return call.properties.groups;
}

function orderOf(given: unknown, otherwise: number): number {
  return typeof given === 'number' ? given : otherwise;
}
