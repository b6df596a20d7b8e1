import { empty } from '../../core/index.ts';
import type { Reply, Route } from '../../core/index.ts';
import { runBatch } from '../batch.ts';
import type { BatchRow } from '../batch.ts';
import type { ContactRecord } from '../contact-record.ts';
import { toUniqueKey } from '../contact-store.ts';
import { duplicateIds, invalid, notUnique } from '../errors.ts';
import { guardContacts } from '../guard.ts';
import type { Call, GuardedRoute } from '../guard.ts';
import { readInputs, readObject, readText, readTexts } from '../input.ts';
import type { Fields } from '../input.ts';
import { showCreated, showRead, showUpdated } from '../show-contact.ts';
import type { HubspotState } from '../state.ts';
import { checkValue, toEmail } from '../value-rules.ts';
import { pathOf } from '../versions.ts';
import type { Version } from '../versions.ts';
import { checkCreation, checkUpdate, readProperties } from '../write-contact.ts';
import { archiveContact, READ, refuseAssociations, traceOf, WRITE } from './contacts.ts';

/** Contacts by the hundred. */
export function contactBatchRoutes(version: Version): Route<HubspotState>[] {
  const path = (operation: string): string => `${pathOf(version, 'objects')}/:type/batch/${operation}`;
  const routes: GuardedRoute[] = [
    { method: 'POST', path: path('create'), scopes: WRITE, handle: (call) => create(call, version) },
    { method: 'POST', path: path('read'), scopes: READ, handle: (call) => read(call, version) },
    { method: 'POST', path: path('update'), scopes: WRITE, handle: (call) => update(call, version) },
    { method: 'POST', path: path('upsert'), scopes: WRITE, handle: (call) => upsert(call, version) },
    { method: 'POST', path: path('archive'), scopes: WRITE, handle: archive },
  ];
  return guardContacts(routes);
}

function create(call: Call, version: Version): Reply {
  const rows = readInputs(call.request, readObject(call.request)).map((input): BatchRow => {
    refuseAssociations(call, input);
    const properties = readProperties(call, input);
    return {
      ...traceOf(input),
      check: () => checkCreation(call, properties),
      show: (record) => showCreated(record, call.portal, traceOf(input)),
    };
  });
  return runBatch(call, version, { whole: 201, rows, needsTraceIds: true });
}

function update(call: Call, version: Version): Reply {
  const inputs = readInputs(call.request, readObject(call.request));
  const idProperty = commonIdProperty(call, inputs);
  if (idProperty !== undefined && !isUnique(call, idProperty)) throw notUnique(idProperty, call.portal.id);
  const found = resolve(call, inputs, idProperty);
  const rows = found.map(({ input, id, record }): BatchRow => {
    const properties = readProperties(call, input);
    if (record === undefined) return { ...traceOf(input), missingId: id };
    return {
      ...traceOf(input),
      check: () => checkUpdate(call, record, properties),
      show: (changed, write) => showUpdated(changed, call.portal, write.touched, traceOf(input)),
    };
  });
  return runBatch(call, version, {
    whole: 200,
    rows,
    needsTraceIds: call.switches.partialWritesNeedTraceIds,
  });
}

function upsert(call: Call, version: Version): Reply {
  const inputs = readInputs(call.request, readObject(call.request));
  const idProperty = commonIdProperty(call, inputs);
  if (idProperty === undefined)
    throw invalid('Upserts in a single batch must specify its unique property using idProperty');
  if (idProperty !== 'email' && !isUnique(call, idProperty)) throw notUnique(idProperty, call.portal.id);
  const found = resolve(call, inputs, idProperty);
  const rows = found.map(({ input, id, record }): BatchRow => {
    const properties = readProperties(call, input);
    return {
      ...traceOf(input),
      check: () => {
        if (record !== undefined) return checkUpdate(call, record, properties);
        refuseWrongEmail(call, idProperty, id);
        const isFilled = properties[idProperty] !== undefined || !call.switches.upsertFillsIdProperty;
        return checkCreation(call, isFilled ? properties : { ...properties, [idProperty]: id });
      },
      show: (written, write) =>
        record === undefined
          ? showCreated(written, call.portal, { ...traceOf(input), new: true })
          : showUpdated(written, call.portal, write.touched, { ...traceOf(input), new: false }),
    };
  });
  return runBatch(call, version, {
    whole: 200,
    rows,
    needsTraceIds: call.switches.partialWritesNeedTraceIds,
  });
}

function read(call: Call, version: Version): Reply {
  const { request, portal } = call;
  const body = readObject(request);
  const inputs = readInputs(request, body);
  const idProperty = readText(request, body, 'idProperty');
  const isById = idProperty === undefined || idProperty === 'hs_object_id';
  if (!isById && idProperty !== 'email' && !isUnique(call, idProperty))
    throw notUnique(idProperty, portal.id);
  const isArchived = request.query.get('archived') === 'true';
  const names = readTexts(request, body, 'properties') ?? [];
  const history = readTexts(request, body, 'propertiesWithHistory') ?? [];
  const ids = inputs.map((input) => idOf(call, input));
  const keys = ids.map((id) => toKey(call, isById ? undefined : idProperty, id));
  const repeated = ids.filter((_id, index) => keys.indexOf(keys[index] ?? '') < index);
  if (repeated.length > 0 && call.switches.duplicateIdsInBatchRead === 'refuse') throw duplicateIds(repeated);
  const records = new Set<ContactRecord>();
  const missing: string[] = [];
  for (const id of ids) {
    const record = isById ? portal.contacts.find(id, isArchived) : findBy(call, idProperty, id);
    if (record === undefined) missing.push(id);
    else records.add(record);
  }
  const rows: BatchRow[] = missing.map((missingId) => ({ missingId }));
  const results = [...records].map((record) => showRead(record, portal, names, history));
  return runBatch(call, version, { whole: 200, rows, needsTraceIds: false, results });
}

function archive(call: Call): Reply {
  const ids = readInputs(call.request, readObject(call.request)).map((input) => idOf(call, input));
  refuseRepeated(ids, ids);
  for (const id of ids) {
    const record = call.portal.contacts.find(id);
    if (record !== undefined) archiveContact(call, record);
  }
  return empty(204);
}

interface Resolved {
  readonly input: Fields;
  readonly id: string;
  readonly record: ContactRecord | undefined;
}

/** Finds the record of each input; two inputs with one record, or one new value, refuse the whole batch. */
function resolve(call: Call, inputs: readonly Fields[], idProperty: string | undefined): Resolved[] {
  const found = inputs.map((input) => {
    const id = idOf(call, input);
    const record = idProperty === undefined ? call.portal.contacts.find(id) : findBy(call, idProperty, id);
    return { input, id, record };
  });
  refuseRepeated(
    found.map(({ id, record }) => (record === undefined ? `?${toKey(call, idProperty, id)}` : record.id)),
    found.map(({ id }) => id),
  );
  return found;
}

function refuseRepeated(keys: readonly string[], ids: readonly string[]): void {
  const seen = new Set<string>();
  const repeated = ids.filter((_id, index) => {
    const key = keys[index] ?? '';
    const isRepeated = seen.has(key);
    seen.add(key);
    return isRepeated;
  });
  if (repeated.length > 0) throw duplicateIds(repeated);
}

/** All inputs of a batch name the same property. */
function commonIdProperty(call: Call, inputs: readonly Fields[]): string | undefined {
  const names = new Set(inputs.map((input) => readText(call.request, input, 'idProperty')));
  const [name] = names;
  if (names.size > 1)
    throw invalid('Upserts in a single batch must specify its unique property using idProperty');
  return name;
}

function isUnique(call: Call, name: string): boolean {
  return call.portal.properties.find(name)?.hasUniqueValue === true;
}

function findBy(call: Call, property: string, value: string): ContactRecord | undefined {
  return property === 'email'
    ? call.portal.contacts.findByEmail(value)
    : call.portal.contacts.findByUnique(property, value, call.switches);
}

function toKey(call: Call, property: string | undefined, id: string): string {
  if (property === undefined) return id;
  return property === 'email' ? toEmail(id) : toUniqueKey(id, call.switches);
}

function idOf(call: Call, input: Fields): string {
  const id = readText(call.request, input, 'id');
  if (id === undefined || id === '') throw invalid('Some required fields were not set: [id]');
  return id;
}

/** The words that upsert has for a wrong address in `id`. */
function refuseWrongEmail(call: Call, idProperty: string, id: string): void {
  if (idProperty !== 'email') return;
  const email = call.portal.properties.find('email');
  if (email === undefined) return;
  if ('fault' in checkValue(email, id, undefined, call.switches)) {
    throw invalid(`Property value "${id}" is not a valid email`);
  }
}
