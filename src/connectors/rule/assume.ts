/**
 * What Rule would answer if every field existed and the subscriber carried no tag, so that a preview goes on to the
 * values. A creation would end it before them: the call that makes a subscriber gives the id that the next one needs.
 */
import type { Call, CallResponse } from '../../kit/index.ts';

// No subscriber has it.
const NO_ID = 0;

export function assume({ method, path }: Call): CallResponse | undefined {
  // It makes fields that are missing, and here none is.
  if (method === 'POST' && path === '/api/v2/customizations') return ok({});
  if (method !== 'GET') return undefined;
  return /^\/api\/v2\/subscribers\/[^/]+$/.test(path)
    ? ok({ subscriber: { id: NO_ID, tags: [] } })
    : undefined;
}

function ok(body: unknown): CallResponse {
  return { status: 200, headers: {}, body };
}
