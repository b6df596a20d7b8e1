import { json } from '../../core/index.ts';
import type { Reply, Route } from '../../core/index.ts';
import type { HubspotState } from '../state.ts';

// The smallest transparent GIF.
const GIF = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

/** What a page with HubSpot's script asks of its hosts: page views, clicks, the older event call, the loader. */
export function browserRoutes(): Route<HubspotState>[] {
  const pixels = ['/__ptq.gif', '/__ptc.gif', '/v1/event'].map((path): Route<HubspotState> => ({
    method: 'GET',
    path,
    handle: (request, state) => {
      const at = new Date(request.at).toISOString();
      state.pixels.add({ at, path, query: Object.fromEntries(request.query) });
      return {
        status: 200,
        headers: { 'content-type': 'image/gif', 'cache-control': 'no-store' },
        body: GIF,
      };
    },
  }));
  return [...pixels, { method: 'GET', path: '/:file', handle: loader }];
}

/** `/{portal}.js`: a loader that loads nothing, so that a page works without HubSpot's scripts. */
const loader: Route<HubspotState>['handle'] = (request, state): Reply => {
  const portalId = /^(\d+)\.js$/.exec(request.param('file'))?.[1];
  if (portalId === undefined || !state.portals.has(Number(portalId))) {
    return json(404, { status: 'error', message: 'resource not found' });
  }
  return {
    status: 200,
    headers: { 'content-type': 'application/javascript;charset=utf-8' },
    body: `// HubSpot emulator: the loader of account ${portalId}. It loads nothing.\nwindow._hsq = window._hsq || [];\n`,
  };
};

export const pixelAdminRoute: Route<HubspotState> = {
  method: 'GET',
  path: '/pixels',
  handle: (_request, state) => json(200, { hits: state.pixels.hits }),
};
