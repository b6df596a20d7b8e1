import type { FastifyRequest } from 'fastify';
import type { IngestRequest } from '../ingest/index.ts';

/** The parts of an HTTP request that ingest reads. */
export function toIngestRequest(request: FastifyRequest): IngestRequest {
  const writeKey = request.headers['x-write-key'];
  return {
    body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    contentEncoding: request.headers['content-encoding'],
    authorization: request.headers.authorization,
    writeKeyHeader: typeof writeKey === 'string' ? writeKey : undefined,
    // A socket that listens on IPv6 writes IPv4 addresses as ::ffff:192.0.2.1.
    clientIp: request.ip.replace(/^::ffff:(?=\d+\.)/i, ''),
  };
}
