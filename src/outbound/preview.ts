/**
 * Drives a connector's generator without sending anything: its reads get answers that were given or that the connector
 * assumes, and the first call that has neither ends the preview. No I/O.
 */
import type { JsonValue } from '../kernel/json.ts';
import type { AnyConnector, Call, CallResponse, Steps } from '../kit/index.ts';
import { callFailure } from './failure.ts';
import type { Failure } from './failure.ts';
import { makeRedact, secretsOf } from './redaction.ts';
import { secretsOfAuth } from './request.ts';

/** A call as it would be sent, without its credentials. */
export interface PreviewedCall {
  readonly method: Call['method'];
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: JsonValue;
  /** In place of a body: sent as it is. */
  readonly text?: string;
  /** What the preview went on with; absent for the call that ended it. */
  readonly answer?: {
    readonly from: 'given' | 'assumed';
    readonly status: number;
    readonly body: unknown;
  };
}

export interface Preview<Result> {
  readonly calls: readonly PreviewedCall[];
  readonly end:
    | { readonly kind: 'returned'; readonly result: Result }
    /** What follows depends on the answer to the last call. */
    | { readonly kind: 'unanswered' }
    /** The answer that was given to the last call means this for the input. */
    | { readonly kind: 'failed'; readonly failure: Failure };
}

export interface PreviewOptions {
  readonly connector: AnyConnector;
  readonly settings: unknown;
  readonly input: unknown;
  /** For the calls in turn; what the connector assumes stands in when they are used up. */
  readonly answers: readonly CallResponse[];
}

export function preview<Result>(steps: Steps<Result>, options: PreviewOptions): Preview<Result> {
  const { connector, settings, input } = options;
  const redact = makeRedact([...secretsOf(settings), ...secretsOfAuth(connector.auth(settings))]);
  const given = [...options.answers];
  const calls: PreviewedCall[] = [];
  try {
    let step = steps.next();
    while (step.done !== true) {
      if (step.value.kind !== 'call') {
        step = steps.next({ kind: 'claimed', waited: false });
        continue;
      }
      const call = step.value;
      const from = given.length > 0 ? 'given' : 'assumed';
      const response = given.shift() ?? connector.assume?.(call, input);
      calls.push({
        ...shown(call, connector, settings, redact),
        ...(response === undefined ? {} : { answer: { from, status: response.status, body: response.body } }),
      });
      if (response === undefined) return { calls, end: { kind: 'unanswered' } };
      if (!isWanted(response, call)) {
        const answer = { kind: 'response', response, text: JSON.stringify(response.body) } as const;
        return { calls, end: { kind: 'failed', failure: callFailure(answer, connector, redact) } };
      }
      step = steps.next(response);
    }
    return { calls, end: { kind: 'returned', result: step.value } };
  } finally {
    // As drive.ts does when it leaves a generator early.
    steps.return(undefined as never);
  }
}

function isWanted({ status }: CallResponse, { accept = [] }: Call): boolean {
  return (status >= 200 && status < 300) || accept.includes(status);
}

function shown(
  { method, base, path, query, headers, body, text }: Call,
  { id, http }: AnyConnector,
  settings: unknown,
  redact: (text: string) => string,
): PreviewedCall {
  const urlOf = base === undefined ? http.baseUrl : http.bases?.[base];
  if (urlOf === undefined) throw new TypeError(`${id} declares no base address "${base ?? ''}".`);
  const search = query === undefined ? '' : `?${new URLSearchParams(query).toString()}`;
  return {
    method,
    url: redact(`${urlOf(settings).replace(/\/+$/, '')}${path}${search}`),
    ...(headers === undefined
      ? {}
      : {
          headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, redact(value)])),
        }),
    ...(body === undefined ? {} : { body: JSON.parse(redact(JSON.stringify(body))) as JsonValue }),
    ...(text === undefined ? {} : { text: redact(text) }),
  };
}
