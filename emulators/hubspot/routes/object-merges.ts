import { empty, json } from '../../core/index.ts';
import type { Reply, Route } from '../../core/index.ts';
import { invalid } from '../errors.ts';
import { guardObjects } from '../guard.ts';
import { readObject, readText } from '../input.ts';
import { forgetRecord } from '../objects/forget-record.ts';
import { mergeRecords } from '../objects/merge-records.ts';
import type { ObjectCall } from '../objects/object-call.ts';
import { CONTACTS } from '../objects/object-types.ts';
import { showCreated } from '../objects/show-record.ts';
import { checkValue } from '../objects/value-rules.ts';
import type { HubspotState } from '../state.ts';
import { pathOf } from '../versions.ts';
import type { Version } from '../versions.ts';
import { refuseReadOnly, requireIdentity } from './objects.ts';

/** What ends a record for good: it goes into another, or is forgotten. */
export function objectMergeRoutes(version: Version): Route<HubspotState>[] {
  const base = `${pathOf(version, 'objects')}/:type`;
  return guardObjects(version, [
    { method: 'POST', path: `${base}/merge`, access: 'write', handle: merge },
    { method: 'POST', path: `${base}/gdpr-delete`, access: 'write', handle: forget },
  ]);
}

function merge(call: ObjectCall): Reply {
  refuseReadOnly(call);
  const [primaryId, otherId] = [need(call, 'primaryObjectId'), need(call, 'objectIdToMerge')];
  return json(200, showCreated(call, mergeRecords(call, primaryId, otherId), {}));
}

function forget(call: ObjectCall): Reply {
  const { type, records, properties, request, switches } = call;
  if (type.id !== CONTACTS) throw invalid(`GDPR deletes are not supported for objects of type ${type.id}`);
  const objectId = need(call, 'objectId');
  const idProperty = readText(request, readObject(request), 'idProperty') ?? 'hs_object_id';
  const isById = idProperty === 'hs_object_id';
  if (!isById) requireIdentity(call, idProperty);
  const record = isById
    ? (records.findMerged(objectId) ?? records.find(objectId, true))
    : records.findByUnique(idProperty, objectId, switches);
  if (record !== undefined) forgetRecord(call, record);
  else if (idProperty === 'email') {
    // Documented: an address that nobody has is barred all the same.
    const email = properties.find('email');
    const checked = email === undefined ? undefined : checkValue(email, objectId, undefined, switches);
    if (checked === undefined || 'fault' in checked)
      throw invalid(`Property value "${objectId}" is not a valid email`);
    records.bar(checked.value);
  }
  // An id that leads nowhere is taken to be gone already.
  return empty(204);
}

function need({ request }: ObjectCall, key: string): string {
  const value = readText(request, readObject(request), key);
  if (value === undefined || value === '') throw invalid(`Some required fields were not set: [${key}]`);
  return value;
}
