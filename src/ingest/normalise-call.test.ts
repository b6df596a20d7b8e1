import { expect, test } from 'vitest';
import type { NewEvent } from '../kernel/event.ts';
import type { JsonObject } from '../kernel/json.ts';
import { EVENT_BYTES_MAX, normaliseCall } from './normalise-call.ts';
import type { Envelope } from './normalise-call.ts';
import { Refusal } from './refusal.ts';

const RECEIVED_AT = '2026-11-21T05:12:00.000Z';

const envelope: Envelope = {
  source: 'site',
  receivedAtMs: Date.parse(RECEIVED_AT),
  receivedAt: RECEIVED_AT,
  clientIp: '192.0.2.1',
  type: undefined,
  sentAt: undefined,
  context: undefined,
  integrations: undefined,
  isSuspect: true,
};

function normalised(
  call: object,
  parts: Partial<Envelope> = {},
): NewEvent & { readonly payload: JsonObject } {
  const event = normaliseCall(
    { type: 'track', userId: 'u1', event: 'E', ...call },
    { ...envelope, ...parts },
    'batch[0]',
  );
  if (event instanceof Refusal) throw new TypeError(`Refused: ${event.message}`);
  return { ...event, payload: JSON.parse(event.body) as JsonObject };
}

function refusalOf(call: object): Refusal | undefined {
  const event = normaliseCall({ type: 'track', userId: 'u1', event: 'E', ...call }, envelope, 'batch[0]');
  return event instanceof Refusal ? event : undefined;
}

test('a call becomes one event with its fields completed and everything else kept', () => {
  const { payload, body, ...event } = normalised({
    messageId: 'm1',
    timestamp: '2026-11-20T00:00:00Z',
    mine: { a: [1] },
  });
  expect(event).toEqual({
    id: 'm1',
    source: 'site',
    type: 'track',
    name: 'E',
    personKey: 'u1',
    occurredAt: '2026-11-20T00:00:00.000Z',
    receivedAt: RECEIVED_AT,
  });
  expect(payload).toEqual({
    type: 'track',
    userId: 'u1',
    event: 'E',
    messageId: 'm1',
    timestamp: '2026-11-20T00:00:00.000Z',
    originalTimestamp: '2026-11-20T00:00:00Z',
    receivedAt: RECEIVED_AT,
    context: {},
    integrations: {},
    mine: { a: [1] },
  });
  expect(body).toBe(JSON.stringify(payload));
});

test('the clock of the sender is corrected by the moment of sending, its own or that of the batch', () => {
  const timestamp = '2030-01-01T00:00:00.000Z';
  const expected = '2026-11-21T05:11:50.000Z';
  expect(normalised({ timestamp, sentAt: '2030-01-01T00:00:10.000Z' }).occurredAt).toBe(expected);
  expect(normalised({ timestamp }, { sentAt: '2030-01-01T00:00:10.000Z' }).occurredAt).toBe(expected);
  expect(normalised({ timestamp, sentAt: 'nonsense' }).occurredAt).toBe(timestamp);
});

test('context and integrations of the batch lie under those of the item', () => {
  const { payload } = normalised(
    { context: { locale: 'sv' }, integrations: { HubSpot: false } },
    { context: { locale: 'en', app: { name: 'a' } }, integrations: { All: false, HubSpot: true } },
  );
  expect(payload['context']).toEqual({ locale: 'sv', app: { name: 'a' } });
  expect(payload['integrations']).toEqual({ All: false, HubSpot: false });
});

test.each([
  ['the user id', { userId: ' User1 ', traits: { email: 'a@b.c' } }, 'user1'],
  [
    'the e-mail address of the traits',
    { userId: null, anonymousId: 'x', traits: { email: 'A@B.c' } },
    'a@b.c',
  ],
  ['that of the context', { userId: '', anonymousId: 'x', context: { traits: { email: 'A@B.c' } } }, 'a@b.c'],
  ['that of the properties', { userId: ' ', anonymousId: 'x', properties: { email: 'A@B.c' } }, 'a@b.c'],
  ['the anonymous id', { userId: undefined, anonymousId: 'Anon', traits: { email: 5 } }, 'anon'],
  ['a number as text', { userId: 97980 }, '97980'],
])('the person key is %s', (_what, call, personKey) => {
  expect(normalised(call).personKey).toBe(personKey);
});

test('ids given as numbers become text in the payload, and absent ones are left out', () => {
  const { payload } = normalised({ userId: 42, anonymousId: null, groupId: '' });
  expect(payload['userId']).toBe('42');
  expect(payload).not.toHaveProperty('anonymousId');
  expect(payload).not.toHaveProperty('groupId');
});

test('a call without a message id gets one of its own', () => {
  const ids = [{}, { messageId: null }, { messageId: '' }].map((call) => normalised(call).id);
  expect(new Set(ids).size).toBe(3);
  expect(normalised({}).payload['messageId']).toMatch(/^evt_/);
});

const deep = (levels: number): object => (levels === 0 ? {} : { a: deep(levels - 1) });

test.each<[string, object, string, string]>([
  ['an unknown type', { type: 'buy' }, 'ingest.type_unknown', 'batch[0].type'],
  ['no event name', { event: '' }, 'ingest.field_missing', 'batch[0].event'],
  ['a number as event name', { event: 1 }, 'ingest.field_invalid', 'batch[0].event'],
  ['nobody', { userId: null }, 'ingest.identity_missing', 'batch[0].userId'],
  ['a group call without group', { type: 'group' }, 'ingest.field_missing', 'batch[0].groupId'],
  ['an alias without the old id', { type: 'alias' }, 'ingest.field_missing', 'batch[0].previousId'],
  [
    'an alias of a visitor',
    { type: 'alias', userId: '', anonymousId: 'a', previousId: 'b' },
    'ingest.field_missing',
    'batch[0].userId',
  ],
  ['an object as user id', { userId: {} }, 'ingest.field_invalid', 'batch[0].userId'],
  ['a user id that is not exact', { userId: 2 ** 53 }, 'ingest.field_invalid', 'batch[0].userId'],
  ['a long message id', { messageId: 'x'.repeat(101) }, 'ingest.field_invalid', 'batch[0].messageId'],
  ['a list of traits', { traits: [] }, 'ingest.field_invalid', 'batch[0].traits'],
  ['text as context', { context: 'x' }, 'ingest.field_invalid', 'batch[0].context'],
  ['a timestamp that is none', { timestamp: 'yesterday' }, 'ingest.timestamp_invalid', 'batch[0].timestamp'],
  [
    'a time before 1970',
    { timestamp: '0001-01-01T00:00:00Z' },
    'ingest.timestamp_invalid',
    'batch[0].timestamp',
  ],
  ['32 kB of text', { properties: { a: 'x'.repeat(EVENT_BYTES_MAX) } }, 'ingest.event_too_large', 'batch[0]'],
  [
    '32 kB of wide characters',
    { properties: { a: '汉'.repeat(11_000) } },
    'ingest.event_too_large',
    'batch[0]',
  ],
  [
    '10,001 properties',
    { properties: Object.fromEntries(Array.from({ length: 10_001 }, (_, n) => [n.toString(36), 1])) },
    'ingest.event_too_large',
    'batch[0]',
  ],
  ['a NUL', { traits: { a: ['b\0'] } }, 'ingest.text_invalid', 'batch[0].traits.a[0]'],
  ['a NUL in a key', { traits: { 'a\0': 1 } }, 'ingest.text_invalid', String.raw`batch[0].traits["a\u0000"]`],
  ['half a surrogate pair', { userId: '\ud800' }, 'ingest.text_invalid', 'batch[0].userId'],
  [
    'too deep a nesting',
    { traits: deep(64) },
    'ingest.nesting_too_deep',
    `batch[0].traits${'.a'.repeat(63)}`,
  ],
  ['a number out of range', { traits: { a: Infinity } }, 'ingest.number_out_of_range', 'batch[0].traits.a'],
  [
    'a prototype key',
    { traits: JSON.parse('{"__proto__":{}}') },
    'ingest.key_forbidden',
    'batch[0].traits.__proto__',
  ],
  ['a constructor key', { constructor: { prototype: {} } }, 'ingest.key_forbidden', 'batch[0].constructor'],
])('a call with %s is refused', (_case, call, code, field) => {
  expect(refusalOf(call)).toMatchObject({ code, field });
});

test('what a sender calls its fields is never taken for a refusal', () => {
  expect(normalised({ kind: 'refusal', code: 'x', field: 'y', message: 'z' }).payload).toMatchObject({
    kind: 'refusal',
  });
});

test('an event just below the limit is taken whatever the batch adds to it', () => {
  const call = { properties: { a: 'x'.repeat(EVENT_BYTES_MAX - 100) } };
  expect(normalised(call, { context: { page: 'y'.repeat(10_000) } }).body.length).toBeGreaterThan(
    EVENT_BYTES_MAX,
  );
});
