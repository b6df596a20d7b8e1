import { json, Refused } from '../../core/index.ts';
import type { Route } from '../../core/index.ts';
import { errorReply, invalid, notFound } from '../errors.ts';
import { readObject, readText } from '../input.ts';
import { getPortal } from '../state.ts';
import type { HubspotState } from '../state.ts';

/** What a token may do. Neither call needs a bearer token: the token in question speaks for itself. */
export function tokenRoutes(): Route<HubspotState>[] {
  return [
    {
      method: 'POST',
      path: '/oauth/v2/private-apps/get/access-token-info',
      handle: (request, state) => {
        const key = readText(request, readObject(request), 'tokenKey');
        if (key === undefined) throw invalid('Some required fields were not set: [tokenKey]');
        const token = state.tokens.get(key);
        if (token === undefined || token.isRevoked || token.kind !== 'private') throw notFound();
        return json(200, {
          userId: token.userId,
          hubId: token.portalId,
          appId: token.appId,
          scopes: [...token.scopes],
        });
      },
    },
    {
      method: 'GET',
      path: '/oauth/v1/access-tokens/:token',
      handle: (request, state) => {
        const key = request.param('token');
        const token = state.tokens.get(key);
        const now = state.clock.now();
        const isAlive = token !== undefined && !token.isRevoked && (token.expiresAt ?? Infinity) > now;
        if (!isAlive || token.kind !== 'oauth') {
          throw new Refused(
            errorReply(404, { message: 'access token does not exist', category: 'OBJECT_NOT_FOUND' }),
          );
        }
        const portal = getPortal(state, token.portalId);
        return json(200, {
          token: key,
          user: `user-${token.userId}@example.com`,
          hub_domain: `portal-${portal.id}.example.com`,
          scopes: [...token.scopes],
          token_type: 'access',
          user_id: token.userId,
          hub_id: portal.id,
          app_id: token.appId,
          expires_in: token.expiresAt === undefined ? 0 : Math.floor((token.expiresAt - now) / 1_000),
          is_private_distribution: false,
        });
      },
    },
  ];
}
