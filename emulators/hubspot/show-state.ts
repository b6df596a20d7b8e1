import { valueOf } from './computed.ts';
import type { ContactRecord } from './contact-record.ts';
import type { HubspotState } from './state.ts';

// Enough to look at by eye; tests page with `after`, or use the API.
const CONTACTS_DEFAULT = 100;

/**
 * `GET /_emulator/state`: portals with their newest settings and contacts. `?portal=`, `?email=` (any of a
 * contact's addresses), `?after=` and `?limit=` choose. Values are the written ones, without the computed.
 */
export function showState(state: HubspotState, query: URLSearchParams): unknown {
  const portalId = query.get('portal');
  const email = query.get('email');
  const limit = Number(query.get('limit') ?? CONTACTS_DEFAULT);
  return {
    switches: state.switches,
    portals: [...state.portals.values()]
      .filter(({ id }) => portalId === null || String(id) === portalId)
      .map((portal) => {
        const one = email === null ? undefined : portal.contacts.findByEmail(email);
        const contacts =
          email === null
            ? portal.contacts.page(query.get('after') ?? '0', limit, false).records
            : one === undefined
              ? []
              : [one];
        return {
          portalId: portal.id,
          plan: portal.plan,
          addOn: portal.hasAddOn,
          contactCount: portal.contacts.all().filter(({ archivedAt }) => archivedAt === undefined).length,
          customProperties: portal.properties.list(false).filter(({ hubspotDefined }) => !hubspotDefined),
          contacts: contacts.map(showContact),
          usedToday: portal.usage.calls,
        };
      }),
  };
}

function showContact(record: ContactRecord): Record<string, unknown> {
  return {
    id: record.id,
    properties: record.values,
    createdAt: valueOf(record, 'createdate'),
    updatedAt: valueOf(record, 'lastmodifieddate'),
  };
}
