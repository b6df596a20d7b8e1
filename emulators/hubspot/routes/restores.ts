import { empty, json } from '../../core/index.ts';
import type { Route } from '../../core/index.ts';
import { restoreRecord } from '../objects/restore-record.ts';
import { DEFAULT_PORTAL_ID } from '../state.ts';
import type { HubspotState } from '../state.ts';

/** `POST /_emulator/records/:type/:id/restore?portal=`: what only people can do in HubSpot. */
export const restoreAdminRoutes: readonly Route<HubspotState>[] = [
  {
    method: 'POST',
    path: '/records/:type/:id/restore',
    handle: (request, state) => {
      const portal = state.portals.get(Number(request.query.get('portal') ?? DEFAULT_PORTAL_ID));
      const type = portal?.types.find(request.param('type'));
      if (portal === undefined || type === undefined)
        return json(404, { message: 'there is no such portal or object type' });
      try {
        restoreRecord(state, portal, type.id, request.param('id'));
        return empty(204);
      } catch (error) {
        // What stands in the way is the tester's own doing: it is told plainly.
        if (error instanceof RangeError) return json(400, { message: error.message });
        throw error;
      }
    },
  },
];
