import { empty, json, Refused } from '../../core/index.ts';
import type { Reply, Route } from '../../core/index.ts';
import { errorReply, invalid, notFound } from '../errors.ts';
import { guard } from '../guard.ts';
import { readObject, readText } from '../input.ts';
import type { HubspotState } from '../state.ts';
import {
  holderOf,
  isPrivateDistribution,
  liveAccessToken,
  liveGrant,
  secondsLeft,
  signedAccessToken,
} from './token-info.ts';
import { authenticateApp, OAUTH_VERSIONS } from './token-routes.ts';

const CURRENT = OAUTH_VERSIONS.filter((version) => version !== 'v1');

/** What a token may do, and its end. The v1 calls need no login: the token in question speaks for itself. */
export function tokenInfoRoutes(): Route<HubspotState>[] {
  return [
    { method: 'POST', path: '/oauth/v2/private-apps/get/access-token-info', handle: privateAppInfo },
    {
      method: 'GET',
      path: '/oauth/v1/access-tokens/:token',
      handle: (request, state) => accessTokenInfo(request.param('token'), state),
    },
    {
      method: 'GET',
      path: '/oauth/v1/refresh-tokens/:token',
      handle: (request, state) => refreshTokenInfo(request.param('token'), state),
    },
    {
      method: 'DELETE',
      path: '/oauth/v1/refresh-tokens/:token',
      // Assumed to be as quiet about unknown tokens as RFC 7009 asks.
      handle: (request, state) => {
        state.oauth.revokeRefresh(request.param('token'), state.switches.revokeEndsAccessTokens);
        return empty(204);
      },
    },
    ...CURRENT.flatMap((version): Route<HubspotState>[] => [
      {
        method: 'POST',
        path: `/oauth/${version}/token/introspect`,
        handle: (request, state) => introspect(request.form(), state),
      },
      {
        method: 'POST',
        path: `/oauth/${version}/token/revoke`,
        handle: (request, state) => revoke(request.form(), state),
      },
    ]),
    ...['v3', '2026-03', '2026-09'].map((version) => uninstallRoute(version)),
  ];
}

const privateAppInfo: Route<HubspotState>['handle'] = (request, state) => {
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
};

function accessTokenInfo(text: string, state: HubspotState): Reply {
  const token = liveAccessToken(state, text);
  if (token === undefined) throw unknownToken('access');
  return json(200, {
    token: text,
    ...holderOf(state, token),
    scopes: [...token.scopes],
    signed_access_token: signedAccessToken(state, token),
    token_type: 'access',
    app_id: token.appId,
    expires_in: secondsLeft(state, token),
    is_private_distribution: isPrivateDistribution(state, token.appId),
  });
}

function refreshTokenInfo(text: string, state: HubspotState): Reply {
  const grant = liveGrant(state, text);
  if (grant === undefined) throw unknownToken('refresh');
  return json(200, {
    token: text,
    ...holderOf(state, grant),
    client_id: grant.clientId,
    scopes: [...grant.scopes],
    token_type: 'refresh',
  });
}

/** Wording assumed; the status is what a client sees for a token that is gone. */
function unknownToken(kind: 'access' | 'refresh'): Refused {
  return new Refused(
    errorReply(404, { message: `${kind} token does not exist`, category: 'OBJECT_NOT_FOUND' }),
  );
}

/** A token of another app is as inactive as one that never was. */
function introspect(fields: URLSearchParams, state: HubspotState): Reply {
  const app = authenticateApp(fields, state);
  const text = fields.get('token') ?? '';
  const access = liveAccessToken(state, text);
  if (access?.appId === app.appId) {
    return json(200, {
      active: true,
      token: text,
      token_type: 'bearer',
      token_use: 'access_token',
      ...holderOf(state, access),
      client_id: app.clientId,
      app_id: app.appId,
      scopes: [...access.scopes],
      expires_in: secondsLeft(state, access),
      is_private_distribution: app.isPrivateDistribution,
      signed_access_token: signedAccessToken(state, access),
    });
  }
  const grant = liveGrant(state, text);
  if (grant?.clientId === app.clientId) {
    return json(200, {
      active: true,
      token: text,
      token_type: 'refresh',
      token_use: 'refresh_token',
      ...holderOf(state, grant),
      client_id: app.clientId,
      app_id: app.appId,
      scopes: [...grant.scopes],
      is_private_distribution: app.isPrivateDistribution,
    });
  }
  const own = state.oauth.appTokens.get(text);
  if (own?.appId === app.appId && own.expiresAt > state.clock.now()) {
    return json(200, {
      active: true,
      token: text,
      token_type: 'bearer',
      token_use: 'client_credentials',
      client_id: app.clientId,
      app_id: app.appId,
      scopes: [...own.scopes],
      expires_in: secondsLeft(state, own),
      is_private_distribution: app.isPrivateDistribution,
    });
  }
  return json(200, { active: false });
}

/** 200 whether or not the token was known, as RFC 7009 asks; HubSpot's specification shows no other answer. */
function revoke(fields: URLSearchParams, state: HubspotState): Reply {
  const app = authenticateApp(fields, state);
  const text = fields.get('token') ?? '';
  if (liveGrant(state, text)?.clientId === app.clientId) {
    state.oauth.revokeRefresh(text, state.switches.revokeEndsAccessTokens);
  } else if (
    liveAccessToken(state, text)?.appId === app.appId ||
    state.oauth.appTokens.get(text)?.appId === app.appId
  ) {
    state.oauth.revokeAccess(text);
  }
  return empty(200);
}

function uninstallRoute(version: string): Route<HubspotState> {
  const path = `/appinstalls/${version}/external-install`;
  return {
    method: 'DELETE',
    path,
    handle: (request, state) =>
      guard({
        method: 'DELETE',
        path,
        scopes: ['oauth'],
        handle: ({ token }) => {
          // Only an app that was installed can leave; a private app's token is no install. Wording assumed.
          if (token.kind !== 'oauth')
            throw invalid('Only public apps can be uninstalled with this endpoint.');
          state.oauth.uninstall(token.appId, token.portalId);
          return empty(204);
        },
      }).handle(request, state),
  };
}
