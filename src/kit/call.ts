import type { JsonValue } from '../kernel/json.ts';

/**
 * A request that a connector wants made. It is data: the engine adds the base address and the credentials,
 * waits for the vendor's limits, sends it, and keeps the exchange on record.
 */
export interface Call {
  readonly kind: 'call';
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Another of the connector's addresses, by its name in `http.bases`; the base address when absent. */
  readonly base?: string;
  /** Below that address, e.g. `/crm/v3/objects/contacts/batch/read`; already encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** In any spelling; they win over those of the engine (`accept`, `content-type`, `user-agent`). */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: JsonValue;
  /** Sent as it is, in place of a `body`; `headers` say what it is (`content-type`). */
  readonly text?: string;
  /**
   * What the vendor is to know the delivery by, the same whenever it is repeated: the trace id of its item, or of the
   * first item of a batch, or an id of the event. Only calls that are signed use it.
   */
  readonly id?: string;
  /** Statuses beyond 2xx that the generator wants to see itself instead of the failures table. */
  readonly accept?: readonly number[];
}

export interface CallResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON; `undefined` when the body was empty, a string when it was not JSON. */
  readonly body: unknown;
}

/**
 * Asks for sole use of some records of the vendor until the generator ends, among those of the connection in the same
 * process. All are granted together, so two generators cannot wait for each other; a generator claims at most once.
 */
export interface Claim {
  readonly kind: 'claim';
  readonly keys: readonly string[];
}

/**
 * Asks to be the only generator of the connection in the process between this and `leave`. Nothing may be claimed in
 * between.
 */
export interface Enter {
  readonly kind: 'enter';
  readonly name: string;
}

export interface Leave {
  readonly kind: 'leave';
}

export interface Claimed {
  readonly kind: 'claimed';
  /** True when another generator held one of them meanwhile: what was read before may be stale. */
  readonly waited: boolean;
}

export type Step = Call | Claim | Enter | Leave;
export type StepAnswer = CallResponse | Claimed;

/** A conversation with a vendor: yields steps, is handed their answers, returns a result. No I/O of its own. */
export type Steps<Result> = Generator<Step, Result, StepAnswer>;

/** Makes a call within a generator: `const response = yield* send({ method: 'GET', path: '/…' })`. */
export function* send(call: Omit<Call, 'kind'>): Steps<CallResponse> {
  const answer = yield { kind: 'call', ...call };
  if ('kind' in answer) throw new TypeError('A call was answered with a claim.');
  return answer;
}

/** Claims records within a generator; returns true when it had to wait, so that they must be read again. */
export function* claim(keys: readonly string[]): Steps<boolean> {
  const answer = yield { kind: 'claim', keys };
  if (!('kind' in answer)) throw new TypeError('A claim was answered with a response.');
  return answer.waited;
}

/**
 * Takes steps that need to be taken once for all generators of the connection, such as making what an account lacks:
 * one takes them at a time, and the next ones look first whether they are still needed. Another process may take them
 * at the same time, and each shard has a cache of its own: look at the vendor, and bear that it has been done.
 */
export function* alone<Result>(name: string, steps: () => Steps<Result>): Steps<Result> {
  yield { kind: 'enter', name };
  const result = yield* steps();
  yield { kind: 'leave' };
  return result;
}
