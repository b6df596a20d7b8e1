/**
 * Writes down what delivery did not finish: one line per input, with the ids of its events and never with what is in
 * them. A fault is told by its code; its message quotes the vendor, who may quote the person, and stands in the attempt.
 */
import type { DeliveryObserver } from '../../delivery/index.ts';
import type { Fault } from '../../kernel/outcome.ts';
import type { LineLimiter } from './line-limiter.ts';

// Of a merged input; the rest is a number.
const EVENT_IDS_MAX = 10;

export function makeDeliveryLog(lines: LineLimiter): DeliveryObserver {
  return {
    failed: ({ workspace, connection, flow, parked, dead, fault, dueAtMs }) => {
      const about = { workspace, connection, flow, code: fault.code };
      if (parked.length > 0) {
        const details = { ...idsOf(parked), ...restOf(fault), dueAt: new Date(dueAtMs).toISOString() };
        lines.write({ level: 'info', event: 'delivery.parked', about, details });
      }
      if (dead.length > 0) {
        const details = { ...idsOf(dead), ...restOf(fault) };
        lines.write({ level: 'warn', event: 'delivery.dead_lettered', about, details });
      }
    },
    breaker: ({ workspace, connection, state, fault }) => {
      if (state === 'closed') {
        lines.write({ level: 'info', event: 'delivery.breaker_closed', about: { workspace, connection } });
        return;
      }
      const about = { workspace, connection, ...(fault === undefined ? {} : { code: fault.code }) };
      const details = fault === undefined ? {} : restOf(fault);
      lines.write({ level: 'warn', event: 'delivery.breaker_opened', about, details });
    },
    suspended: ({ workspace, connection, fault }) => {
      const about = { workspace, connection, code: fault.code };
      lines.write({ level: 'error', event: 'delivery.suspended', about, details: restOf(fault) });
    },
    resumed: ({ workspace, connection }) => {
      lines.write({ level: 'info', event: 'delivery.resumed', about: { workspace, connection } });
    },
    runSettled: () => undefined,
    unsent: () => undefined,
    recorded: () => undefined,
  };
}

function idsOf(parts: readonly { readonly eventId: string }[]): object {
  const eventIds = parts.slice(0, EVENT_IDS_MAX).map(({ eventId }) => eventId);
  return parts.length > EVENT_IDS_MAX ? { eventIds, eventCount: parts.length } : { eventIds };
}

function restOf({ status, requestId }: Fault): object {
  return { ...(status === undefined ? {} : { status }), ...(requestId === undefined ? {} : { requestId }) };
}
