import { json } from '../../core/index.ts';
import type { Route } from '../../core/index.ts';
import { guard } from '../guard.ts';
import { readObject } from '../input.ts';
import { requireContacts } from '../object-type.ts';
import { parseSearch } from '../search-query.ts';
import { showRead } from '../show-contact.ts';
import type { HubspotState } from '../state.ts';
import { pathOf } from '../versions.ts';
import type { Version } from '../versions.ts';
import { READ } from './contacts.ts';

/** Search looks at an index of its own, which lags behind. */
export function contactSearchRoutes(version: Version): Route<HubspotState>[] {
  return [
    guard({
      method: 'POST',
      path: `${pathOf(version, 'objects')}/:type/search`,
      scopes: READ,
      kind: 'search',
      handle: ({ request, portal, switches, now }) => {
        requireContacts(request);
        const { matches, compare, offset, limit, properties } = parseSearch(
          request,
          readObject(request),
          portal,
        );
        const found = portal.search.contacts(now - switches.searchLagMs).filter(matches);
        if (compare !== undefined) found.sort(compare);
        const end = offset + limit;
        return json(200, {
          total: found.length,
          results: found.slice(offset, end).map((record) => showRead(record, portal, properties)),
          // Only `after`, no link (recorded).
          ...(end < found.length ? { paging: { next: { after: String(end) } } } : {}),
        });
      },
    }),
  ];
}
