import { fileURLToPath } from 'node:url';
import { fastify } from 'fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Ingest } from '../ingest/index.ts';
import type { IngestParts } from '../ingest/index.ts';
import { LinchpinError } from '../kernel/errors.ts';
import { apiPlugin } from './api/api.ts';
import type { ApiParts } from './api/api.ts';
import { allowOrigin } from './cors.ts';
import { followRequests, noteRefusal } from './ingest-request.ts';
import { sendProblem, toLinchpinError } from './problem.ts';
import { errorPageRoutes } from './routes/error-pages.ts';
import { healthRoutes } from './routes/health.ts';
import type { ReadinessReport } from './routes/health.ts';
import { metricsRoute } from './routes/metrics.ts';
import type { MetricsSource } from './routes/metrics.ts';
import { segmentRoutes } from './routes/segment.ts';
import { subscriberEventRoutes } from './routes/subscriber-events.ts';
import { webhookRoutes } from './routes/webhooks.ts';

/** What the HTTP server needs of a logger; pino's fits. */
export interface HttpLogger {
  error(fields: object, message: string): void;
}

export interface ServerParts {
  /** Absent in a process that takes nothing in. */
  readonly ingest?: IngestParts;
  readonly readiness: () => Promise<ReadinessReport>;
  /** The management API; without it there is nothing under /api. */
  readonly api?: ApiParts | undefined;
  readonly metrics?: MetricsSource;
  readonly logger?: HttpLogger;
  /**
   * Which proxies in front may name the sender's address in `X-Forwarded-For`: a list of addresses and
   * networks, or `true` for any. By default none.
   */
  readonly trustProxy?: boolean | readonly string[];
}

// A phone on a poor line (64 kbit/s) needs 70 s for the largest body.
const REQUEST_TIMEOUT_MS = 120_000;

// Valid in `src/http/` and in a bundle two folders below the root.
const ERROR_PAGES = fileURLToPath(new URL('../../docs/errors', import.meta.url));

/** The HTTP server with all its routes; it does not listen yet. */
export function makeServer({
  ingest,
  readiness,
  api,
  metrics,
  logger,
  trustProxy = false,
}: ServerParts): FastifyInstance {
  const server = fastify({
    // Clients follow no redirect on POST, so both spellings of a path lead to the same route.
    routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true },
    trustProxy: typeof trustProxy === 'boolean' ? trustProxy : [...trustProxy],
    requestTimeout: REQUEST_TIMEOUT_MS,
    // A shutdown waits for requests, never for idle connections that clients keep open.
    forceCloseConnections: 'idle',
    frameworkErrors: (error, _request, reply) => {
      void sendProblem(reply, toLinchpinError(error));
    },
  });
  server.setErrorHandler((error, request, reply) => {
    const known = toLinchpinError(error);
    noteRefusal(request, known.code);
    if (known.status >= 500) {
      logger?.error(
        { err: known.cause ?? known, code: known.code, method: request.method, url: request.url },
        known.message,
      );
    }
    return sendProblem(reply, known);
  });
  server.setNotFoundHandler((request, reply) => {
    const allowed = methodsOf(server, request);
    if (allowed.length > 0) reply.header('allow', allowed.join(', '));
    return sendProblem(reply, notFound(request, allowed));
  });

  healthRoutes(server, readiness);
  if (metrics !== undefined) metricsRoute(server, metrics, api?.token);
  errorPageRoutes(server, ERROR_PAGES);
  if (api !== undefined) apiPlugin(server, api);
  if (ingest !== undefined) ingestRoutes(server, ingest);
  return server;
}

function ingestRoutes(server: FastifyInstance, ingest: IngestParts): void {
  void server.register((scope, _options, done) => {
    const accepting = new Ingest(ingest);
    takeAnyBody(scope);
    followRequests(scope, accepting);
    segmentRoutes(scope, accepting);
    subscriberEventRoutes(scope, accepting);
    webhookRoutes(scope, accepting);
    done();
  });
}

/** Bodies are JSON whatever they are called: browsers and Kotlin say text/plain, others nothing or nonsense. */
function takeAnyBody(scope: FastifyInstance): void {
  scope.addHook('onRequest', (request, reply, done) => {
    allowOrigin(request, reply);
    // Fastify refuses a malformed type before any parser sees the body.
    delete request.raw.headers['content-type'];
    done();
  });
}

function methodsOf(server: FastifyInstance, request: FastifyRequest): readonly string[] {
  const path = (request.url.split('?', 1)[0] ?? '').replace(/(?<=.)\/$/, '');
  return ['GET', 'POST', 'OPTIONS'].filter((method) => server.hasRoute({ method, url: path }));
}

function notFound(request: FastifyRequest, allowed: readonly string[]): LinchpinError {
  if (allowed.length === 0) {
    return new LinchpinError('http.route_unknown', {
      message: 'There is nothing at this address.',
      ...(/^\/api(\/|$)/.test(request.url)
        ? { remedy: 'GET /api/openapi.json lists what is under /api.' }
        : {}),
    });
  }
  return new LinchpinError('http.method_not_allowed', {
    message: `This address does not answer ${request.method}.`,
    remedy: `Use ${allowed.join(', ')}.`,
  });
}
