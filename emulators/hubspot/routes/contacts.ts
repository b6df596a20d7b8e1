import { empty, json } from '../../core/index.ts';
import type { Route } from '../../core/index.ts';
import { guardContacts } from '../guard.ts';
import type { Call, GuardedRoute } from '../guard.ts';
import type { ContactRecord } from '../contact-record.ts';
import { invalid, notEmulated, notFound, notUnique } from '../errors.ts';
import { readList, readNames, readObject } from '../input.ts';
import type { Fields } from '../input.ts';
import { showCreated, showRead, showUpdated } from '../show-contact.ts';
import type { HubspotState } from '../state.ts';
import { pathOf } from '../versions.ts';
import type { Version } from '../versions.ts';
import { applyWrite, checkCreation, checkUpdate, readProperties } from '../write-contact.ts';

export const READ = ['crm.objects.contacts.read'];
export const WRITE = ['crm.objects.contacts.write'];

const PAGE_DEFAULT = 10;
const PAGE_MAX = 100;

/** Contacts one by one. */
export function contactRoutes(version: Version): Route<HubspotState>[] {
  const base = `${pathOf(version, 'objects')}/:type`;
  const one = `${base}/:id`;
  const routes: GuardedRoute[] = [
    { method: 'GET', path: base, scopes: READ, handle: list },
    { method: 'POST', path: base, scopes: WRITE, handle: create },
    { method: 'GET', path: one, scopes: READ, handle: read },
    { method: 'PATCH', path: one, scopes: WRITE, handle: update },
    { method: 'DELETE', path: one, scopes: WRITE, handle: archive },
  ];
  return guardContacts(routes);
}

function list({ request, portal }: Call): ReturnType<typeof json> {
  const { query } = request;
  const limit = Number(query.get('limit') ?? PAGE_DEFAULT);
  if (!Number.isInteger(limit) || limit < 1 || limit > PAGE_MAX)
    throw invalid(`limit must be between 1 and ${PAGE_MAX}`);
  const after = query.get('after') ?? '0';
  if (!/^\d+$/.test(after)) throw invalid('after must be a record id');
  const page = portal.contacts.page(after, limit, query.get('archived') === 'true');
  const names = readNames(query, 'properties');
  const history = readNames(query, 'propertiesWithHistory');
  const next = new URLSearchParams(query);
  next.set('after', page.next ?? '');
  return json(200, {
    results: page.records.map((record) => showRead(record, portal, names, history)),
    ...(page.next === undefined
      ? {}
      : {
          paging: { next: { after: page.next, link: `${request.origin}${request.path}?${next.toString()}` } },
        }),
  });
}

function create(call: Call): ReturnType<typeof json> {
  const body = readObject(call.request);
  refuseAssociations(call, body);
  const record = applyWrite(call, checkCreation(call, readProperties(call, body)));
  return json(201, showCreated(record, call.portal, traceOf(body)));
}

function read(call: Call): ReturnType<typeof json> {
  const { query } = call.request;
  const record = find(call, query.get('archived') === 'true');
  return json(
    200,
    showRead(record, call.portal, readNames(query, 'properties'), readNames(query, 'propertiesWithHistory')),
  );
}

function update(call: Call): ReturnType<typeof json> {
  const body = readObject(call.request);
  const record = find(call, false);
  const properties = readProperties(call, body);
  if (Object.keys(properties).length === 0) {
    throw invalid('No properties found to update, please provide at least one.', { properties: ['{}'] });
  }
  const write = checkUpdate(call, record, properties);
  return json(200, showUpdated(applyWrite(call, write), call.portal, write.touched, traceOf(body)));
}

function archive(call: Call): ReturnType<typeof empty> {
  const record = call.portal.contacts.find(call.request.param('id'));
  if (record === undefined && call.switches.deleteOfUnknownRecord === '404') throw notFound();
  if (record !== undefined) archiveContact(call, record);
  return empty(204);
}

export function archiveContact({ portal, now, switches }: Call, record: ContactRecord): void {
  portal.contacts.archive(record, now, portal.properties.unique, switches);
  portal.search.note(record, now);
}

/** By id, or by the property that `?idProperty=` names: the e-mail address or a unique property. */
function find(call: Call, isArchived: boolean): ContactRecord {
  const { request, portal, switches } = call;
  const id = request.param('id');
  const idProperty = request.query.get('idProperty');
  const record =
    idProperty === null || idProperty === 'hs_object_id'
      ? portal.contacts.find(id, isArchived)
      : findByProperty(call, idProperty, id);
  if (record === undefined) throw notFound();
  return record;

  function findByProperty(_call: Call, name: string, value: string): ContactRecord | undefined {
    if (name === 'email') return portal.contacts.findByEmail(value);
    if (portal.properties.find(name)?.hasUniqueValue !== true) throw notUnique(name, portal.id);
    return portal.contacts.findByUnique(name, value, switches);
  }
}

export function refuseAssociations(call: Call, input: Fields): void {
  if ((readList(call.request, input, 'associations') ?? []).length > 0) throw notEmulated('associations');
}

/** The caller's own id of a write comes back with its result. */
export function traceOf(input: Fields): { objectWriteTraceId?: string } {
  const trace = input['objectWriteTraceId'];
  return typeof trace === 'string' && trace !== '' ? { objectWriteTraceId: trace } : {};
}
