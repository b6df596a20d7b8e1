/** From a connector's call to the request that leaves: body, headers, and the proof of who sends it. */
import { Redacted } from '../kernel/redacted.ts';
import type { Auth, Call, SignedAuth } from '../kit/index.ts';
import type { HttpRequest } from './http-client.ts';

const USER_AGENT = 'linchpin';

const HIDDEN = '[redacted]';

/** The request of a call, without credentials. */
export function toRequest(call: Call, baseUrl: string): HttpRequest {
  const { method, path, query, headers = {}, body, text } = call;
  return {
    method,
    url: `${baseUrl}${path}${query === undefined ? '' : `?${new URLSearchParams(query).toString()}`}`,
    headers: {
      accept: 'application/json',
      'user-agent': USER_AGENT,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...inLowerCase(headers),
    },
    body: text ?? (body === undefined ? '' : JSON.stringify(body)),
  };
}

/** A request that can leave, and what of it must not be kept or shown. */
export interface ProvenRequest extends HttpRequest {
  /** The address without the credentials in it. */
  readonly shownUrl: string;
  /** Made for this request alone: a token that was fetched, a signature. A vendor may quote what it was sent. */
  readonly secrets: readonly Redacted[];
}

export interface ProofParts {
  /** The token that was fetched, for a connection that needs one. */
  readonly token: Redacted | undefined;
  readonly nowMs: number;
  /** Asked once for each request that is signed. */
  readonly makeNonce: () => string;
  /** The call's own. */
  readonly deliveryId: string | undefined;
  /** True for text that holds a secret of the connection. */
  readonly holdsSecret: (text: string) => boolean;
}

/** Adds what proves who sends the request. */
export function prove(request: HttpRequest, auth: Auth, parts: ProofParts): ProvenRequest {
  const { url, headers } = request;
  const plain = { ...request, shownUrl: url, secrets: [] };
  switch (auth.kind) {
    case 'none':
      return plain;
    case 'bearer':
      return { ...plain, headers: { ...headers, ...bearer(auth.token) } };
    case 'basic':
      return { ...plain, headers: { ...headers, authorization: `Basic ${basicOf(auth)}` } };
    case 'query': {
      const parameters = Object.entries(auth.parameters);
      const sent = parameters.map(([name, value]) => [name, value.reveal()] satisfies [string, string]);
      const shown = parameters.map(([name]) => `${encodeURIComponent(name)}=${HIDDEN}`);
      return {
        ...plain,
        url: withSearch(url, new URLSearchParams(sent).toString()),
        // By name, so that a secret too short to be looked for in text is hidden as well.
        shownUrl: withSearch(url, shown.join('&')),
      };
    }
    case 'signed':
      return sign(request, auth, parts);
    case 'client_credentials':
    case 'authorization_code':
      return parts.token === undefined
        ? plain
        : { ...plain, headers: { ...headers, ...bearer(parts.token) }, secrets: [parts.token] };
  }
}

/** The credentials that every call of a connection carries, in each form in which a call carries them. */
export function secretsOfAuth(auth: Auth): readonly Redacted[] {
  switch (auth.kind) {
    case 'bearer':
      return [auth.token];
    case 'basic':
      return [auth.password, new Redacted(basicOf(auth))];
    case 'query':
      return Object.values(auth.parameters);
    case 'client_credentials':
    case 'authorization_code':
      return [auth.clientSecret];
    case 'none':
    case 'signed':
      return [];
  }
}

// A header of these names is a credential whatever its value looks like; the time and the id of a delivery, which a
// signature covers too, are none, and explain what happened.
const CREDENTIAL_HEADER = /authorization|signature|token|secret|key/;

function sign(
  request: HttpRequest,
  auth: SignedAuth,
  { nowMs, makeNonce, deliveryId, holdsSecret }: ProofParts,
): ProvenRequest {
  const { method, url, headers, body } = request;
  const nonce = makeNonce();
  const added = inLowerCase(
    auth.sign({ method, url, headers, body, nowMs, nonce, deliveryId: deliveryId ?? nonce }),
  );
  return {
    ...request,
    headers: { ...headers, ...added },
    shownUrl: url,
    secrets: Object.entries(added)
      .filter(([name, value]) => CREDENTIAL_HEADER.test(name) || holdsSecret(value))
      .map(([, value]) => new Redacted(value)),
  };
}

function bearer(token: Redacted): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${token.reveal()}` };
}

/** RFC 7617 section 2. */
function basicOf({ user, password }: Extract<Auth, { kind: 'basic' }>): string {
  return Buffer.from(`${user}:${password.reveal()}`, 'utf8').toString('base64');
}

function withSearch(url: string, search: string): string {
  return search === '' ? url : `${url}${url.includes('?') ? '&' : '?'}${search}`;
}

function inLowerCase(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
