import { json, Refused } from '../core/index.ts';
import type { EmulatorRequest, Reply, Route } from '../core/index.ts';
import { problem } from './problem.ts';
import type { Grant, SesamyState } from './state.ts';

export type SesamyRoute = Route<SesamyState>;

interface Publisher extends Grant {
  readonly userId: null;
}

interface Reader extends Grant {
  readonly userId: string;
}

/** A call that any valid token may make. */
export function anyone(
  method: SesamyRoute['method'],
  path: string,
  handle: (request: EmulatorRequest, state: SesamyState, grant: Grant) => Reply,
): SesamyRoute {
  return {
    method,
    path,
    handle: (request, state) => {
      const grant = authenticate(request, state);
      return handle(request, state.ofVendor(grant.vendorId), grant);
    },
  };
}

/** A call of the management API: only the publisher's own token. */
export function publisher(
  method: SesamyRoute['method'],
  path: string,
  handle: (request: EmulatorRequest, state: SesamyState, grant: Publisher) => Reply,
): SesamyRoute {
  return anyone(method, path, (request, state, grant) => {
    if (grant.userId !== null)
      throw new Refused(problem(403, 'forbidden', 'The token is not for the Management API'));
    return handle(request, state, { ...grant, userId: null });
  });
}

/** A call about "my" things: only a reader's token says whose. */
export function reader(
  method: SesamyRoute['method'],
  path: string,
  handle: (request: EmulatorRequest, state: SesamyState, grant: Reader) => Reply,
): SesamyRoute {
  return anyone(method, path, (request, state, grant) => {
    const { userId } = grant;
    if (userId === null) throw new Refused(problem(403, 'forbidden', 'The token is not that of a user'));
    return handle(request, state, { ...grant, userId });
  });
}

function authenticate(request: EmulatorRequest, state: SesamyState): Grant {
  const token = request.bearer();
  if (token === undefined) throw new Refused(problem(401, 'unauthorized', 'Missing bearer token'));
  const grant = state.tokens.get(token);
  if (grant === undefined) throw new Refused(problem(401, 'unauthorized', 'Invalid token'));
  if (grant.expiresAtMs <= state.context.clock.now())
    throw new Refused(problem(401, 'unauthorized', 'Token expired'));
  state.countCall();
  return grant;
}

/** One resource, bare or wrapped. */
export function one(state: SesamyState, resource: unknown, status = 200): Reply {
  const wrapped = { data: resource, meta: { timestamp: state.now() } };
  return json(status, state.envelope === 'wrapped' ? wrapped : resource);
}

const LIMIT_DEFAULT = 50;
const LIMIT_MAX = 100;

/**
 * A page of a list after `limit` and `offset`, bare or wrapped. A query name that the list does not know is
 * refused: the vendor may ignore it, and a filter that is ignored shows other people's records.
 */
export function page(
  request: EmulatorRequest,
  state: SesamyState,
  items: readonly unknown[],
  filters: readonly string[],
): Reply {
  for (const name of request.query.keys()) {
    if (!['limit', 'offset', ...filters].includes(name))
      throw new Refused(badQuery(name, 'is not a known parameter'));
  }
  const limit = numberOf(request, 'limit', LIMIT_DEFAULT, 1, LIMIT_MAX);
  const offset = numberOf(request, 'offset', 0, 0, Number.MAX_SAFE_INTEGER);
  const shown = items.slice(offset, offset + limit);
  if (state.envelope === 'bare') return json(200, shown);
  const pagination = { total: items.length, limit, offset, hasMore: offset + shown.length < items.length };
  return json(200, { data: shown, pagination });
}

/** Keeps the records whose fields equal the query's values of the same names. */
export function filtered<Kept extends object>(
  request: EmulatorRequest,
  items: Iterable<Kept>,
  names: readonly string[],
): Kept[] {
  const wanted = names.flatMap((name) => {
    const value = request.query.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  return [...items].filter((item) =>
    wanted.every(([name, value]) => String((item as Readonly<Record<string, unknown>>)[name]) === value),
  );
}

function numberOf(
  request: EmulatorRequest,
  name: string,
  fallback: number,
  min: number,
  max: number,
): number {
  const text = request.query.get(name);
  if (text === null) return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new Refused(badQuery(name, `must be a whole number from ${String(min)} to ${String(max)}`));
  }
  return value;
}

function badQuery(path: string, message: string): Reply {
  return problem(400, 'validation_error', 'The request is not valid', { details: [{ path, message }] });
}
