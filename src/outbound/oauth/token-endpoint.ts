/** The calls that OAuth 2.0 makes on behalf of a connection: forms to the vendor, JSON back. */
import { isJsonObject } from '../../kernel/json.ts';
import { Redacted } from '../../kernel/redacted.ts';
import type { Answer } from '../exchange.ts';
import type { HttpClient } from '../http-client.ts';

/** Who asks. */
export interface App {
  readonly clientId: string;
  readonly clientSecret: Redacted;
}

/** What a token endpoint gave. */
export interface Tokens {
  readonly accessToken: Redacted;
  /** Absent where the vendor leaves the old one in force (RFC 6749 section 6). */
  readonly refreshToken?: Redacted;
  /** How long the access token lives. */
  readonly lifeMs: number;
}

// Vendors answer within a second. Deliveries wait for it, and the claim on a renewal must outlive it.
export const TOKEN_TIMEOUT_MS = 10_000;

/** Credentials travel in the body alone (RFC 6749 section 2.3.1 forbids them in the address, where logs would keep them). */
export function postForm(
  http: Pick<HttpClient, 'send'>,
  url: string,
  { clientId, clientSecret }: App,
  fields: Readonly<Record<string, string>>,
): Promise<Answer> {
  return http.send({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: new URLSearchParams({
      ...fields,
      client_id: clientId,
      client_secret: clientSecret.reveal(),
    }).toString(),
    timeoutMs: TOKEN_TIMEOUT_MS,
  });
}

/** The tokens of an answer; `undefined` when it holds none. */
export function readTokens(answer: Answer): Tokens | undefined {
  const body =
    answer.kind === 'response' && answer.response.status === 200 ? answer.response.body : undefined;
  if (!isJsonObject(body) || typeof body['access_token'] !== 'string') return undefined;
  const { access_token: accessToken, refresh_token: refreshToken, expires_in: lifeSeconds } = body;
  return {
    accessToken: new Redacted(accessToken),
    ...(typeof refreshToken === 'string' ? { refreshToken: new Redacted(refreshToken) } : {}),
    lifeMs: (typeof lifeSeconds === 'number' ? lifeSeconds : 0) * 1_000,
  };
}

/** When to renew a token: `earlyMs` before its end, but not in the first half of its life. */
export function renewInMs(lifeMs: number, earlyMs: number): number {
  return Math.max(lifeMs - earlyMs, lifeMs / 2);
}
