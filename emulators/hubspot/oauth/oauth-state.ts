import { createHash } from 'node:crypto';
import type { EmulatorClock } from '../../core/index.ts';
import type { Token } from '../token.ts';
import { DEFAULT_APP } from './app.ts';
import type { App } from './app.ts';

/** What a user agreed to, waiting to be exchanged. */
export interface Code {
  readonly code: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly portalId: number;
  readonly userId: number;
  readonly scopes: readonly string[];
  /** base64url of the SHA-256 of the verifier. */
  readonly challenge: string | undefined;
  readonly expiresAt: number;
}

/** An app that may act in a portal; ended by an uninstall or by revoking the refresh token. */
export interface Grant {
  readonly clientId: string;
  readonly appId: number;
  readonly portalId: number;
  readonly userId: number;
  readonly scopes: readonly string[];
  readonly refreshToken: string;
}

/** A token of the app itself, by client credentials: it belongs to no portal. */
export interface AppToken {
  readonly token: string;
  readonly appId: number;
  readonly scopes: ReadonlySet<string>;
  readonly expiresAt: number;
}

/** What the authorize page does without a human. */
export interface Consent {
  readonly decision: 'ask' | 'approve' | 'deny';
  /** The account chosen; the first one when absent. */
  readonly portalId?: number | undefined;
}

// `expires_in: 1800` of every recorded token answer.
export const ACCESS_TOKEN_LIFE_MS = 1_800_000;

/** Apps, codes, grants and their tokens. Access tokens themselves stand with all others in the state's `tokens`. */
export class OAuthState {
  readonly apps = new Map<string, App>([[DEFAULT_APP.clientId, DEFAULT_APP]]);
  readonly appTokens = new Map<string, AppToken>();
  consent: Consent = { decision: 'ask' };
  readonly #codes = new Map<string, Code>();
  readonly #grants = new Map<string, Grant>();
  /** Access token → the refresh token that it came with. */
  readonly #origins = new Map<string, string>();
  readonly #tokens: Map<string, Token>;
  readonly #clock: EmulatorClock;
  #made = 0;

  constructor(clock: EmulatorClock, tokens: Map<string, Token>) {
    this.#clock = clock;
    this.#tokens = tokens;
  }

  appById(appId: number): App | undefined {
    return [...this.apps.values()].find((app) => app.appId === appId);
  }

  addCode(code: Omit<Code, 'code'>, hublet: string): Code {
    const hex = this.#opaque('code').toString('hex');
    const uuid = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)];
    const added = { ...code, code: `${hublet}-${uuid.join('-')}` };
    this.#codes.set(added.code, added);
    return added;
  }

  /** A code works once, whatever comes of it. */
  takeCode(code: string): Code | undefined {
    const found = this.#codes.get(code);
    this.#codes.delete(code);
    return found === undefined || found.expiresAt <= this.#clock.now() ? undefined : found;
  }

  install(grant: Omit<Grant, 'refreshToken'>, hublet: string): Grant {
    const refreshToken = `${hublet}-${this.#opaque('refresh').toString('hex').slice(0, 36)}`;
    const made = { ...grant, refreshToken };
    this.#grants.set(refreshToken, made);
    return made;
  }

  grantOf(refreshToken: string): Grant | undefined {
    return this.#grants.get(refreshToken);
  }

  grants(): Grant[] {
    return [...this.#grants.values()];
  }

  /** The new refresh token of a grant, where refreshing replaces it. */
  rotate(grant: Grant, hublet: string): Grant {
    this.#grants.delete(grant.refreshToken);
    return this.install(grant, hublet);
  }

  issueAccess(grant: Grant): Token {
    const token: Token = {
      token: this.#accessToken(),
      portalId: grant.portalId,
      appId: grant.appId,
      userId: grant.userId,
      kind: 'oauth',
      scopes: new Set([...grant.scopes, 'oauth']),
      expiresAt: this.#clock.now() + ACCESS_TOKEN_LIFE_MS,
      isRevoked: false,
    };
    this.#tokens.set(token.token, token);
    this.#origins.set(token.token, grant.refreshToken);
    return token;
  }

  issueAppToken(appId: number, scopes: readonly string[]): AppToken {
    const token: AppToken = {
      token: this.#accessToken(),
      appId,
      scopes: new Set(scopes),
      expiresAt: this.#clock.now() + ACCESS_TOKEN_LIFE_MS,
    };
    this.appTokens.set(token.token, token);
    return token;
  }

  /** Ends a grant; its access tokens live on unless told otherwise. */
  revokeRefresh(refreshToken: string, endsAccess: boolean): boolean {
    if (!this.#grants.delete(refreshToken)) return false;
    if (endsAccess) {
      for (const [access, origin] of this.#origins) if (origin === refreshToken) this.revokeAccess(access);
    }
    return true;
  }

  revokeAccess(access: string): boolean {
    if (this.appTokens.delete(access)) return true;
    const token = this.#tokens.get(access);
    if (token === undefined) return false;
    this.#tokens.set(access, { ...token, isRevoked: true });
    return true;
  }

  /** The app leaves the portal: nothing it holds there works any longer. True when it was there. */
  uninstall(appId: number, portalId: number): boolean {
    const isThere = ({ appId: app, portalId: portal }: { appId: number; portalId: number }): boolean =>
      app === appId && portal === portalId;
    const grants = this.grants().filter(isThere);
    for (const { refreshToken } of grants) this.#grants.delete(refreshToken);
    const tokens = [...this.#tokens.values()].filter(
      (token) => token.kind === 'oauth' && !token.isRevoked && isThere(token),
    );
    for (const { token } of tokens) this.revokeAccess(token);
    return grants.length + tokens.length > 0;
  }

  isInstalled(appId: number, portalId: number): boolean {
    return this.grants().some((grant) => grant.appId === appId && grant.portalId === portalId);
  }

  /** Recorded access tokens begin with `C` and are several hundred characters long. */
  #accessToken(): string {
    const parts = ['a', 'b', 'c', 'd'].map((part) => this.#opaque(part).toString('base64url'));
    return `CN${parts.join('')}`;
  }

  /** From the time and a counter, so that runs on a set clock repeat exactly and a reset makes other tokens. */
  #opaque(kind: string): Buffer {
    this.#made += 1;
    return createHash('sha512').update(`${kind}:${this.#clock.now()}:${this.#made}`).digest();
  }
}
