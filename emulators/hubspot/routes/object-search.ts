import { json } from '../../core/index.ts';
import type { Route } from '../../core/index.ts';
import { guardObjects } from '../guard.ts';
import { readObject } from '../input.ts';
import { runSearch } from '../objects/run-search.ts';
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
        const query = parseSearch(call, readObject(call.request));
        const { total, records } = runSearch(call, query);
        const end = query.offset + query.limit;
        return json(200, {
          total,
          results: records.map((record) => showRead(call, record, { properties: query.properties })),
          // Only `after`, no link (recorded).
          ...(end < total ? { paging: { next: { after: String(end) } } } : {}),
        });
      },
    },
  ]);
}
