import type { Redacted } from '../kernel/redacted.ts';
import type { DescribeFailure } from './failures.ts';
import type { FlowUse } from './flow-use.ts';

/**
 * How calls of a connection prove who sends them. A connector makes it of its settings, so that these may choose among
 * several kinds. It is data: the engine fetches tokens, keeps them, renews them and sends them.
 */
export type Auth =
  | { readonly kind: 'none' }
  | { readonly kind: 'bearer'; readonly token: Redacted }
  /** RFC 7617: user and password in the `authorization` header. */
  | { readonly kind: 'basic'; readonly user: string; readonly password: Redacted }
  | QueryAuth
  | SignedAuth
  | ClientCredentials
  | AuthorizationCode;

/** Parameters that every call carries in its address. What is kept and shown has `[redacted]` in their place. */
export interface QueryAuth {
  readonly kind: 'query';
  readonly parameters: Readonly<Record<string, Redacted>>;
}

/**
 * Headers made anew for each time that a call leaves, a repetition included, because they prove that exactly this was
 * sent, now. `sign` is pure. Where it gives a header that the call or the engine has set, its own counts.
 */
export interface SignedAuth {
  readonly kind: 'signed';
  readonly sign: (request: UnsignedRequest) => Readonly<Record<string, string>>;
}

/** A request as it will leave, but for what signs it. */
export interface UnsignedRequest {
  readonly method: string;
  /** Whole, with its query. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Exactly what is sent; empty without a body. */
  readonly body: string;
  /** Milliseconds since the epoch, now. */
  readonly nowMs: number;
  /** 32 random hexadecimal digits, never the same twice. */
  readonly nonce: string;
  /** The `id` of the call, the same whenever it is repeated; the nonce for a call without one. */
  readonly deliveryId: string;
}

/** What every kind of OAuth 2.0 has. */
interface OauthApp {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: Redacted;
  /** Reads what the token endpoint says when it refuses; what the connector says of other failures when absent. */
  readonly describeFailure?: DescribeFailure;
}

/** OAuth 2.0 client credentials (RFC 6749 section 4.4): the app is its own user. */
export interface ClientCredentials extends OauthApp {
  readonly kind: 'client_credentials';
  readonly audience: string;
}

/** OAuth 2.0 authorization code (RFC 6749 section 4.1): a human logs in once, and tokens are renewed from then on. */
export interface AuthorizationCode extends OauthApp {
  readonly kind: 'authorization_code';
  /** The page on which the human agrees. */
  readonly authorizeUrl: string;
  /** Tells what a token may do (RFC 7662). */
  readonly introspectUrl: string;
  /** Ends a login (RFC 7009). */
  readonly revokeUrl: string;
  /** The scopes that these flows need, each with the ids of the presets or actions that need it. */
  readonly scopes: (flows: readonly FlowUse[]) => ReadonlyMap<string, readonly string[]>;
  /** Of the authorize address, beyond those of RFC 6749 and RFC 7636. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Reads an answer of the token endpoint, or of the introspection, as far as the vendor goes beyond the RFCs. */
  readonly readGrant: (body: unknown) => Grant;
}

/** What a login opened; a part is absent where the vendor does not tell. */
export interface Grant {
  /** The vendor's id of the account. */
  readonly account?: string;
  /** How the vendor calls the account. */
  readonly accountName?: string;
  /** Who logged in. */
  readonly user?: string;
  readonly scopes?: readonly string[];
}
