import { Refused, UnreadableBody } from '../core/index.ts';
import type { EmulatorRequest, Method, Reply, Route } from '../core/index.ts';
import type { Call } from './call.ts';
import { cloudflarePage, errorReply, expired, missingScopes, NOT_AUTHENTICATED } from './errors.ts';
import { admit, limitHeaders } from './limits.ts';
import type { CallKind } from './limits.ts';
import { toObjectCall } from './objects/object-call.ts';
import type { ObjectCall } from './objects/object-call.ts';
import { resolveType } from './objects/object-types.ts';
import type { ObjectScopes } from './objects/object-types.ts';
import { refuseUnreadable } from './refusals.ts';
import { getPortal } from './state.ts';
import type { HubspotState } from './state.ts';
import type { Token } from './token.ts';
import type { Version } from './versions.ts';

export type { Call } from './call.ts';

export interface GuardedRoute {
  readonly method: Method;
  readonly path: string;
  /** One of these scopes is enough. */
  readonly scopes: readonly string[] | ((call: Call) => readonly string[]);
  readonly kind?: CallKind;
  handle(call: Call): Reply;
}

// GET URLs above some 15,000 to 16,000 characters met 414 (integrators' reports).
const URL_LENGTH_MAX = 16_000;
const TOKEN_SHAPE = /^[\w.~+/=-]+$/;

export interface ObjectRoute {
  readonly method: Method;
  /** With the object type as `:type`. */
  readonly path: string;
  /** Which of the type's scopes is asked for. */
  readonly access: keyof ObjectScopes;
  readonly kind?: CallKind;
  readonly handle: (call: ObjectCall) => Reply;
}

/** Guarded routes whose path names an object type. */
export function guardObjects(version: Version, routes: readonly ObjectRoute[]): Route<HubspotState>[] {
  return routes.map(({ access, handle, ...route }) =>
    guard({
      ...route,
      scopes: ({ portal, request }) => resolveType(portal, request.param('type')).scopes[access],
      handle: (call) =>
        handle(toObjectCall(call, resolveType(call.portal, call.request.param('type')), version)),
    }),
  );
}

/** Token, then limits, then scopes, then the call: refusals before the limits cost nothing. */
export function guard(route: GuardedRoute): Route<HubspotState> {
  const kind = route.kind ?? 'ordinary';
  return {
    method: route.method,
    path: route.path,
    handle: (request, state) => {
      const token = authenticate(request, state);
      const portal = getPortal(state, token.portalId);
      const refusal = admit(state, portal, token, kind);
      const reply =
        refusal ??
        answer(route, { request, portal, token, switches: state.switches, now: state.clock.now() });
      if (kind === 'search' || kind === 'own') return reply;
      return { ...reply, headers: { ...reply.headers, ...limitHeaders(state, portal, token, kind) } };
    },
  };
}

function answer(route: GuardedRoute, call: Call): Reply {
  const { request } = call;
  if (request.path.length + request.query.toString().length > URL_LENGTH_MAX) {
    return errorReply(414, { message: 'URI Too Long' });
  }
  try {
    const scopes = typeof route.scopes === 'function' ? route.scopes(call) : route.scopes;
    if (!scopes.some((scope) => call.token.scopes.has(scope))) return missingScopes(scopes);
    return route.handle(call);
  } catch (error) {
    // Caught here rather than by the server: these answers carry the limit headers too.
    if (error instanceof Refused) return error.reply;
    if (error instanceof UnreadableBody) return refuseUnreadable(error.reason, request, error.message);
    throw error;
  }
}

export function authenticate(request: EmulatorRequest, state: HubspotState): Token {
  const given = request.bearer();
  if (given === undefined) throw new Refused(NOT_AUTHENTICATED);
  if (!TOKEN_SHAPE.test(given) && state.switches.malformedToken === '530') {
    throw new Refused(cloudflarePage(530, 'Origin DNS error'));
  }
  const token = state.tokens.get(given);
  if (token === undefined || token.isRevoked) throw new Refused(NOT_AUTHENTICATED);
  const now = state.clock.now();
  if (token.expiresAt !== undefined && token.expiresAt <= now) {
    throw new Refused(expired(Math.max(1, Math.floor((now - token.expiresAt) / 1_000))));
  }
  return token;
}
