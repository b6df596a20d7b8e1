/**
 * Access tokens of OAuth 2.0 client credentials: fetched when first needed, kept until shortly before they
 * expire, fetched once however many calls wait for it.
 */
import type { Clock } from '../kernel/clock.ts';
import { isJsonObject } from '../kernel/json.ts';
import { Redacted } from '../kernel/redacted.ts';
import type { Answer } from './exchange.ts';
import type { HttpClient } from './http-client.ts';

export interface ClientCredentials {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: Redacted;
  readonly audience: string;
}

export type TokenAnswer =
  { readonly kind: 'token'; readonly token: Redacted } | { readonly kind: 'failed'; readonly answer: Answer };

// Refreshed this long before the end, so that no call leaves with a token that expires on the way.
const REFRESH_EARLY_MS = 60_000;

export class AccessToken {
  readonly #credentials: ClientCredentials;
  readonly #http: Pick<HttpClient, 'send'>;
  readonly #clock: Clock;
  #held: { readonly token: Redacted; readonly refreshAtMs: number } | undefined;
  #fetching: Promise<TokenAnswer> | undefined;

  constructor(credentials: ClientCredentials, http: Pick<HttpClient, 'send'>, clock: Clock) {
    this.#credentials = credentials;
    this.#http = http;
    this.#clock = clock;
  }

  async get(): Promise<TokenAnswer> {
    if (this.#held !== undefined && this.#clock.now() < this.#held.refreshAtMs) {
      return { kind: 'token', token: this.#held.token };
    }
    this.#fetching ??= this.#fetch().finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  /** Forgets a token that the vendor refused; a newer one, fetched meanwhile by another call, stays. */
  drop(token: Redacted): void {
    if (this.#held?.token === token) this.#held = undefined;
  }

  async #fetch(): Promise<TokenAnswer> {
    const { tokenUrl, clientId, clientSecret, audience } = this.#credentials;
    const answer = await this.#http.send({
      method: 'POST',
      url: tokenUrl,
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret.reveal(),
        audience,
      }).toString(),
    });
    const body =
      answer.kind === 'response' && answer.response.status === 200 ? answer.response.body : undefined;
    if (!isJsonObject(body) || typeof body['access_token'] !== 'string') return { kind: 'failed', answer };
    const lifeMs = (typeof body['expires_in'] === 'number' ? body['expires_in'] : 0) * 1000;
    const token = new Redacted(body['access_token']);
    // A token that lives shorter than the margin is used at least for half its life.
    this.#held = { token, refreshAtMs: this.#clock.now() + Math.max(lifeMs - REFRESH_EARLY_MS, lifeMs / 2) };
    return { kind: 'token', token };
  }
}
