import { z } from 'zod';
import { json } from '../../core/index.ts';
import type { EmulatorRequest, Reply, Route } from '../../core/index.ts';
import { DEFAULT_PORTAL_ID, DEFAULT_USER_ID } from '../state.ts';
import type { HubspotState } from '../state.ts';
import { DEFAULT_APP } from './app.ts';
import { grantReply } from './token-routes.ts';

export const consentSchema = z.strictObject({
  decision: z.enum(['ask', 'approve', 'deny']),
  portalId: z.int().positive().optional(),
});

const installSchema = z.strictObject({
  clientId: z.string().default(DEFAULT_APP.clientId),
  portalId: z.int().positive().default(DEFAULT_PORTAL_ID),
  scopes: z.array(z.string()).default(['oauth']),
});

const whichSchema = z.strictObject({
  appId: z.int().positive().default(DEFAULT_APP.appId),
  portalId: z.int().positive().default(DEFAULT_PORTAL_ID),
});

const revokeSchema = z.strictObject({ token: z.string().min(1) });

/** What a user of HubSpot does with an app by hand: agree to it, install it, remove it, take its token away. */
export const oauthAdminRoutes: readonly Route<HubspotState>[] = [
  admin('/oauth/consent', consentSchema, (consent, state) => {
    state.oauth.consent = consent;
    return json(200, consent);
  }),
  admin('/oauth/install', installSchema, ({ clientId, portalId, scopes }, state) => {
    const app = state.oauth.apps.get(clientId);
    const portal = state.portals.get(portalId);
    if (app === undefined) return json(400, { message: `there is no app with the client id ${clientId}` });
    if (portal === undefined) return json(400, { message: `there is no portal ${portalId}` });
    const { appId } = app;
    const grant = { clientId, appId, portalId, userId: DEFAULT_USER_ID, scopes };
    return grantReply(state, 'v3', state.oauth.install(grant, portal.hublet));
  }),
  admin('/oauth/uninstall', whichSchema, ({ appId, portalId }, state) =>
    state.oauth.uninstall(appId, portalId)
      ? json(200, { appId, portalId })
      : json(404, { message: `app ${appId} is not installed in portal ${portalId}` }),
  ),
  admin('/oauth/revoke', revokeSchema, ({ token }, state) =>
    state.oauth.revokeRefresh(token, state.switches.revokeEndsAccessTokens) || state.oauth.revokeAccess(token)
      ? json(200, { revoked: true })
      : json(404, { message: 'no such token' }),
  ),
];

function admin<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  act: (input: z.output<Schema>, state: HubspotState) => Reply,
): Route<HubspotState> {
  return {
    method: 'POST',
    path,
    handle: (request: EmulatorRequest, state) => {
      const input = schema.safeParse(request.body.length === 0 ? {} : request.json());
      return input.success ? act(input.data, state) : json(400, { message: z.prettifyError(input.error) });
    },
  };
}
