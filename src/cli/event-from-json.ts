/** An event as someone wrote it down for `flows test`: a Segment call, or an event of the log. */
import { normaliseCall, Refusal } from '../ingest/index.ts';
import { LinchpinError } from '../kernel/errors.ts';
import { EVENT_TYPES } from '../kernel/event.ts';
import type { EventType, LoggedEvent } from '../kernel/event.ts';
import { isJsonObject } from '../kernel/json.ts';
import type { JsonObject } from '../kernel/json.ts';

// The form in which the event left the log: `linchpin deliveries show <event> --json` gives it.
const LOGGED_FIELDS = ['id', 'type', 'personKey', 'occurredAt', 'receivedAt', 'payload'] as const;

/** A Segment call is taken as if the flow's source had sent it now; an event of the log stays as it is. */
export function eventFromJson(json: unknown, source: string, nowMs: number): LoggedEvent {
  const written = isJsonObject(json) && isJsonObject(json['event']) ? json['event'] : json;
  if (isJsonObject(written) && LOGGED_FIELDS.every((field) => written[field] !== undefined)) {
    return toLogged(written, source);
  }
  const normalised = normaliseCall(
    written,
    {
      source,
      receivedAtMs: nowMs,
      receivedAt: new Date(nowMs).toISOString(),
      clientIp: '127.0.0.1',
      type: undefined,
      sentAt: undefined,
      context: undefined,
      integrations: undefined,
      isSuspect: true,
    },
    '',
  );
  if (normalised instanceof Refusal) {
    const { code, field, message } = normalised;
    throw new LinchpinError(code, { message, field });
  }
  const { body, ...event } = normalised;
  return { ...event, position: UNLOGGED, payload: JSON.parse(body) as JsonObject }; // Written by normaliseCall.
}

// Positions of the log are counted from 1.
const UNLOGGED = 0;

function toLogged(written: JsonObject, source: string): LoggedEvent {
  const { id, type, name, personKey, occurredAt, receivedAt, payload } = written;
  const isKnown = (value: unknown): value is EventType => EVENT_TYPES.some((known) => known === value);
  if (!isKnown(type) || !isJsonObject(payload) || Number.isNaN(Date.parse(String(receivedAt)))) {
    throw new LinchpinError('cli.usage', {
      message: 'The event is none of the log: its type, payload or receivedAt is not what one has.',
      field: '--event',
      remedy: 'Take a Segment call, or what linchpin deliveries show <event> --json gives.',
    });
  }
  return {
    id: String(id),
    source: typeof written['source'] === 'string' ? written['source'] : source,
    type,
    name: typeof name === 'string' ? name : null,
    personKey: String(personKey),
    occurredAt: String(occurredAt),
    receivedAt: String(receivedAt),
    payload,
    position: UNLOGGED,
  };
}
