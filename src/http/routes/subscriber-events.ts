import type { FastifyInstance } from 'fastify';
import { acceptSubscriberEvents } from '../../ingest/index.ts';
import type { Ingest } from '../../ingest/index.ts';
import { answerPreflight } from '../cors.ts';
import { receive } from '../ingest-request.ts';

const PATH = '/v1/subscriber-events';

/** Events of a subscription platform: one object or a list, with the bearer token of a source. */
export function subscriberEventRoutes(server: FastifyInstance, ingest: Ingest): void {
  server.post(
    PATH,
    receive(ingest, (request) => acceptSubscriberEvents(ingest, request)),
  );
  server.options(PATH, answerPreflight);
}
