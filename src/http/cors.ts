import type { FastifyReply, FastifyRequest } from 'fastify';

// Two hours, the longest that Chromium keeps a preflight (developer.mozilla.org, Access-Control-Max-Age, 2026-11).
const MAX_AGE_SECONDS = 7_200;

/**
 * Lets web pages of every origin send. The origin is echoed, because beacons carry credentials and browsers
 * refuse `*` for those; nothing here depends on cookies, so there is nothing that a foreign page could abuse.
 */
export function allowOrigin(request: FastifyRequest, reply: FastifyReply): void {
  const { origin } = request.headers;
  if (origin === undefined) {
    reply.header('access-control-allow-origin', '*');
    return;
  }
  reply.header('access-control-allow-origin', origin);
  reply.header('access-control-allow-credentials', 'true');
  reply.header('access-control-expose-headers', 'Retry-After');
  reply.header('vary', 'Origin');
}

/** Answers a preflight: analytics-next asks for `authorization`, and on repeats for `x-retry-count` (1.84, 2026-11). */
export function answerPreflight(_request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return reply
    .header('access-control-allow-methods', 'GET, POST, OPTIONS')
    .header(
      'access-control-allow-headers',
      'authorization, content-type, content-encoding, x-retry-count, x-write-key',
    )
    .header('access-control-max-age', String(MAX_AGE_SECONDS))
    .code(204)
    .send();
}
