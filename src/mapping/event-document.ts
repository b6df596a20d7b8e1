/** An event as conditions and mappings see it: the Segment call, whatever it was made of. */
import type { Event } from '../kernel/event.ts';
import type { JsonObject } from '../kernel/json.ts';

// Every flow of a connection looks at the same event.
const documents = new WeakMap<Event, JsonObject>();

/** The payload, and over it what Linchpin knows of the event: its type, name, id, times and source. */
export function documentOf(event: Event): JsonObject {
  const known = documents.get(event);
  if (known !== undefined) return known;
  const { type, name, id, occurredAt, receivedAt, source, payload } = event;
  const named = name === null ? {} : type === 'track' ? { event: name } : { name };
  const document = { ...payload, type, ...named, messageId: id, timestamp: occurredAt, receivedAt, source };
  documents.set(event, document);
  return document;
}
