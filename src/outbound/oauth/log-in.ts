/** The second half of a login, and its end: what Linchpin asks the vendor itself. */
import { LinchpinError } from '../../kernel/errors.ts';
import type { Redacted } from '../../kernel/redacted.ts';
import type { AuthorizationCode, Grant } from '../../kit/index.ts';
import type { Connection } from '../../flows/workspace.ts';
import type { Answer } from '../exchange.ts';
import { tokenFailure } from '../failure.ts';
import { HttpClient } from '../http-client.ts';
import { makeRedact } from '../redaction.ts';
import type { Authorization } from './authorization.ts';
import type { NewTokens, StoredLogin } from './login-store.ts';
import { loginRenewInMs } from './login-tokens.ts';
import { postForm, readTokens, TOKEN_TIMEOUT_MS } from './token-endpoint.ts';

/** What a login brought. */
export interface LoggedIn {
  readonly tokens: NewTokens;
  readonly grant: Grant;
}

/** How the connection is logged in to; throws for one that is not. */
export function authorizationOf({ name, connector, settings }: Connection): AuthorizationCode {
  const auth = connector.auth(settings);
  if (auth.kind === 'authorization_code') return auth;
  throw new LinchpinError('login.not_needed', {
    message: `The connection ${name} has a token of its own in linchpin.yaml, and no app to log in to.`,
  });
}

/** Exchanges the code for tokens and asks what they may do. */
export async function finishLogin(
  connection: Connection,
  { redirectUri, verifier }: Authorization,
  code: Redacted,
): Promise<LoggedIn> {
  const auth = authorizationOf(connection);
  return withHttp(connection, async (http) => {
    const answer = await postForm(http, auth.tokenUrl, auth, {
      grant_type: 'authorization_code',
      code: code.reveal(),
      redirect_uri: redirectUri,
      code_verifier: verifier.reveal(),
    });
    const tokens = readTokens(answer);
    if (tokens?.refreshToken === undefined) throw refusedBy(connection, auth, answer, [code, verifier]);
    const { accessToken, refreshToken, lifeMs } = tokens;
    const told = answer.kind === 'response' ? auth.readGrant(answer.response.body) : {};
    return {
      tokens: { accessToken, refreshToken, lifeMs, renewInMs: loginRenewInMs(lifeMs) },
      grant: { ...told, ...(await introspect(http, auth, accessToken)) },
    };
  });
}

/** What the vendor says of the login now; empty when it does not say. */
export function inspectLogin(connection: Connection, accessToken: Redacted): Promise<Grant> {
  const auth = authorizationOf(connection);
  return withHttp(connection, (http) => introspect(http, auth, accessToken));
}

/** Ends the login at the vendor; throws when the vendor was not heard to agree. */
export async function revokeLogin(
  connection: Connection,
  { refreshToken }: Pick<StoredLogin, 'refreshToken'>,
): Promise<void> {
  const auth = authorizationOf(connection);
  await withHttp(connection, async (http) => {
    const fields = { token: refreshToken.reveal(), token_type_hint: 'refresh_token' };
    const answer = await postForm(http, auth.revokeUrl, auth, fields);
    const status = answer.kind === 'response' ? answer.response.status : 0;
    // A token that is none any more is as good as revoked (RFC 7009 section 2.2 wants 200 for it).
    if (status >= 200 && status < 300) return;
    throw refusedBy(connection, auth, answer, [refreshToken]);
  });
}

async function introspect(http: HttpClient, auth: AuthorizationCode, accessToken: Redacted): Promise<Grant> {
  const fields = { token: accessToken.reveal(), token_type_hint: 'access_token' };
  const answer = await postForm(http, auth.introspectUrl, auth, fields);
  // It only tells: whether the token works, calls will show.
  return answer.kind === 'response' && answer.response.status === 200
    ? auth.readGrant(answer.response.body)
    : {};
}

async function withHttp<Result>(
  { allowsPrivateAddresses }: Connection,
  use: (http: HttpClient) => Promise<Result>,
): Promise<Result> {
  const http = new HttpClient({ timeoutMs: TOKEN_TIMEOUT_MS, privateAddresses: allowsPrivateAddresses });
  try {
    return await use(http);
  } finally {
    await http.close();
  }
}

function refusedBy(
  { connector }: Connection,
  auth: AuthorizationCode,
  answer: Answer,
  secrets: readonly Redacted[],
): LinchpinError {
  const redact = makeRedact([...secrets, auth.clientSecret]);
  const failure = tokenFailure(answer, connector, redact, auth.describeFailure);
  const message = failure.kind === 'deferred' ? failure.reason : failure.fault.message;
  return new LinchpinError('login.refused', { message });
}
