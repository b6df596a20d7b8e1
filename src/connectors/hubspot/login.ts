import { isJsonObject } from '../../kernel/json.ts';
import { stringField } from '../../kit/index.ts';
import type { Auth, CallResponse, Grant } from '../../kit/index.ts';
import type { Fault } from '../../kernel/outcome.ts';
import { scopesOf } from './scopes/needed-scopes.ts';
import type { ApiVersion, Settings } from './settings.ts';

/** A token of a private app or service key as it is given, or the tokens of a login to an app. */
export function authOf({
  access_token,
  client_id,
  client_secret,
  base_url,
  app_url,
  api_version,
}: Settings): Auth {
  if (access_token !== undefined) return { kind: 'bearer', token: access_token };
  if (client_id === undefined || client_secret === undefined) {
    throw new TypeError('The settings passed the check without a token and without an app.');
  }
  const tokenUrl = `${withoutSlash(base_url)}${tokenPath(api_version)}`;
  return {
    kind: 'authorization_code',
    clientId: client_id,
    clientSecret: client_secret,
    authorizeUrl: `${withoutSlash(app_url)}/oauth/authorize`,
    tokenUrl,
    introspectUrl: `${tokenUrl}/introspect`,
    revokeUrl: `${tokenUrl}/revoke`,
    scopes: scopesOf,
    readGrant,
    describeFailure: describeRefusal,
  };
}

/** The dated endpoints and v3 take the same forms; v1 is deprecated from 2027-02 on (HubSpot's changelog, read 2026-11). */
function tokenPath(version: ApiVersion): string {
  return `/oauth/${version}/token`;
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}

/** Token answers and introspections name the account alike; only the latter has its domain and the user's address. */
function readGrant(body: unknown): Grant {
  const hubId = isJsonObject(body) ? body['hub_id'] : undefined;
  const scopes = isJsonObject(body) ? body['scopes'] : undefined;
  const accountName = stringField(body, 'hub_domain');
  const user = stringField(body, 'user');
  return {
    ...(typeof hubId === 'number' ? { account: String(hubId) } : {}),
    ...(accountName === undefined ? {} : { accountName }),
    ...(user === undefined ? {} : { user }),
    ...(Array.isArray(scopes) ? { scopes: scopes.filter((scope) => typeof scope === 'string') } : {}),
  };
}

// What HubSpot says in `status` when it refuses (its OAuth guide and integrators' reports, read 2026-11).
const REASONS: Readonly<Record<string, string>> = {
  BAD_REFRESH_TOKEN: 'the app was uninstalled from the account, or the login was revoked.',
  BAD_AUTH_CODE: 'the code is not one of this login, was used before, or is older than some minutes.',
  BAD_CLIENT_ID: 'client_id is of no app.',
  BAD_CLIENT_SECRET: 'client_secret is not that of the app.',
  BAD_REDIRECT_URI: 'the redirect address is not one of those that the app names.',
};

/**
 * The token endpoint has a frame of its own: the code in `status`, and since 2026-01 the fields of RFC 6749 beside it.
 * `{"status":"BAD_REFRESH_TOKEN","message":"refresh token is invalid, expired or revoked","error":"invalid_grant",…}`
 */
function describeRefusal({ status, headers, body }: CallResponse): Fault {
  const told = stringField(body, 'status');
  const code =
    told !== undefined && told !== 'error' ? told : (stringField(body, 'error') ?? `http_${String(status)}`);
  const reason = REASONS[code];
  const requestId = stringField(body, 'correlationId') ?? headers['x-hubspot-correlation-id'];
  return {
    code: `hubspot.${code}`,
    message:
      reason === undefined
        ? `HubSpot refused the login: ${code}.`
        : `HubSpot refused the login: ${reason} (${code})`,
    status,
    ...(requestId === undefined ? {} : { requestId }),
  };
}
