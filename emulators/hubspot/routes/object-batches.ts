import { empty } from '../../core/index.ts';
import type { Reply, Route } from '../../core/index.ts';
import { duplicateIds, invalid, notUnique } from '../errors.ts';
import { guardObjects } from '../guard.ts';
import { readInputs, readList, readObject, readText, readTexts } from '../input.ts';
import type { Fields } from '../input.ts';
import { archiveRecord } from '../objects/archive-record.ts';
import { runBatch } from '../objects/batch.ts';
import type { BatchRow } from '../objects/batch.ts';
import { hasEmailIdentity } from '../objects/object-call.ts';
import type { ObjectCall } from '../objects/object-call.ts';
import type { ObjectRecord } from '../objects/object-record.ts';
import { toUniqueKey } from '../objects/record-store.ts';
import { showCreated, showRead, showUpdated } from '../objects/show-record.ts';
import { checkValue, toEmail } from '../objects/value-rules.ts';
import { checkCreation, checkUpdate, readProperties } from '../objects/write-record.ts';
import type { HubspotState } from '../state.ts';
import { pathOf } from '../versions.ts';
import type { Version } from '../versions.ts';
import { refuseReadOnly, requireIdentity, traceOf } from './objects.ts';

/** Records by the hundred. */
export function objectBatchRoutes(version: Version): Route<HubspotState>[] {
  const path = (operation: string): string => `${pathOf(version, 'objects')}/:type/batch/${operation}`;
  return guardObjects(version, [
    { method: 'POST', path: path('create'), access: 'write', handle: create },
    { method: 'POST', path: path('read'), access: 'read', handle: read },
    { method: 'POST', path: path('update'), access: 'write', handle: update },
    { method: 'POST', path: path('upsert'), access: 'write', handle: upsert },
    { method: 'POST', path: path('archive'), access: 'write', handle: archive },
  ]);
}

function create(call: ObjectCall): Reply {
  refuseReadOnly(call);
  const rows = readInputs(call.request, readObject(call.request)).map((input): BatchRow => {
    const properties = readProperties(call, input);
    const associations = readList(call.request, input, 'associations') ?? [];
    return {
      ...traceOf(input),
      check: () => checkCreation(call, properties, associations),
      show: (record, write) => showCreated(call, record, write.echo, traceOf(input)),
    };
  });
  return runBatch(call, { whole: 201, rows, needsTraceIds: true });
}

function update(call: ObjectCall): Reply {
  refuseReadOnly(call);
  const inputs = readInputs(call.request, readObject(call.request));
  const idProperty = commonIdProperty(call, inputs);
  // Not even the address of a contact will do here (recorded).
  if (idProperty !== undefined && call.properties.find(idProperty)?.hasUniqueValue !== true)
    throw notUnique(call.type, idProperty, call.portal.id);
  const found = resolve(call, inputs, idProperty);
  const rows = found.map(({ input, id, record }): BatchRow => {
    const properties = readProperties(call, input);
    if (record === undefined) return { ...traceOf(input), missingId: id };
    return {
      ...traceOf(input),
      check: () => checkUpdate(call, record, properties),
      show: (changed, write) => showUpdated(call, changed, write.touched, write.echo, traceOf(input)),
    };
  });
  return runBatch(call, {
    whole: 200,
    rows,
    needsTraceIds: call.switches.partialWritesNeedTraceIds,
  });
}

function upsert(call: ObjectCall): Reply {
  refuseReadOnly(call);
  const inputs = readInputs(call.request, readObject(call.request));
  const idProperty = commonIdProperty(call, inputs);
  if (idProperty === undefined)
    throw invalid('Upserts in a single batch must specify its unique property using idProperty');
  requireIdentity(call, idProperty);
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
          ? showCreated(call, written, write.echo, { ...traceOf(input), new: true })
          : showUpdated(call, written, write.touched, write.echo, { ...traceOf(input), new: false }),
    };
  });
  return runBatch(call, {
    whole: 200,
    rows,
    needsTraceIds: call.switches.partialWritesNeedTraceIds,
  });
}

function read(call: ObjectCall): Reply {
  const { request, records } = call;
  const body = readObject(request);
  const withHistory = readTexts(request, body, 'propertiesWithHistory') ?? [];
  const inputs =
    withHistory.length === 0
      ? readInputs(request, body)
      : readInputs(request, body, call.switches.batchReadsWithHistoryMax);
  const idProperty = readText(request, body, 'idProperty');
  const isById = idProperty === undefined || idProperty === 'hs_object_id';
  if (!isById) requireIdentity(call, idProperty);
  const isArchived = request.query.get('archived') === 'true';
  const asked = { properties: readTexts(request, body, 'properties') ?? [], withHistory };
  const ids = inputs.map((input) => idOf(call, input));
  const keys = ids.map((id) => toKey(call, isById ? undefined : idProperty, id));
  const repeated = ids.filter((_id, index) => keys.indexOf(keys[index] ?? '') < index);
  if (repeated.length > 0 && call.switches.duplicateIdsInBatchRead === 'refuse') throw duplicateIds(repeated);
  const found = new Set<ObjectRecord>();
  const missing: string[] = [];
  for (const id of ids) {
    const record = isById
      ? records.find(id, isArchived)
      : records.findByUnique(idProperty, id, call.switches);
    if (record === undefined) missing.push(id);
    else found.add(record);
  }
  const rows: BatchRow[] = missing.map((missingId) => ({ missingId }));
  const results = [...found].map((record) => showRead(call, record, asked));
  return runBatch(call, { whole: 200, rows, needsTraceIds: false, results });
}

function archive(call: ObjectCall): Reply {
  refuseReadOnly(call);
  const ids = readInputs(call.request, readObject(call.request)).map((input) => idOf(call, input));
  refuseRepeated(ids, ids);
  for (const id of ids) {
    const record = call.records.find(id);
    if (record !== undefined) archiveRecord(call, record);
  }
  return empty(204);
}

interface Resolved {
  readonly input: Fields;
  readonly id: string;
  readonly record: ObjectRecord | undefined;
}

/** Finds the record of each input; two inputs with one record, or one new value, refuse the whole batch. */
function resolve(call: ObjectCall, inputs: readonly Fields[], idProperty: string | undefined): Resolved[] {
  const found = inputs.map((input) => {
    const id = idOf(call, input);
    const record =
      idProperty === undefined
        ? call.records.find(id)
        : call.records.findByUnique(idProperty, id, call.switches);
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
function commonIdProperty(call: ObjectCall, inputs: readonly Fields[]): string | undefined {
  const names = new Set(inputs.map((input) => readText(call.request, input, 'idProperty')));
  const [name] = names;
  if (names.size > 1)
    throw invalid('Upserts in a single batch must specify its unique property using idProperty');
  return name;
}

function toKey(call: ObjectCall, property: string | undefined, id: string): string {
  if (property === undefined) return id;
  return property === 'email' && hasEmailIdentity(call.type) ? toEmail(id) : toUniqueKey(id, call.switches);
}

function idOf(call: ObjectCall, input: Fields): string {
  const id = readText(call.request, input, 'id');
  if (id === undefined || id === '') throw invalid('Some required fields were not set: [id]');
  return id;
}

/** The words that upsert has for a wrong address in `id`. */
function refuseWrongEmail(call: ObjectCall, idProperty: string, id: string): void {
  if (idProperty !== 'email' || !hasEmailIdentity(call.type)) return;
  const email = call.properties.find('email');
  if (email === undefined) return;
  if ('fault' in checkValue(email, id, undefined, call.switches)) {
    throw invalid(`Property value "${id}" is not a valid email`);
  }
}
