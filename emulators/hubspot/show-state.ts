import { valueOf } from './objects/computed.ts';
import type { ObjectRecord } from './objects/object-record.ts';
import { CONTACTS } from './objects/object-types.ts';
import type { ObjectType } from './objects/object-types.ts';
import type { Portal } from './portal.ts';
import type { HubspotState } from './state.ts';

// Enough to look at by eye; tests page with `after`, or use the API.
const RECORDS_DEFAULT = 100;

/**
 * `GET /_emulator/state`: portals with their newest settings and contacts, or with the `records` of another
 * `?type=`. `?portal=`, `?email=` (any of a contact's addresses), `?id=`, `?archived=true`, `?after=` and `?limit=`
 * choose. Values are the written ones, without the computed.
 */
export function showState(state: HubspotState, query: URLSearchParams): unknown {
  const portalId = query.get('portal');
  return {
    switches: state.switches,
    portals: [...state.portals.values()]
      .filter(({ id }) => portalId === null || String(id) === portalId)
      .map((portal) => showPortal(portal, query)),
  };
}

function showPortal(portal: Portal, query: URLSearchParams): Record<string, unknown> {
  const type = portal.types.find(query.get('type') ?? CONTACTS);
  const records =
    type === undefined ? [] : chooseRecords(portal, type, query).map((one) => show(one, type, portal));
  return {
    portalId: portal.id,
    plan: portal.plan,
    addOn: portal.hasAddOn,
    contactCount: portal.records(CONTACTS).liveCount,
    recordCounts: Object.fromEntries(
      portal.types
        .all()
        .map(({ id, plural }) => [plural, portal.records(id).liveCount] as const)
        .filter(([, count]) => count > 0),
    ),
    customProperties: (type === undefined ? [] : portal.properties(type.id).list(false)).filter(
      ({ hubspotDefined }) => !hubspotDefined,
    ),
    ...(query.has('type') ? { records } : { contacts: records }),
    usedToday: portal.usage.calls,
  };
}

function chooseRecords(portal: Portal, { id: typeId }: ObjectType, query: URLSearchParams): ObjectRecord[] {
  const store = portal.records(typeId);
  const isArchived = query.get('archived') === 'true';
  const [id, email] = [query.get('id'), query.get('email')];
  if (id !== null || email !== null) {
    const one = id === null ? store.findByEmail(email ?? '') : store.find(id, isArchived);
    return one === undefined ? [] : [one];
  }
  return store.page(query.get('after') ?? '0', Number(query.get('limit') ?? RECORDS_DEFAULT), isArchived)
    .records;
}

function show(record: ObjectRecord, type: ObjectType, portal: Portal): Record<string, unknown> {
  return {
    id: record.id,
    properties: record.values,
    createdAt: valueOf(record, type.createdProperty, type, portal),
    updatedAt: valueOf(record, type.modifiedProperty, type, portal),
  };
}
