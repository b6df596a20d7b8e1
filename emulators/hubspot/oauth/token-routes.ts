import { createHash } from 'node:crypto';
import { json } from '../../core/index.ts';
import type { EmulatorRequest, Reply, Route } from '../../core/index.ts';
import { getPortal } from '../state.ts';
import type { HubspotState } from '../state.ts';
import type { App } from './app.ts';
import { mayAskFor } from './app.ts';
import { tokenRefused } from './oauth-errors.ts';
import { ACCESS_TOKEN_LIFE_MS } from './oauth-state.ts';
import type { Grant } from './oauth-state.ts';

/** The dated paths are v3 under another name; v1 answers less and takes its fields from the address too. */
export const OAUTH_VERSIONS = ['v1', 'v3', '2026-03', '2026-09'] as const;
export type OAuthVersion = (typeof OAUTH_VERSIONS)[number];

const EXPIRES_IN_S = ACCESS_TOKEN_LIFE_MS / 1_000;

/** `POST /oauth/{version}/token`. */
export function tokenRoutes(): Route<HubspotState>[] {
  return OAUTH_VERSIONS.map((version) => ({
    method: 'POST',
    path: `/oauth/${version}/token`,
    handle: (request, state) => exchange(readFields(request, version), version, state),
  }));
}

function readFields(request: EmulatorRequest, version: OAuthVersion): URLSearchParams {
  if (version !== 'v1') return request.form();
  const fields = new URLSearchParams(request.query);
  if (request.body.length > 0) for (const [name, value] of request.form()) fields.set(name, value);
  return fields;
}

function exchange(fields: URLSearchParams, version: OAuthVersion, state: HubspotState): Reply {
  switch (fields.get('grant_type') ?? '') {
    case 'authorization_code':
      return grantReply(state, version, redeemCode(fields, state));
    case 'refresh_token':
      return grantReply(state, version, refresh(fields, state));
    case 'client_credentials':
      // v1 is documented with the two grants above only.
      if (version !== 'v1') return clientCredentials(fields, state);
  }
  throw tokenRefused('BAD_GRANT_TYPE', state.switches);
}

export function authenticateApp(fields: URLSearchParams, state: HubspotState): App {
  const app = state.oauth.apps.get(fields.get('client_id') ?? '');
  if (app === undefined) throw tokenRefused('BAD_CLIENT_ID', state.switches);
  if (app.clientSecret !== fields.get('client_secret')) {
    throw tokenRefused('BAD_CLIENT_SECRET', state.switches);
  }
  return app;
}

function redeemCode(fields: URLSearchParams, state: HubspotState): Grant {
  const app = authenticateApp(fields, state);
  const code = state.oauth.takeCode(fields.get('code') ?? '');
  if (code === undefined || code.clientId !== app.clientId) {
    throw tokenRefused('BAD_AUTH_CODE', state.switches);
  }
  if (code.redirectUri !== fields.get('redirect_uri')) {
    throw tokenRefused('BAD_REDIRECT_URI', state.switches);
  }
  if (code.challenge !== undefined) {
    const hash = createHash('sha256').update(fields.get('code_verifier') ?? '');
    if (hash.digest('base64url') !== code.challenge) throw tokenRefused('BAD_AUTH_CODE', state.switches);
  }
  const { portalId, userId, scopes } = code;
  return state.oauth.install(
    { clientId: app.clientId, appId: app.appId, portalId, userId, scopes },
    getPortal(state, portalId).hublet,
  );
}

function refresh(fields: URLSearchParams, state: HubspotState): Grant {
  const app = authenticateApp(fields, state);
  const grant = state.oauth.grantOf(fields.get('refresh_token') ?? '');
  if (grant === undefined || grant.clientId !== app.clientId) {
    throw tokenRefused('BAD_REFRESH_TOKEN', state.switches);
  }
  if (state.switches.refreshToken === 'repeat') return grant;
  return state.oauth.rotate(grant, getPortal(state, grant.portalId).hublet);
}

export function grantReply(state: HubspotState, version: OAuthVersion, grant: Grant): Reply {
  const { token } = state.oauth.issueAccess(grant);
  const common = {
    token_type: 'bearer',
    refresh_token: grant.refreshToken,
    access_token: token,
    expires_in: EXPIRES_IN_S,
  };
  if (version === 'v1') return unstored(common);
  return unstored({
    ...common,
    hub_id: grant.portalId,
    user_id: grant.userId,
    scopes: [...grant.scopes],
    token_use: 'access_token',
  });
}

function clientCredentials(fields: URLSearchParams, state: HubspotState): Reply {
  const app = authenticateApp(fields, state);
  const scopes = (fields.get('scope') ?? '').split(/\s+/).filter((scope) => scope !== '');
  if (scopes.length === 0 || scopes.some((scope) => !mayAskFor(app, scope))) {
    throw tokenRefused('BAD_SCOPE', state.switches);
  }
  const { token } = state.oauth.issueAppToken(app.appId, scopes);
  return unstored({
    token_type: 'bearer',
    access_token: token,
    expires_in: EXPIRES_IN_S,
    scopes,
    token_use: 'client_credentials',
  });
}

function unstored(body: unknown): Reply {
  return json(200, body, { 'cache-control': 'no-store' });
}
