import type { FastifyInstance } from 'fastify';
import { acceptBatch, acceptCall } from '../../ingest/index.ts';
import type { Ingest } from '../../ingest/index.ts';
import type { SegmentType } from '../../kernel/event.ts';
import { answerPreflight } from '../cors.ts';
import { receive } from '../ingest-request.ts';

// The long paths are documented; the short ones are what browsers and phones call.
const CALL_PATHS: Readonly<Record<string, SegmentType>> = {
  '/v1/track': 'track',
  '/v1/t': 'track',
  '/v1/identify': 'identify',
  '/v1/i': 'identify',
  '/v1/page': 'page',
  '/v1/p': 'page',
  '/v1/screen': 'screen',
  '/v1/s': 'screen',
  '/v1/group': 'group',
  '/v1/g': 'group',
  '/v1/alias': 'alias',
  '/v1/a': 'alias',
};

// Ruby, Java and the old Android library send every batch to /v1/import.
const BATCH_PATHS = ['/v1/batch', '/v1/b', '/v1/import'];

// Where analytics-next reports figures about itself.
const METRICS_PATH = '/v1/m';

/** Segment's tracking API, for its own clients with only the host changed. */
export function segmentRoutes(server: FastifyInstance, ingest: Ingest): void {
  for (const [path, type] of Object.entries(CALL_PATHS)) {
    server.post(
      path,
      receive(ingest, (request) => acceptCall(ingest, request, type)),
    );
  }
  for (const path of BATCH_PATHS) {
    server.post(
      path,
      receive(ingest, (request) => acceptBatch(ingest, request)),
    );
  }
  server.post(METRICS_PATH, () => ({ success: true }));
  for (const path of [...Object.keys(CALL_PATHS), ...BATCH_PATHS, METRICS_PATH])
    server.options(path, answerPreflight);
}
