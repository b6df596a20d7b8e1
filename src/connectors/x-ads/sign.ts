import type { Redacted } from '../../kernel/redacted.ts';
import { hmac } from '../../kit/index.ts';
import type { UnsignedRequest } from '../../kit/index.ts';

/** Of the app and of the user it acts for. */
export interface OauthKeys {
  readonly consumerKey: Redacted;
  readonly consumerSecret: Redacted;
  readonly token: Redacted;
  readonly tokenSecret: Redacted;
}

/** The `authorization` header of OAuth 1.0a with HMAC-SHA1: RFC 5849 section 3. A JSON body is no part of what is signed. */
export function authorizationHeader(
  { method, url, nowMs, nonce }: Pick<UnsignedRequest, 'method' | 'url' | 'nowMs' | 'nonce'>,
  keys: OauthKeys,
): string {
  const { origin, pathname, searchParams } = new URL(url);
  const oauth: readonly Parameter[] = [
    ['oauth_consumer_key', keys.consumerKey.reveal()],
    ['oauth_nonce', nonce],
    ['oauth_signature_method', 'HMAC-SHA1'],
    ['oauth_timestamp', String(Math.floor(nowMs / 1000))],
    ['oauth_token', keys.token.reveal()],
    ['oauth_version', '1.0'],
  ];
  const base = [method.toUpperCase(), `${origin}${pathname}`, toSortedText([...oauth, ...searchParams])];
  const key = [keys.consumerSecret, keys.tokenSecret].map((secret) => encode(secret.reveal())).join('&');
  const signature = hmac('sha1', key, base.map(encode).join('&'));
  const signed: readonly Parameter[] = [...oauth, ['oauth_signature', signature]];
  return `OAuth ${signed.map(([name, value]) => `${name}="${encode(value)}"`).join(', ')}`;
}

type Parameter = readonly [name: string, value: string];

/** Sorted by the bytes of the encoded names, then of the values: RFC 5849 section 3.4.1.3.2. */
function toSortedText(parameters: readonly Parameter[]): string {
  return parameters
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .toSorted((a, b) => compare(a[0], b[0]) || compare(a[1], b[1]))
    .map((pair) => pair.join('='))
    .join('&');
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** RFC 5849 section 3.6: all but letters, digits and `-._~`, of which `encodeURIComponent` leaves five more. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
