import { getPortal } from '../state.ts';
import type { HubspotState } from '../state.ts';
import type { Token } from '../token.ts';
import type { Grant } from './oauth-state.ts';

/** Who is behind a token, in the words that all info calls share. */
export function holderOf(
  state: HubspotState,
  holder: { readonly portalId: number; readonly userId: number },
): Readonly<Record<string, unknown>> {
  const portal = getPortal(state, holder.portalId);
  return {
    user: `user-${holder.userId}@example.com`,
    hub_domain: `portal-${portal.id}.example.com`,
    user_id: holder.userId,
    hub_id: portal.id,
  };
}

/** The access token when it works at this moment. */
export function liveAccessToken(state: HubspotState, text: string): Token | undefined {
  const token = state.tokens.get(text);
  if (token === undefined || token.isRevoked || token.kind !== 'oauth') return undefined;
  return (token.expiresAt ?? Infinity) > state.clock.now() ? token : undefined;
}

export function liveGrant(state: HubspotState, text: string): Grant | undefined {
  return state.oauth.grantOf(text);
}

export function secondsLeft(state: HubspotState, token: { readonly expiresAt: number | undefined }): number {
  return token.expiresAt === undefined ? 0 : Math.floor((token.expiresAt - state.clock.now()) / 1_000);
}

export function isPrivateDistribution(state: HubspotState, appId: number): boolean {
  return state.oauth.appById(appId)?.isPrivateDistribution ?? false;
}

/** The token as HubSpot's own services see it; its keys are as recorded, the packed values are not decodable. */
export function signedAccessToken(state: HubspotState, token: Token): Readonly<Record<string, unknown>> {
  const packed = Buffer.from([...token.scopes].join(' ')).toString('base64');
  return {
    expiresAt: token.expiresAt ?? 0,
    scopes: packed,
    hubId: token.portalId,
    userId: token.userId,
    appId: token.appId,
    signature: Buffer.from(token.token.slice(0, 20)).toString('base64'),
    newSignature: Buffer.from(token.token.slice(-32)).toString('base64'),
    scopeToScopeGroupPks: '',
    trialScopes: '',
    trialScopeToScopeGroupPks: '',
    hublet: getPortal(state, token.portalId).hublet,
    isUserLevel: false,
    installingUserId: token.userId,
    isServiceAccount: false,
    isPrivateDistribution: isPrivateDistribution(state, token.appId),
  };
}
