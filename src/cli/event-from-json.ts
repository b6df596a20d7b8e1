/** An event as someone wrote it down for `flows test`: a Segment call, or an event of the log. */
import { z } from 'zod';
import { normaliseCall, Refusal } from '../ingest/index.ts';
import { LinchpinError } from '../kernel/errors.ts';
import { EVENT_TYPES } from '../kernel/event.ts';
import type { LoggedEvent } from '../kernel/event.ts';
import { isJsonObject } from '../kernel/json.ts';
import type { JsonObject } from '../kernel/json.ts';

/** The form in which an event leaves the log: `linchpin deliveries show <event> --json` gives it. */
const loggedSchema = z.object({
  id: z.string(),
  source: z.string().optional(),
  type: z.enum(EVENT_TYPES),
  name: z.string().nullable().default(null),
  personKey: z.string(),
  occurredAt: z.iso.datetime(),
  receivedAt: z.iso.datetime(),
  payload: z.record(z.string(), z.unknown()),
});

// What tells it from a Segment call, whose ids and times have other names.
const LOGGED_FIELDS = ['id', 'personKey', 'occurredAt', 'payload'] as const;

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
  const parsed = loggedSchema.safeParse(written);
  if (!parsed.success) {
    const { path = [], message = '' } = parsed.error.issues[0] ?? {};
    throw new LinchpinError('cli.usage', {
      message: `The event is none of the log: ${path.map(String).join('.')}: ${message}.`,
      field: '--event',
      remedy: 'Take a Segment call, or what linchpin deliveries show <event> --json gives.',
    });
  }
  const { payload, source: own = source, ...event } = parsed.data;
  return { ...event, source: own, payload: payload as JsonObject, position: UNLOGGED }; // It came as JSON.
}
