/**
 * Sends the calls of one connection: adds address and credentials, waits for the vendor's limits, classifies
 * what comes back by the connector's failures table, and keeps the exchange.
 */
import type { Clock } from '../kernel/clock.ts';
import { makeNonce } from '../kernel/ids.ts';
import type { Redacted } from '../kernel/redacted.ts';
import type { Outcome } from '../kernel/outcome.ts';
import type { AnyConnector, Auth, Call, CallResponse } from '../kit/index.ts';
import { toExchange } from './exchange.ts';
import type { Answer, Exchange } from './exchange.ts';
import { callFailure, redactOutcome, tokenFailure } from './failure.ts';
import type { Failure } from './failure.ts';
import { HttpClient } from './http-client.ts';
import { LIVE_CLAIMANT } from './limit-kind.ts';
import type { Claimant } from './limit-kind.ts';
import { MemoryLimitStore } from './limit-store.ts';
import type { LimitStore } from './limit-store.ts';
import { Limiter } from './limiter.ts';
import { AccessToken } from './oauth/access-token.ts';
import type { TokenAnswer } from './oauth/access-token.ts';
import { makeClientCredentialsSource } from './oauth/client-credentials.ts';
import type { LoginStore } from './oauth/login-store.ts';
import { LoginTokens } from './oauth/login-tokens.ts';
import { makeRedact, secretsOf } from './redaction.ts';
import type { Redact } from './redaction.ts';
import { prove, secretsOfAuth, toRequest } from './request.ts';
import type { LimitReport } from './shared-limits.ts';

/** What became of a call; `exchange` is absent when nothing was sent. */
export type Sent =
  | { readonly kind: 'response'; readonly response: CallResponse; readonly exchange: Exchange }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly exchange?: Exchange };

export interface ConnectionClientOptions {
  readonly connector: AnyConnector;
  /** Output of the connector's settings schema. */
  readonly settings: unknown;
  readonly clock: Clock;
  /** True when the operator wrote the vendor's address in the configuration. */
  readonly privateAddresses: boolean;
  /** Where the limits of the vendor are kept for all workers; in this client alone when absent. */
  readonly limits?: LimitStore;
  /** Where the login of the connection is kept, for one that a human logs in to. */
  readonly login?: LoginStore;
}

// The address of calls that name none; no connector can declare a name that is empty by mistake.
const OWN_BASE = '';

// A vendor that asks for a longer pause, by mistake or in another unit, would silence the connection for ever.
const PAUSE_MS_MAX = 24 * 3_600_000;

export class ConnectionClient {
  readonly #connector: AnyConnector;
  readonly #secrets: readonly Redacted[];
  readonly #clock: Clock;
  readonly #http: HttpClient;
  readonly #limiter: Limiter;
  readonly #bases: Readonly<Record<string, string>>;
  readonly #redact: Redact;
  readonly #auth: Auth;
  readonly #accessToken: AccessToken | undefined;

  constructor({ connector, settings, clock, privateAddresses, limits, login }: ConnectionClientOptions) {
    this.#connector = connector;
    this.#clock = clock;
    const { timeoutMs, answerBytes } = connector.http;
    this.#http = new HttpClient({ timeoutMs, privateAddresses, answerBytes });
    this.#limiter = new Limiter({
      limits: connector.http.limits(settings),
      store: limits ?? new MemoryLimitStore(clock),
      clock,
      timeoutMs: connector.http.timeoutMs,
    });
    const { baseUrl, bases = {} } = connector.http;
    this.#bases = Object.fromEntries(
      Object.entries({ ...bases, [OWN_BASE]: baseUrl }).map(([name, url]) => [
        name,
        url(settings).replace(/\/+$/, ''),
      ]),
    );
    this.#auth = connector.auth(settings);
    this.#secrets = [...secretsOf(settings), ...secretsOfAuth(this.#auth)];
    this.#redact = makeRedact(this.#secrets);
    this.#accessToken = this.#makeAccessToken(login);
  }

  /** Milliseconds until the limits that a batch will meet have room for another one, as far as is known here. */
  delayMs(claimant: Claimant = LIVE_CLAIMANT): number {
    return this.#limiter.delayMs(claimant);
  }

  /** No call of the connection leaves for this long, from any worker: the vendor said so. */
  pause(ms: number): void {
    this.#limiter.block(Math.min(ms, PAUSE_MS_MAX));
  }

  /** What is used of each limit, as far as is known here. */
  limitUse(): readonly LimitReport[] {
    return this.#limiter.use();
  }

  /** Waits for the limits, sends, classifies. `undefined` when the call must not leave, or `signal` aborted before. */
  async send(call: Call, signal: AbortSignal, claimant: Claimant = LIVE_CLAIMANT): Promise<Sent | undefined> {
    const first = await this.#sendOnce(call, signal, claimant);
    // A token may be revoked before its time; a new one decides whether the credentials still hold.
    if (first?.refusedToken === undefined) return first?.sent;
    this.#accessToken?.drop(first.refusedToken);
    return (await this.#sendOnce(call, signal, claimant))?.sent;
  }

  /** The outcome without the secrets that the vendor may have quoted and the connector handed on. */
  conceal(outcome: Outcome): Outcome {
    return redactOutcome(outcome, this.#redact);
  }

  /** The access token that calls would carry now; undefined for a connection that needs none of the engine's. */
  accessToken(): Promise<TokenAnswer | undefined> {
    return this.#accessToken?.get() ?? Promise.resolve(undefined);
  }

  async close(): Promise<void> {
    await this.#limiter.close();
    await this.#http.close();
  }

  async #sendOnce(call: Call, signal: AbortSignal, claimant: Claimant): Promise<Tried | undefined> {
    // Before the limits are asked: a permit does not last as long as a token may take.
    const authorization = await this.#authorization();
    if (authorization.kind === 'failed') return this.#heed({ sent: authorization });
    const permit = await this.#limiter.acquire(call, claimant, signal);
    if (permit === undefined) return undefined;
    if (claimant.mayCall?.() === false) {
      permit.returned();
      return undefined;
    }
    let tried: Tried | undefined;
    try {
      tried = this.#heed(await this.#attempt(call, authorization.token));
      return tried;
    } finally {
      permit.answered(tried?.answer, tried?.answer !== undefined && deferredMs(tried) !== undefined);
    }
  }

  /** Pauses when the vendor asks for it. */
  #heed(tried: Tried): Tried {
    this.pause(deferredMs(tried) ?? 0);
    return tried;
  }

  async #attempt(call: Call, token: Redacted | undefined): Promise<Tried> {
    const startedAtMs = this.#clock.now();
    const request = prove(toRequest(call, this.#baseOf(call)), this.#auth, {
      token,
      nowMs: startedAtMs,
      makeNonce,
      deliveryId: call.id,
      holdsSecret: (text) => this.#redact(text) !== text,
    });
    const answer = await this.#http.send(request);
    const redact = request.secrets.length === 0 ? this.#redact : this.#redactAlso(...request.secrets);
    const { method, shownUrl: url, body } = request;
    const exchange = toExchange({ method, url, body, startedAtMs }, answer, this.#clock.now(), redact);
    if (answer.kind === 'network') {
      return { sent: { kind: 'failed', failure: callFailure(answer, this.#connector, redact), exchange } };
    }
    const { response } = answer;
    const isWanted =
      (response.status >= 200 && response.status < 300) || call.accept?.includes(response.status) === true;
    const isTokenRefused = response.status === 401 && this.#accessToken !== undefined && token !== undefined;
    return {
      sent: isWanted
        ? { kind: 'response', response, exchange }
        : { kind: 'failed', failure: callFailure(answer, this.#connector, redact), exchange },
      answer: response,
      ...(isTokenRefused ? { refusedToken: token } : {}),
    };
  }

  #redactAlso(...tokens: readonly Redacted[]): Redact {
    return makeRedact([...this.#secrets, ...tokens]);
  }

  /** A call reaches no address but those that its connector declares. */
  #baseOf({ base = OWN_BASE }: Call): string {
    const url = Object.hasOwn(this.#bases, base) ? this.#bases[base] : undefined;
    if (url === undefined) throw new TypeError(`${this.#connector.id} declares no base address "${base}".`);
    return url;
  }

  async #authorization(): Promise<
    { readonly kind: 'ok'; readonly token?: Redacted } | Extract<Sent, { kind: 'failed' }>
  > {
    if (this.#accessToken === undefined) return { kind: 'ok' };
    const held = await this.#accessToken.get();
    return held.kind === 'token' ? { kind: 'ok', token: held.token } : held;
  }

  #makeAccessToken(store: LoginStore | undefined): AccessToken | undefined {
    const auth = this.#auth;
    if (auth.kind !== 'client_credentials' && auth.kind !== 'authorization_code') return undefined;
    const http = this.#http;
    const failureOf = (answer: Answer, secrets: readonly Redacted[] = []): Failure =>
      tokenFailure(answer, this.#connector, this.#redactAlso(...secrets), auth.describeFailure);
    if (auth.kind === 'client_credentials') {
      return new AccessToken(makeClientCredentialsSource(auth, http, failureOf), this.#clock);
    }
    if (store === undefined) throw new TypeError('A connection with a login needs the store that keeps it.');
    const source = new LoginTokens({
      auth,
      connectorId: this.#connector.id,
      store,
      http,
      clock: this.#clock,
      failureOf,
    });
    return new AccessToken(source, this.#clock);
  }
}

interface Tried {
  readonly sent: Sent;
  readonly answer?: CallResponse;
  /** A fetched token that the vendor did not accept. */
  readonly refusedToken?: Redacted;
}

/** How long the vendor wants us to wait; `undefined` when it did not refuse. */
function deferredMs({ sent }: Tried): number | undefined {
  return sent.kind === 'failed' && sent.failure.kind === 'deferred' ? sent.failure.waitMs : undefined;
}
