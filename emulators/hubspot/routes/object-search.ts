import { json } from '../../core/index.ts';
import type { Route } from '../../core/index.ts';
import { guardObjects } from '../guard.ts';
import { readObject } from '../input.ts';
import { parseSearch } from '../objects/search-query.ts';
import { showRead } from '../objects/show-record.ts';
import type { HubspotState } from '../state.ts';
import { pathOf } from '../versions.ts';
import type { Version } from '../versions.ts';

/** Search looks at an index of its own, which lags behind. */
export function objectSearchRoutes(version: Version): Route<HubspotState>[] {
  return guardObjects(version, [
    {
      method: 'POST',
      path: `${pathOf(version, 'objects')}/:type/search`,
      access: 'read',
      kind: 'search',
      handle: (call) => {
        const { portal, type, switches, now, request } = call;
        const { matches, compare, offset, limit, properties } = parseSearch(call, readObject(request));
        const found = portal
          .search(type.id)
          .records(now - switches.searchLagMs)
          .filter(matches);
        if (compare !== undefined) found.sort(compare);
        const end = offset + limit;
        return json(200, {
          total: found.length,
          results: found.slice(offset, end).map((record) => showRead(call, record, { properties })),
          // Only `after`, no link (recorded).
          ...(end < found.length ? { paging: { next: { after: String(end) } } } : {}),
        });
      },
    },
  ]);
}
