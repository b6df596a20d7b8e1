/**
 * Access tokens of a login (OAuth 2.0 authorization code), one for all processes.
 *
 * Whoever finds the token due claims its renewal, which one process gets at a time and only for a while; it asks the
 * vendor and writes what came back. The others go on with the old token, which still holds for some minutes, and wait
 * only when it has ended or was refused. No lock is held during the call, so a slow vendor holds no connection to
 * PostgreSQL; a process that dies leaves the old refresh token behind, which HubSpot goes on taking.
 */
import type { Clock } from '../../kernel/clock.ts';
import type { Fault } from '../../kernel/outcome.ts';
import type { Redacted } from '../../kernel/redacted.ts';
import type { AuthorizationCode } from '../../kit/index.ts';
import type { Answer } from '../exchange.ts';
import { isPassing } from '../failure.ts';
import type { Failure } from '../failure.ts';
import type { HttpClient } from '../http-client.ts';
import type { Obtained, TokenSource } from './access-token.ts';
import type { LoginStore, StoredLogin } from './login-store.ts';
import { postForm, readTokens, renewInMs, TOKEN_TIMEOUT_MS } from './token-endpoint.ts';

export interface LoginTokensOptions {
  readonly auth: AuthorizationCode;
  /** Begins the codes of faults. */
  readonly connectorId: string;
  readonly store: LoginStore;
  readonly http: Pick<HttpClient, 'send'>;
  readonly clock: Clock;
  /** What an answer without tokens means; `secrets` are to be in none of its words. */
  readonly failureOf: (answer: Answer, secrets: readonly Redacted[]) => Failure;
}

// HubSpot's tokens live half an hour (its OAuth guide, read 2026-11). Five minutes before the end leave time for a
// process that dies in the middle, and for a token endpoint that is away for a moment.
const RENEW_EARLY_MS = 300_000;

// The call, and as much again as two round trips to a busy store may take.
const CLAIM_MS = TOKEN_TIMEOUT_MS + 5_000;

// While another process renews: how often to look for what it brought, which takes it some 300 ms, and for how long
// before the inputs go back to wait for another attempt. The latter outlives one claim of a process that died.
const LOOK_MS = 200;
const LOOK_MS_MAX = CLAIM_MS + TOKEN_TIMEOUT_MS;

// A token that is due and that another process is renewing is used on; after this long the new one is looked for.
const USE_ON_MS = 5_000;

/** When to renew the access token of a login that lives that long. */
export function loginRenewInMs(lifeMs: number): number {
  return renewInMs(lifeMs, RENEW_EARLY_MS);
}

export class LoginTokens implements TokenSource {
  readonly #options: LoginTokensOptions;

  constructor(options: LoginTokensOptions) {
    this.#options = options;
  }

  async obtain(refused: Redacted | undefined): Promise<Obtained> {
    try {
      return await this.#obtain(refused);
    } catch (error) {
      // The store is away, and so is everything else that it keeps: no reason to give an input up.
      const reason = error instanceof Error ? error.message : String(error);
      return this.#failed('retry', 'login_unreadable', `The login could not be read: ${reason}`);
    }
  }

  async #obtain(refused: Redacted | undefined): Promise<Obtained> {
    const { store, clock, auth } = this.#options;
    const untilMs = clock.now() + LOOK_MS_MAX;
    do {
      const login = await store.load();
      if (login === undefined) {
        return this.#failed('suspended', 'login_missing', `Nobody has logged in yet. ${this.#remedy()}`);
      }
      if (login.clientId !== auth.clientId) {
        const message = `The login was made with another client_id. ${this.#remedy()}`;
        return this.#failed('suspended', 'login_of_other_app', message);
      }
      const holds = login.lifeMs > 0 && login.accessToken.reveal() !== refused?.reveal();
      if (holds && login.renewInMs > 0) return toObtained(login);
      const claim = await store.claimRenewal(login.version, CLAIM_MS);
      if (claim !== undefined) {
        const renewed = await this.#renew(login, claim, holds);
        if (renewed !== undefined) return renewed;
      } else if (holds) {
        return toObtained(login);
      } else {
        await clock.sleep(LOOK_MS);
      }
    } while (clock.now() < untilMs);
    return this.#failed('retry', 'login_busy', 'Another process has been renewing the login for too long.');
  }

  /** Undefined when the login became another one meanwhile, which is to be looked at anew. */
  async #renew(login: StoredLogin, claim: string, holds: boolean): Promise<Obtained | undefined> {
    const { store, http, auth, failureOf } = this.#options;
    const { refreshToken } = login;
    const answer = await postForm(http, auth.tokenUrl, auth, {
      grant_type: 'refresh_token',
      refresh_token: refreshToken.reveal(),
    });
    const tokens = readTokens(answer);
    if (tokens !== undefined) {
      const renewed = { refreshToken, ...tokens, renewInMs: loginRenewInMs(tokens.lifeMs) };
      return (await store.saveRenewal(claim, renewed)) ? toObtained(renewed) : undefined;
    }
    if (!(await store.releaseRenewal(claim))) return undefined;
    const failure = failureOf(answer, [refreshToken, login.accessToken]);
    if (holds && isPassing(failure)) return toObtained(login);
    if (failure.kind !== 'suspended') return { kind: 'failed', failure };
    const { code, message, ...more } = failure.fault;
    return this.#failed('suspended', code, `${message} ${this.#remedy()}`, more);
  }

  #remedy(): string {
    return `Log in with linchpin connections login ${this.#options.store.connection}.`;
  }

  #failed(kind: 'retry' | 'suspended', name: string, message: string, more: Partial<Fault> = {}): Obtained {
    const code = name.includes('.') ? name : `${this.#options.connectorId}.${name}`;
    return { kind: 'failed', failure: { kind, fault: { ...more, code, message } } };
  }
}

function toObtained({
  accessToken: token,
  lifeMs,
  renewInMs: inMs,
}: Pick<StoredLogin, 'accessToken' | 'lifeMs' | 'renewInMs'>): Obtained {
  return { kind: 'token', token, lifeMs, renewInMs: Math.min(Math.max(inMs, USE_ON_MS), lifeMs) };
}
