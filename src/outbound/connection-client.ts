/**
 * Sends the calls of one connection: adds address and credentials, waits for the vendor's limits, classifies
 * what comes back by the connector's failures table, and keeps the exchange.
 */
import type { Clock } from '../kernel/clock.ts';
import type { Outcome } from '../kernel/outcome.ts';
import { Redacted } from '../kernel/redacted.ts';
import { classifyFailure } from '../kit/index.ts';
import type { AnyConnector, Call, CallResponse, FailureVerdict } from '../kit/index.ts';
import { AccessToken } from './access-token.ts';
import { toExchange } from './exchange.ts';
import type { Answer, Exchange } from './exchange.ts';
import { HttpClient } from './http-client.ts';
import { LIVE_CLAIMANT } from './limit-kind.ts';
import type { Claimant } from './limit-kind.ts';
import { MemoryLimitStore } from './limit-store.ts';
import type { LimitStore } from './limit-store.ts';
import { Limiter } from './limiter.ts';
import { makeRedact } from './redaction.ts';
import type { Redact } from './redaction.ts';
import type { LimitReport } from './shared-limits.ts';

export type Failure = Extract<Outcome, { kind: FailureVerdict }>;

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
}

const USER_AGENT = 'linchpin';

// A vendor that asks for a longer pause, by mistake or in another unit, would silence the connection for ever.
const PAUSE_MS_MAX = 24 * 3_600_000;

export class ConnectionClient {
  readonly #connector: AnyConnector;
  readonly #settings: unknown;
  readonly #clock: Clock;
  readonly #http: HttpClient;
  readonly #limiter: Limiter;
  readonly #baseUrl: string;
  readonly #redact: Redact;
  readonly #accessToken: AccessToken | undefined;

  constructor({ connector, settings, clock, privateAddresses, limits }: ConnectionClientOptions) {
    this.#connector = connector;
    this.#settings = settings;
    this.#clock = clock;
    this.#http = new HttpClient({ timeoutMs: connector.http.timeoutMs, privateAddresses });
    this.#limiter = new Limiter({
      limits: connector.http.limits(settings),
      store: limits ?? new MemoryLimitStore(clock),
      clock,
      timeoutMs: connector.http.timeoutMs,
    });
    this.#baseUrl = connector.http.baseUrl(settings).replace(/\/+$/, '');
    this.#redact = makeRedact(secretsOf(settings));
    this.#accessToken = this.#makeAccessToken();
  }

  /** Milliseconds until the vendor's main limit has room for another batch, as far as is known here. */
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
    const request = {
      method: call.method,
      url: `${this.#baseUrl}${call.path}${call.query === undefined ? '' : `?${new URLSearchParams(call.query).toString()}`}`,
      headers: {
        accept: 'application/json',
        'user-agent': USER_AGENT,
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...call.headers,
        ...(token === undefined ? {} : { authorization: `Bearer ${token.reveal()}` }),
      },
      body: call.body === undefined ? '' : JSON.stringify(call.body),
    };
    const startedAtMs = this.#clock.now();
    const answer = await this.#http.send(request);
    // A fetched token is no setting, but a vendor may echo it all the same.
    const redact =
      this.#accessToken === undefined || token === undefined ? this.#redact : this.#redactAlso(token);
    const exchange = toExchange({ ...request, startedAtMs }, answer, this.#clock.now(), redact);
    if (answer.kind === 'network') {
      return { sent: { kind: 'failed', failure: this.#networkFailure(answer), exchange } };
    }
    const { response } = answer;
    const isWanted =
      (response.status >= 200 && response.status < 300) || call.accept?.includes(response.status) === true;
    if (isWanted) return { sent: { kind: 'response', response, exchange }, answer: response };
    return {
      sent: { kind: 'failed', failure: this.#classify(response, redact), exchange },
      answer: response,
      ...(response.status === 401 && this.#accessToken !== undefined && token !== undefined
        ? { refusedToken: token }
        : {}),
    };
  }

  #redactAlso(token: Redacted): Redact {
    return makeRedact([...secretsOf(this.#settings), token]);
  }

  async #authorization(): Promise<
    { readonly kind: 'ok'; readonly token?: Redacted } | Extract<Sent, { kind: 'failed' }>
  > {
    const { auth } = this.#connector;
    if (auth.kind === 'bearer') return { kind: 'ok', token: auth.token(this.#settings) };
    if (this.#accessToken === undefined) return { kind: 'ok' };
    const held = await this.#accessToken.get();
    if (held.kind === 'token') return { kind: 'ok', token: held.token };
    return { kind: 'failed', failure: this.#tokenFailure(held.answer) };
  }

  #tokenFailure(answer: Answer): Failure {
    if (answer.kind === 'network') return this.#networkFailure(answer);
    const failure = this.#classify(answer.response, this.#redact);
    // Whatever 4xx a token endpoint gives, no call of this connection can succeed until someone mends it
    // (RFC 6749 section 5.2 answers 400 or 401 to wrong credentials).
    return failure.kind === 'rejected' ? { kind: 'suspended', fault: failure.fault } : failure;
  }

  /** Faults quote the vendor, and a vendor may quote what it was sent. */
  #classify(response: CallResponse, redact: Redact): Failure {
    const { id, http } = this.#connector;
    const failure = classifyFailure(response, http.failures, id, http.describeFailure);
    if (failure.kind === 'deferred') return { ...failure, reason: redact(failure.reason) };
    return { ...failure, fault: { ...failure.fault, message: redact(failure.fault.message) } };
  }

  #networkFailure({ code, message }: Extract<Answer, { kind: 'network' }>): Failure {
    const fault = { code: `${this.#connector.id}.${code}`, message: this.#redact(message) };
    return code === 'forbidden_address' ? { kind: 'suspended', fault } : { kind: 'retry', fault };
  }

  #makeAccessToken(): AccessToken | undefined {
    const { auth } = this.#connector;
    if (auth.kind !== 'client_credentials') return undefined;
    const credentials = {
      tokenUrl: auth.tokenUrl(this.#settings),
      clientId: auth.clientId(this.#settings),
      clientSecret: auth.clientSecret(this.#settings),
      audience: auth.audience,
    };
    return new AccessToken(credentials, this.#http, this.#clock);
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

/** Every secret among the settings, to be taken out of exchanges. */
function secretsOf(settings: unknown): readonly Redacted[] {
  if (typeof settings !== 'object' || settings === null) return [];
  return Object.values(settings).filter((value): value is Redacted => value instanceof Redacted);
}
