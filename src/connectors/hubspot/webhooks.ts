/**
 * HubSpot's webhooks (developers.hubspot.com, "Webhooks API" and "Validating requests", read 2026-11): lists of up to 100
 * events, in no order and sometimes twice, signed with the secret of the app that they belong to.
 */
import { z } from 'zod';
import { isJsonObject } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { isHmacSha256 } from '../../kit/index.ts';
import type { ChangedRecord, Notice, WebhookRequest, Webhooks } from '../../kit/index.ts';
import { KnownRecords } from './records/known-records.ts';
import type { Settings } from './settings.ts';

const SIGNATURE = 'x-hubspot-signature-v3';
const TIMESTAMP = 'x-hubspot-request-timestamp';

// HubSpot asks receivers to refuse what is older; a stamp from the future gets the same room for clocks.
const AGE_MS_MAX = 300_000;

// HubSpot signs the address with these decoded, as the page on validating requests lists them.
const DECODED: ReadonlyMap<string, string> = new Map(
  Array.from(":/?@!$'()*,;", (character) => [
    `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
    character,
  ]),
);

const number = z.number().transform(String).optional();

const eventSchema = z.object({
  eventId: number,
  subscriptionId: number,
  portalId: number,
  appId: number,
  occurredAt: z.number(),
  // Some deliveries and the tables of the documentation call it eventType.
  subscriptionType: z.string().optional(),
  eventType: z.string().optional(),
  objectId: number,
  objectTypeId: z.string().optional(),
  changeSource: z.string().optional(),
  sourceId: z.string().optional(),
  propertyName: z.string().optional(),
  primaryObjectId: number,
  mergedObjectIds: z.array(z.number().transform(String)).optional(),
  newObjectId: number,
});
type WebhookEvent = z.output<typeof eventSchema>;

export const webhooks: Webhooks<Settings> = {
  secret: ({ webhook_secret, client_secret }) => webhook_secret ?? client_secret,
  isGenuine: ({ method, urls, headers, body }: WebhookRequest, secret, nowMs) => {
    const stamp = headers[TIMESTAMP] ?? '';
    const signature = headers[SIGNATURE] ?? '';
    if (!/^\d{13}$/.test(stamp) || Math.abs(nowMs - Number(stamp)) > AGE_MS_MAX) return false;
    return urls.some((url) =>
      isHmacSha256(`${method}${decoded(url)}${body}${stamp}`, secret, signature, 'base64'),
    );
  },
  read: (body) => {
    if (!Array.isArray(body)) return undefined;
    const notices = body.map((entry: unknown) => toNotice(entry));
    return notices.every((notice) => notice !== undefined) ? notices : undefined;
  },
  forget: (cache, record) => {
    for (const type of record === undefined ? TYPES.values() : namesOf(record.type)) {
      const known = KnownRecords.of(cache, type);
      if (record === undefined) known.invalidateAll();
      else known.invalidate(record.id);
    }
  },
};

function toNotice(entry: unknown): Notice | undefined {
  const parsed = eventSchema.safeParse(entry);
  if (!parsed.success || !isJsonObject(entry)) return undefined;
  const event = parsed.data;
  const name = event.subscriptionType ?? event.eventType;
  if (name === undefined) return undefined;
  const changed = changedBy(event, name);
  const [{ type, id } = { type: name.split('.')[0] ?? name, id: event.objectId ?? '' }] = changed;
  return {
    id: idOf(event, name),
    name,
    occurredAtMs: event.occurredAt,
    recordKey: `${type}:${id}`,
    payload: entry satisfies JsonObject,
    isOwnWrite:
      event.changeSource === 'INTEGRATION' && event.sourceId !== undefined && event.sourceId === event.appId,
    changed,
  };
}

// HubSpot says that an event's id alone is not unique; these five together tell repetitions.
function idOf(
  { subscriptionId, eventId, objectId, occurredAt, propertyName = '' }: WebhookEvent,
  name: string,
): string {
  const rest = propertyName === '' ? name : propertyName;
  const id = ['hs', subscriptionId, eventId, objectId, String(occurredAt), rest].join('-');
  // A property's name may be longer than an id; its end tells namesakes apart better than its beginning.
  return id.length <= ID_LENGTH_MAX ? id : id.slice(0, ID_LENGTH_MAX - TAIL) + rest.slice(-TAIL);
}

const ID_LENGTH_MAX = 100;
const TAIL = 20;

// The words of subscriptions, and the ids of the same types, against the names under which actions know them.
const TYPES: ReadonlyMap<string, string> = new Map([
  ['contact', 'contacts'],
  ['0-1', 'contacts'],
  ['company', 'companies'],
  ['0-2', 'companies'],
  ['deal', 'deals'],
  ['0-3', 'deals'],
  ['ticket', 'tickets'],
  ['0-5', 'tickets'],
  ['product', 'products'],
  ['0-7', 'products'],
  ['line_item', 'line_items'],
  ['0-8', 'line_items'],
]);

function namesOf(type: string): readonly string[] {
  const name = TYPES.get(type);
  return name === undefined || name === type ? [type] : [name, type];
}

// Links between records change no values of theirs.
function changedBy(event: WebhookEvent, name: string): readonly ChangedRecord[] {
  const [subject = '', what] = name.split('.');
  const type = subject === 'object' ? (event.objectTypeId ?? subject) : subject;
  if (what === 'associationChange' || subject === 'conversation') return [];
  const ids = [event.objectId, event.primaryObjectId, event.newObjectId, ...(event.mergedObjectIds ?? [])];
  return [...new Set(ids.filter((id) => id !== undefined))].map((id) => ({ type, id }));
}

function decoded(url: string): string {
  return url.replaceAll(/%[0-9A-F]{2}/gi, (escape) => DECODED.get(escape.toUpperCase()) ?? escape);
}
