import type { FastifyInstance, FastifyRequest } from 'fastify';
import { acceptNotices } from '../../ingest/index.ts';
import type { Ingest } from '../../ingest/index.ts';
import { receive } from '../ingest-request.ts';

/** What vendors tell of changes: an address for each connection, opened by the vendor's signature. */
export function webhookRoutes(server: FastifyInstance, ingest: Ingest): void {
  server.post<{ Params: { readonly connection: string } }>(
    '/webhooks/:connection',
    receive(ingest, (received, request) =>
      acceptNotices(ingest, received, (request.params as { readonly connection: string }).connection, {
        urls: urlsOf(request),
        headers: headersOf(request),
      }),
    ),
  );
}

// A vendor calls https and signs that; a proxy that ends TLS leaves http here.
function urlsOf({ host, url }: FastifyRequest): readonly string[] {
  return [`https://${host}${url}`, `http://${host}${url}`];
}

function headersOf({ headers }: FastifyRequest): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
}
