import { Refused } from '../../core/index.ts';
import type { EmulatorRequest, Reply, Route } from '../../core/index.ts';
import { DEFAULT_USER_ID } from '../state.ts';
import type { HubspotState } from '../state.ts';
import { mayAskFor } from './app.ts';
import { consentPage, refusalPage } from './authorize-page.ts';
import type { Authorization } from './authorize-page.ts';

// The base64url of a SHA-256 (RFC 7636, 4.2).
const CHALLENGE = /^[\w-]{43}$/;

/**
 * The page behind an app's install link. A human presses a button; a test says `decision=approve` or `deny` in the
 * address, or beforehand in the seed (`consent`) or by `POST /_emulator/oauth/consent`.
 */
export function authorizeRoutes(): Route<HubspotState>[] {
  const paths = ['/oauth/authorize', '/oauth/:portalId/authorize'];
  return paths.flatMap((path): Route<HubspotState>[] => [
    { method: 'GET', path, handle: (request, state) => authorize(request, request.query, state) },
    { method: 'POST', path, handle: (request, state) => authorize(request, request.form(), state) },
  ]);
}

function authorize(request: EmulatorRequest, asked: URLSearchParams, state: HubspotState): Reply {
  const authorization = readAuthorization(asked, state);
  const { consent } = state.oauth;
  const decision = asked.get('decision') ?? consent.decision;
  const chosen = asked.get('portalId') ?? request.params['portalId'] ?? consent.portalId;
  if (decision === 'approve') return approve(authorization, state, chosen);
  if (decision === 'deny') return deny(authorization);
  return consentPage(authorization, [...state.portals.keys()], asked);
}

/**
 * A link that names no known app, or an address that is not the app's, must not lead anywhere: it is told on a page.
 * So are wrong scopes, as HubSpot does. The wordings are remembered, not recorded.
 */
function readAuthorization(asked: URLSearchParams, state: HubspotState): Authorization {
  const app = state.oauth.apps.get(asked.get('client_id') ?? '');
  if (app === undefined) {
    throw new Refused(refusalPage('Authorization failed because the client ID is missing or unknown.'));
  }
  const redirectUri = asked.get('redirect_uri') ?? '';
  if (!app.redirectUris.includes(redirectUri)) {
    throw new Refused(
      refusalPage(
        "Authorization failed because the redirect URL in the install link doesn't match the app's redirect URLs.",
      ),
    );
  }
  const words = (name: string): string[] =>
    (asked.get(name) ?? '').split(/\s+/).filter((word) => word !== '');
  const scopes = words('scope');
  const optional = words('optional_scope');
  // `oauth` is every app's, whether the link says so or not.
  const lacks = app.scopes.filter((scope) => scope !== 'oauth' && !scopes.includes(scope));
  const alien = [...scopes, ...optional].filter((scope) => scope !== 'oauth' && !mayAskFor(app, scope));
  if (scopes.length === 0 || lacks.length > 0 || alien.length > 0) {
    throw new Refused(
      refusalPage(
        "Authorization failed because there is a mismatch between the scopes in the install URL and the app's configured scopes.",
      ),
    );
  }
  const challenge = asked.get('code_challenge') ?? undefined;
  const isChallengeSound =
    challenge === undefined || (asked.get('code_challenge_method') === 'S256' && CHALLENGE.test(challenge));
  if (!isChallengeSound) {
    throw new Refused(refusalPage('Authorization failed because the code challenge is not one of S256.'));
  }
  return {
    app,
    redirectUri,
    scopes: [...new Set([...scopes, ...optional])],
    state: asked.get('state') ?? undefined,
    challenge,
  };
}

function approve(asked: Authorization, state: HubspotState, chosen: string | number | undefined): Reply {
  const portalId = chosen === undefined ? [...state.portals.keys()][0] : Number(chosen);
  const portal = portalId === undefined ? undefined : state.portals.get(portalId);
  if (portal === undefined) throw new Refused(refusalPage(`There is no account ${String(chosen)}.`));
  const { code } = state.oauth.addCode(
    {
      clientId: asked.app.clientId,
      redirectUri: asked.redirectUri,
      portalId: portal.id,
      userId: DEFAULT_USER_ID,
      scopes: asked.scopes,
      challenge: asked.challenge,
      expiresAt: state.clock.now() + state.switches.authCodeLifeMs,
    },
    portal.hublet,
  );
  return redirect(asked, { code });
}

function deny(asked: Authorization): Reply {
  return redirect(asked, {
    error: 'access_denied',
    error_description: 'The user denied access to the app.',
  });
}

function redirect({ redirectUri, state }: Authorization, answer: Readonly<Record<string, string>>): Reply {
  const target = new URL(redirectUri);
  for (const [name, value] of Object.entries(answer)) target.searchParams.set(name, value);
  if (state !== undefined) target.searchParams.set('state', state);
  return { status: 302, headers: { location: target.href, 'cache-control': 'no-store' } };
}
