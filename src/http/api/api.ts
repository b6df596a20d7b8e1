/** The management API under /api: who may ask, what is checked, and the document that describes it. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Pool } from 'pg';
import type { Workspace } from '../../flows/workspace.ts';
import type { Clock } from '../../kernel/clock.ts';
import { LinchpinError } from '../../kernel/errors.ts';
import type { Redacted } from '../../kernel/redacted.ts';
import { changeReplayRoutes } from './change-replay.ts';
import { discardDeadLettersRoute } from './discard-dead-letters.ts';
import { listDeadLettersRoute } from './list-dead-letters.ts';
import { listDeliveriesRoute } from './list-deliveries.ts';
import { listReplaysRoute, showReplayRoute } from './list-replays.ts';
import { makeOpenApi } from './openapi.ts';
import { resumeConnectionRoute } from './resume-connection.ts';
import { retryDeadLettersRoute } from './retry-dead-letters.ts';
import { retryEditedDeadLetterRoute } from './retry-edited-dead-letter.ts';
import { check } from './route.ts';
import type { AnyApiRoute } from './route.ts';
import { showDeadLetterRoute } from './show-dead-letter.ts';
import { showDeliveryRoute } from './show-delivery.ts';
import { showPersonRoute } from './show-person.ts';
import { startReplayRoute } from './start-replay.ts';

export const apiRoutes: readonly AnyApiRoute[] = [
  listDeadLettersRoute,
  showDeadLetterRoute,
  retryDeadLettersRoute,
  retryEditedDeadLetterRoute,
  discardDeadLettersRoute,
  listDeliveriesRoute,
  showDeliveryRoute,
  showPersonRoute,
  listReplaysRoute,
  showReplayRoute,
  startReplayRoute,
  ...changeReplayRoutes,
  resumeConnectionRoute,
];

export interface ApiParts {
  readonly token: Redacted;
  readonly pool: Pool;
  readonly clock: Clock;
  /** The workspace as it is applied now. */
  readonly loadWorkspace: () => Promise<Workspace>;
}

/** Adds the routes to a scope of their own. */
export function apiPlugin(server: FastifyInstance, parts: ApiParts): void {
  void server.register((scope, _options, done) => {
    scope.addHook('onRequest', (request, reply, next) => {
      // What is told here is about people.
      reply.header('cache-control', 'no-store');
      assertToken(request.headers.authorization, parts.token);
      next();
    });
    const document = makeOpenApi(apiRoutes);
    scope.get('/api/openapi.json', () => document);
    for (const route of apiRoutes) addRoute(scope, route, parts);
    done();
  });
}

function addRoute(
  scope: FastifyInstance,
  route: AnyApiRoute,
  { pool, clock, loadWorkspace }: ApiParts,
): void {
  scope.route({
    method: route.method,
    url: route.path.replaceAll(/\{(\w+)\}/g, ':$1'),
    handler: async (request, reply): Promise<FastifyReply> => {
      const params: unknown = check(route.params, request.params, 'path');
      const query: unknown = check(route.query, request.query, 'query');
      const body: unknown = route.body === undefined ? undefined : check(route.body, request.body, 'body');
      const workspace = await loadWorkspace();
      return reply.send(await route.run({ pool, clock, workspace }, { params, query, body }));
    },
  });
}

const BEARER = /^Bearer +(\S+)$/i;

/** Throws unless the header carries the token of this Linchpin. */
export function assertToken(authorization: string | undefined, token: Redacted): void {
  const given = BEARER.exec(authorization ?? '')?.[1];
  if (given === undefined) {
    throw new LinchpinError('api.token_missing', { message: 'The request names no token.' });
  }
  // Hashes have one length, and comparing them takes the same time wherever they differ.
  if (timingSafeEqual(hash(given), hash(token.reveal()))) return;
  throw new LinchpinError('api.token_unknown', { message: 'The token is not the one of this Linchpin.' });
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
