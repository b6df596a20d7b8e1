/** Access tokens of OAuth 2.0 client credentials: each process fetches its own, since nothing is lost with one. */
import type { ClientCredentials } from '../../kit/index.ts';
import type { Answer } from '../exchange.ts';
import type { Failure } from '../failure.ts';
import type { HttpClient } from '../http-client.ts';
import type { Obtained, TokenSource } from './access-token.ts';
import { postForm, readTokens, renewInMs } from './token-endpoint.ts';

// So that no call leaves with a token that ends on the way.
const RENEW_EARLY_MS = 60_000;

export function makeClientCredentialsSource(
  auth: ClientCredentials,
  http: Pick<HttpClient, 'send'>,
  failureOf: (answer: Answer) => Failure,
): TokenSource {
  return {
    obtain: async (): Promise<Obtained> => {
      const fields = { grant_type: 'client_credentials', audience: auth.audience };
      const answer = await postForm(http, auth.tokenUrl, auth, fields);
      const tokens = readTokens(answer);
      if (tokens === undefined) return { kind: 'failed', failure: failureOf(answer) };
      const { accessToken: token, lifeMs } = tokens;
      return { kind: 'token', token, lifeMs, renewInMs: renewInMs(lifeMs, RENEW_EARLY_MS) };
    },
  };
}
