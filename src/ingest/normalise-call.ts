import { makeId } from '../kernel/ids.ts';
import type { NewEvent, SegmentType } from '../kernel/event.ts';
import { isJsonObject } from '../kernel/json.ts';
import type { JsonObject } from '../kernel/json.ts';
import { fillIp } from './client-ip.ts';
import { fieldPath, refuse, Refusal } from './refusal.ts';
import { isBlank, parseCall } from './segment-call.ts';
import type { SegmentCall } from './segment-call.ts';
import { findStructureFault } from './structure.ts';
import { correctedTime, parseTimestamp } from './timestamps.ts';

/** What the items of one request have in common. */
export interface Envelope {
  readonly source: string;
  readonly receivedAtMs: number;
  /** The same as ISO 8601 in UTC. */
  readonly receivedAt: string;
  readonly clientIp: string;
  /** Set by the path of a single call; items of a batch name their own. */
  readonly type: SegmentType | undefined;
  /** Of the whole request; an item may name its own. */
  readonly sentAt: string | undefined;
  /** Of a batch, under what each item says itself. */
  readonly context: JsonObject | undefined;
  readonly integrations: JsonObject | undefined;
  /** Whether the body holds something that wants the thorough check. */
  readonly isSuspect: boolean;
}

// Segment's limit for one call (segment.com/docs/connections/sources/catalog/libraries/server/http-api, read
// 2026-11; analytics-next counts 32 x 1024). It also keeps below Segment's 10,000 properties per event: the
// shortest 10,000 different properties take 80 kB.
export const EVENT_BYTES_MAX = 32 * 1024;

/** One call of Segment's specification in the one form that every reader sees, or why it is refused. */
export function normaliseCall(item: unknown, envelope: Envelope, field: string): NewEvent | Refusal {
  if (!isJsonObject(item)) return refuse('ingest.item_not_object', field, 'The item is not a JSON object.');
  const fault = findStructureFault(item, field, envelope.isSuspect);
  if (fault !== undefined) return fault;
  const call = parseCall(envelope.type === undefined ? item : { ...item, type: envelope.type }, field);
  if (call instanceof Refusal) return call;

  const given = call.timestamp ?? call.originalTimestamp ?? undefined;
  const givenMs = parseTimestamp(given);
  const sentAt = call['sentAt'] ?? envelope.sentAt;
  const occurredAtMs = correctedTime({
    givenMs,
    sentAtMs: parseTimestamp(sentAt),
    receivedAtMs: envelope.receivedAtMs,
  });
  if ((given !== undefined && givenMs === undefined) || occurredAtMs === undefined) {
    const message = 'The timestamp is not a date and time in ISO 8601 from 1970 on.';
    return refuse('ingest.timestamp_invalid', fieldPath(field, 'timestamp'), message);
  }

  const id = isBlank(call.messageId) ? makeId('evt', envelope.receivedAtMs) : (call.messageId ?? '');
  const occurredAt = new Date(occurredAtMs).toISOString();
  const event = {
    id,
    source: envelope.source,
    type: call.type,
    name: (call.type === 'track' ? call.event : nameOfPage(call)) ?? null,
    personKey: personKeyOf(call),
    occurredAt,
    receivedAt: envelope.receivedAt,
  };

  // The copy that the schema made is completed in place; what is set to undefined is left out of the text.
  const payload: Record<string, unknown> = call;
  payload['writeKey'] = undefined;
  payload['messageId'] = id;
  payload['timestamp'] = occurredAt;
  payload['originalTimestamp'] = given;
  payload['receivedAt'] = envelope.receivedAt;
  payload['sentAt'] = sentAt;
  payload['userId'] = toIdText(call.userId);
  payload['anonymousId'] = toIdText(call.anonymousId);
  payload['groupId'] = toIdText(call.groupId);
  payload['previousId'] = toIdText(call.previousId);
  payload['context'] = fillIp({ ...envelope.context, ...call.context }, envelope.clientIp);
  payload['integrations'] = { ...envelope.integrations, ...call.integrations };
  const body = JSON.stringify(payload);
  if (body.length > MEASURED_FROM && isTooLarge(item)) {
    const message = `The event is larger than ${String(EVENT_BYTES_MAX)} bytes.`;
    return refuse('ingest.event_too_large', field, message);
  }
  return { ...event, body };
}

// An item is measured as it came, without what was added here. One unit of a text's length takes up to three
// bytes, so anything shorter than a third cannot be too large and need not be measured.
const MEASURED_FROM = Math.floor(EVENT_BYTES_MAX / 3);

function isTooLarge(item: JsonObject): boolean {
  return Buffer.byteLength(JSON.stringify(item)) > EVENT_BYTES_MAX;
}

function nameOfPage(call: SegmentCall): string | null {
  return call.type === 'page' || call.type === 'screen' ? (call.name ?? null) : null;
}

function toIdText(id: string | number | null | undefined): string | undefined {
  return isBlank(id) ? undefined : String(id);
}

/** First of user id, e-mail, anonymous id, group id; trimmed, lower-cased. */
function personKeyOf(call: SegmentCall): string {
  const contextTraits = call.context?.['traits'];
  const candidates = [
    toIdText(call.userId),
    call.traits?.['email'],
    isJsonObject(contextTraits) ? contextTraits['email'] : undefined,
    call.properties?.['email'],
    toIdText(call.anonymousId),
    toIdText(call.groupId),
  ];
  for (const candidate of candidates) {
    if (typeof candidate !== 'string') continue;
    const key = candidate.trim().toLowerCase();
    if (key !== '') return key;
  }
  throw new TypeError('A call without any id passed the schema.');
}
