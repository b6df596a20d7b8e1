import { empty, json } from '../../core/index.ts';
import type { Reply, Route } from '../../core/index.ts';
import { invalid, notFound, notUnique, readOnlyObject } from '../errors.ts';
import { guardObjects } from '../guard.ts';
import { readList, readNames, readObject } from '../input.ts';
import type { Fields } from '../input.ts';
import { archiveRecord } from '../objects/archive-record.ts';
import { hasEmailIdentity } from '../objects/object-call.ts';
import type { ObjectCall } from '../objects/object-call.ts';
import type { ObjectRecord } from '../objects/object-record.ts';
import { showCreated, showRead, showUpdated } from '../objects/show-record.ts';
import type { Asked } from '../objects/show-record.ts';
import { applyWrite, checkCreation, checkUpdate, readProperties } from '../objects/write-record.ts';
import type { HubspotState } from '../state.ts';
import { pathOf } from '../versions.ts';
import type { Version } from '../versions.ts';

const PAGE_DEFAULT = 10;
const PAGE_MAX = 100;

/** Records one by one. */
export function objectRoutes(version: Version): Route<HubspotState>[] {
  const base = `${pathOf(version, 'objects')}/:type`;
  const one = `${base}/:id`;
  return guardObjects(version, [
    { method: 'GET', path: base, access: 'read', handle: list },
    { method: 'POST', path: base, access: 'write', handle: create },
    { method: 'GET', path: one, access: 'read', handle: read },
    { method: 'PATCH', path: one, access: 'write', handle: update },
    { method: 'DELETE', path: one, access: 'write', handle: archive },
  ]);
}

function list(call: ObjectCall): Reply {
  const { query, origin, path } = call.request;
  const limit = Number(query.get('limit') ?? PAGE_DEFAULT);
  if (!Number.isInteger(limit) || limit < 1 || limit > PAGE_MAX)
    throw invalid(`limit must be between 1 and ${PAGE_MAX}`);
  const after = query.get('after') ?? '0';
  if (!/^\d+$/.test(after)) throw invalid('after must be a record id');
  const page = call.records.page(after, limit, query.get('archived') === 'true');
  const asked = readAsked(query);
  const next = new URLSearchParams(query);
  next.set('after', page.next ?? '');
  return json(200, {
    results: page.records.map((record) => showRead(call, record, asked)),
    ...(page.next === undefined
      ? {}
      : { paging: { next: { after: page.next, link: `${origin}${path}?${next.toString()}` } } }),
  });
}

function create(call: ObjectCall): Reply {
  refuseReadOnly(call);
  const body = readObject(call.request);
  const associations = readList(call.request, body, 'associations') ?? [];
  const write = checkCreation(call, readProperties(call, body), associations);
  return json(201, showCreated(call, applyWrite(call, write), write.echo, traceOf(body)));
}

function read(call: ObjectCall): Reply {
  const { query } = call.request;
  return json(200, showRead(call, find(call, query.get('archived') === 'true'), readAsked(query)));
}

function update(call: ObjectCall): Reply {
  refuseReadOnly(call);
  const body = readObject(call.request);
  const record = find(call, false);
  const properties = readProperties(call, body);
  if (Object.keys(properties).length === 0) {
    throw invalid('No properties found to update, please provide at least one.', { properties: ['{}'] });
  }
  const write = checkUpdate(call, record, properties);
  return json(200, showUpdated(call, applyWrite(call, write), write.touched, write.echo, traceOf(body)));
}

function archive(call: ObjectCall): Reply {
  refuseReadOnly(call);
  const record = call.records.find(call.request.param('id'));
  if (record === undefined && call.switches.deleteOfUnknownRecord === '404') throw notFound();
  if (record !== undefined) archiveRecord(call, record);
  return empty(204);
}

/** By id, or by the property that `?idProperty=` names: the address of a contact or a unique property. */
function find(call: ObjectCall, isArchived: boolean): ObjectRecord {
  const { request, records, switches } = call;
  const id = request.param('id');
  const idProperty = request.query.get('idProperty');
  const isById = idProperty === null || idProperty === 'hs_object_id';
  if (!isById) requireIdentity(call, idProperty);
  const record = isById
    ? // An id that a merge took away still leads somewhere here, unlike in batches.
      isArchived
      ? records.find(id, true)
      : records.findMerged(id)
    : records.findByUnique(idProperty, id, switches);
  if (record === undefined) throw notFound();
  return record;
}

/** Contacts are found by `email` although its metadata does not call it unique. */
export function requireIdentity({ type, properties, portal }: ObjectCall, name: string): void {
  if (name === 'email' && hasEmailIdentity(type)) return;
  if (properties.find(name)?.hasUniqueValue !== true) throw notUnique(type, name, portal.id);
}

export function refuseReadOnly({ type }: ObjectCall): void {
  if (type.isReadOnly) throw readOnlyObject(type);
}

function readAsked(query: URLSearchParams): Asked {
  return {
    properties: readNames(query, 'properties'),
    withHistory: readNames(query, 'propertiesWithHistory'),
    associations: readNames(query, 'associations'),
  };
}

/** The caller's own id of a write comes back with its result. */
export function traceOf(input: Fields): { objectWriteTraceId?: string } {
  const trace = input['objectWriteTraceId'];
  return typeof trace === 'string' && trace !== '' ? { objectWriteTraceId: trace } : {};
}
