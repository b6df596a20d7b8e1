import type { EmulatorRequest, Method, Reply, Route } from '../core/index.ts';
import { invalid, problem, refuse, versionOf } from './problems.ts';
import type { Version } from './problems.ts';
import type { RuleState } from './state.ts';
import { IDENTIFIERS, readPhone } from './subscribers.ts';
import type { Identifier, Subscriber } from './subscribers.ts';
import type { Usage } from './usage.ts';

/** A call whose key is good and has calls left. */
export interface Call {
  readonly request: EmulatorRequest;
  readonly state: RuleState;
  readonly version: Version;
}

/** A route of `https://app.rule.io/api/<version>`, behind the key and its limits. */
export function guard(
  version: Version,
  method: Method,
  path: string,
  handle: (call: Call) => Reply,
): Route<RuleState> {
  return {
    method,
    path: `/api/${version}${path}`,
    handle: (request, state) => {
      const usage = state.usageOf(keyOf(request));
      if (usage === undefined) return problem(version, 401, 'NotAuthorized', 'Not authorized.');
      return usage.refusal(request.at) ?? handle({ request, state, version });
    },
  };
}

/** In v2 a key may also stand in the query or the body. */
export function keyOf(request: EmulatorRequest): string | undefined {
  const bearer = request.bearer();
  if (bearer !== undefined || versionOf(request) === 'v3') return bearer;
  return request.query.get('apikey') ?? keyInBody(request.body);
}

function keyInBody(bytes: Buffer): string | undefined {
  if (!bytes.includes('"apikey"')) return undefined;
  try {
    const body: unknown = JSON.parse(bytes.toString('utf8'));
    return isObject(body) && typeof body['apikey'] === 'string' ? body['apikey'] : undefined;
  } catch {
    // A broken body names no key; a call with a key that is known elsewhere is refused for it later.
    return undefined;
  }
}

/** What every answer carries, refusals made by a fault too: the headers of the limits, and the emulator's time. */
export function finish(reply: Reply, request: EmulatorRequest, state: RuleState): Reply {
  const usage: Usage | undefined = state.usageOf(keyOf(request));
  usage?.count(reply.status, request.at);
  return {
    ...reply,
    headers: {
      date: new Date(request.at).toUTCString(),
      ...(usage === undefined || reply.status === 429 ? {} : usage.headers(request.at)),
      ...reply.headers,
    },
  };
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The body of a call, which must be an object without other keys than these. */
export function readBody(
  { request, version }: Call,
  keys: readonly string[],
): Readonly<Record<string, unknown>> {
  const body = request.json();
  if (!isObject(body)) return refuse(version, 400, 'BadRequest', 'The body must be an object.');
  const odd = Object.keys(body).find((key) => key !== 'apikey' && !keys.includes(key));
  return odd === undefined ? body : invalid(version, odd, `The field ${odd} is unknown.`);
}

/** The subscriber that the path names, by what `identified_by` says; by the look of it when it says nothing. */
export function findSubscriber(call: Call): Subscriber | undefined {
  const ident = call.request.param('ident');
  const given = call.request.query.get('identified_by');
  const by = given === null ? looksLike(ident) : IDENTIFIERS.find((known) => known === given);
  if (by === undefined) return invalid(call.version, 'identified_by', 'The identifier is unknown.');
  return call.state.subscribers.find(by, ident);
}

export function getSubscriber(call: Call): Subscriber {
  return findSubscriber(call) ?? refuse(call.version, 404, 'NotFound', 'No such subscriber.');
}

function looksLike(ident: string): Identifier {
  if (ident.includes('@')) return 'email';
  return /^\d+$/.test(ident) ? 'id' : 'phone_number';
}

/** One entry of the `subscribers` of a bulk call: the first identifier that it has. */
export function findListed({ state, version }: Call, entry: unknown): Subscriber | undefined {
  if (!isObject(entry)) return invalid(version, 'subscribers', 'A subscriber is an object.');
  for (const by of IDENTIFIERS) {
    const value = entry[by];
    if (value === undefined) continue;
    if (by === 'phone_number') return state.subscribers.find(by, readPhone(version, value) ?? '');
    if (typeof value !== 'string' && typeof value !== 'number') {
      return invalid(version, by, `The ${by} is not valid.`);
    }
    return state.subscribers.find(by, String(value));
  }
  return invalid(version, 'subscribers', 'A subscriber needs email, phone_number, id or custom_identifier.');
}
