import type { Call } from '../call.ts';
import type { PropertyStore } from '../properties/property-store.ts';
import type { Version } from '../versions.ts';
import { CONTACTS } from './object-types.ts';
import type { ObjectType } from './object-types.ts';
import type { RecordStore } from './record-store.ts';

/** A call that is about records of one type. */
export interface ObjectCall extends Call {
  readonly type: ObjectType;
  readonly records: RecordStore;
  readonly properties: PropertyStore;
  readonly version: Version;
}

/** What is not a call of the objects API itself, a form or an import, writes by the rules of v3. */
export function toObjectCall(call: Call, type: ObjectType, version: Version = 'v3'): ObjectCall {
  return {
    ...call,
    type,
    records: call.portal.records(type.id),
    properties: call.portal.properties(type.id),
    version,
  };
}

/** Contacts are identified by their addresses too; every other record only by id and unique properties. */
export function hasEmailIdentity(type: ObjectType): boolean {
  return type.id === CONTACTS;
}
