import type { EmulatorRequest, Reply } from '../core/index.ts';
import type { HubspotState } from './state.ts';

/** What every answer of HubSpot carries: a correlation id, in the header and in the body of an error. */
export function finish(reply: Reply, _request: EmulatorRequest, state: HubspotState): Reply {
  const correlationId = nextCorrelationId(state);
  return {
    ...reply,
    headers: {
      'x-hubspot-correlation-id': correlationId,
      'access-control-allow-credentials': 'false',
      vary: 'origin, accept-encoding',
      'cf-cache-status': 'DYNAMIC',
      server: 'cloudflare',
      'server-timing': `hcid;desc="${correlationId}"`,
      ...reply.headers,
    },
    ...(isError(reply.body) ? { body: { ...reply.body, correlationId } } : {}),
  };
}

function isError(body: unknown): body is object {
  return (
    typeof body === 'object' &&
    body !== null &&
    'status' in body &&
    // The token endpoints have a status of their own for each error.
    (body.status === 'error' || 'message' in body) &&
    !('correlationId' in body)
  );
}

/** Shaped as a version 7 UUID from the emulator's time and a counter, so that runs repeat exactly. */
function nextCorrelationId(state: HubspotState): string {
  state.answers += 1;
  const time = Math.max(0, Math.floor(state.clock.now())).toString(16).padStart(12, '0');
  const count = state.answers.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8, 12)}-7000-8000-${count}`;
}
