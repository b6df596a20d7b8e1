import type { FastifyInstance, FastifyRequest } from 'fastify';
import { LinchpinError } from '../../kernel/errors.ts';
import type { Redacted } from '../../kernel/redacted.ts';
import { assertToken } from '../api/api.ts';

/** What `/metrics` tells. */
export interface MetricsSource {
  readonly contentType: string;
  render(): Promise<string>;
}

/**
 * `/metrics` for Prometheus: to whoever asks from this machine, and to others with the bearer token of the API, because
 * names of connections, flows and sources are nobody else's business.
 */
export function metricsRoute(
  server: FastifyInstance,
  metrics: MetricsSource,
  token: Redacted | undefined,
): void {
  server.get('/metrics', async (request, reply) => {
    if (!isLocal(request)) assertMayAsk(request.headers.authorization, token);
    return reply.type(metrics.contentType).send(await metrics.render());
  });
}

function assertMayAsk(authorization: string | undefined, token: Redacted | undefined): void {
  if (token === undefined || authorization === undefined) {
    throw new LinchpinError('http.metrics_forbidden', {
      message: 'Metrics are told to this machine only, or for the bearer token of the API.',
    });
  }
  assertToken(authorization, token);
}

const LOOPBACK = /^(?:127\.|::1$|::ffff:127\.)/;

// What a proxy in front adds: with any of these the sender is somebody else, wherever the socket comes from.
const FORWARDING_HEADERS = ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip'];

/** By the socket and never by what the request says of itself. */
function isLocal({ raw, headers }: FastifyRequest): boolean {
  const isForwarded = FORWARDING_HEADERS.some((name) => headers[name] !== undefined);
  return !isForwarded && LOOPBACK.test(raw.socket.remoteAddress ?? '');
}
