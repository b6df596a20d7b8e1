import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { Redacted } from '../../kernel/redacted.ts';
import type { ConnectionCache, WebhookRequest } from '../../kit/index.ts';
import { KnownRecords } from './records/known-records.ts';
import { webhooks } from './webhooks.ts';

const SECRET = new Redacted('yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy');
const BODY = '{"example_field":"example_value"}';
const AT = 1_693_657_560_000;
// Made with the formula of HubSpot's page on validating requests, by another program.
const SIGNATURE = 'oaA3M5dEtt6kFsseJD/Hv/x+JNl1vsoxFj4oxmwP6Go=';

const request = (change: Partial<WebhookRequest> = {}, headers: object = {}): WebhookRequest => ({
  method: 'POST',
  urls: ['http://www.example.com/webhook_uri', 'https://www.example.com/webhook_uri'],
  headers: {
    'x-hubspot-signature-v3': SIGNATURE,
    'x-hubspot-request-timestamp': String(AT),
    ...headers,
  },
  body: BODY,
  ...change,
});

test.each<[string, WebhookRequest, number, boolean]>([
  ['as HubSpot signs it', request(), AT, true],
  ['at the end of its five minutes', request(), AT + 300_000, true],
  ['after them', request(), AT + 300_001, false],
  ['far in the future', request(), AT - 300_001, false],
  ['with another body', request({ body: `${BODY} ` }), AT, false],
  ['at another address', request({ urls: ['https://www.example.com/other'] }), AT, false],
  ['with another stamp', request({}, { 'x-hubspot-request-timestamp': String(AT + 1) }), AT, false],
  ['with a stamp that is no number', request({}, { 'x-hubspot-request-timestamp': 'NaN' }), AT, false],
  ['with a shorter signature', request({}, { 'x-hubspot-signature-v3': 'oaA3' }), AT, false],
  ['without a signature', request({}, { 'x-hubspot-signature-v3': '' }), AT, false],
])('a request %s', (_how, given, nowMs, isGenuine) => {
  expect(webhooks.isGenuine(given, SECRET, nowMs)).toBe(isGenuine);
});

test('escapes that HubSpot decodes before it signs are decoded, others stay', () => {
  const signed = `POSThttps://x.example/webhooks/hub?a=b:c/d%20e${BODY}${String(AT)}`;
  const signature = createHmac('sha256', SECRET.reveal()).update(signed).digest('base64');
  const given = request(
    { urls: ['https://x.example/webhooks/hub?a=b%3Ac%2fd%20e'] },
    { 'x-hubspot-signature-v3': signature },
  );
  expect(webhooks.isGenuine(given, SECRET, AT)).toBe(true);
});

// As recorded of an app's own creation of a contact (2026).
const CREATION = {
  eventId: 3_400_564_480,
  subscriptionId: 3_329_277,
  portalId: 49_547_190,
  appId: 9_393_361,
  occurredAt: 1_742_077_073_905,
  subscriptionType: 'contact.creation',
  attemptNumber: 0,
  objectId: 106_314_056_576,
  changeFlag: 'CREATED',
  changeSource: 'INTEGRATION',
  sourceId: '9393361',
};

test('what the own app wrote is an echo; what people and other apps write is not', () => {
  const [own] = webhooks.read([CREATION]) ?? [];
  expect(own).toMatchObject({
    name: 'contact.creation',
    recordKey: 'contact:106314056576',
    isOwnWrite: true,
    occurredAtMs: 1_742_077_073_905,
    payload: CREATION,
  });
  for (const other of [{ sourceId: '1' }, { changeSource: 'CRM_UI', sourceId: 'userId:9393361' }]) {
    expect(webhooks.read([{ ...CREATION, ...other }])?.[0]?.isOwnWrite).toBe(false);
  }
});

test('a repetition has the id of the first, whatever differs has another, and none is too long', () => {
  const idOf = (change: object) => webhooks.read([{ ...CREATION, ...change }])?.[0]?.id ?? '';
  expect(idOf({ attemptNumber: 6 })).toBe(idOf({}));
  const long = 'a_property_with_a_name_that_is_far_too_long_for_any_id_'.repeat(4);
  const different = [
    { eventId: 1 },
    { subscriptionId: 1 },
    { objectId: 1 },
    { occurredAt: 1 },
    { propertyName: 'firstname' },
    { propertyName: 'lastname' },
    { propertyName: `${long}one` },
    { propertyName: `${long}two` },
  ];
  const ids = different.map((change) => idOf({ subscriptionType: 'contact.propertyChange', ...change }));
  expect(new Set([...ids, idOf({})]).size).toBe(different.length + 1);
  expect(Math.max(...ids.map((id) => id.length))).toBeLessThanOrEqual(100);
});

test.each([
  [
    'a merge changes all that took part',
    {
      subscriptionType: 'contact.merge',
      primaryObjectId: 1,
      mergedObjectIds: [2, 3],
      newObjectId: 4,
      objectId: 1,
    },
    ['contact 1', 'contact 4', 'contact 2', 'contact 3'],
  ],
  [
    'a link changes no values',
    { subscriptionType: 'contact.associationChange', fromObjectId: 1, toObjectId: 2, objectId: undefined },
    [],
  ],
  [
    'a custom object goes by its type',
    { subscriptionType: 'object.propertyChange', objectTypeId: '2-7', objectId: 5 },
    ['2-7 5'],
  ],
])('%s', (_what, change, expected) => {
  const [notice] = webhooks.read([{ ...CREATION, ...change }]) ?? [];
  expect(notice?.changed.map(({ type, id }) => `${type} ${id}`)).toEqual(expected);
});

test.each([
  ['an object', {}],
  ['null', null],
  ['a list of other things', [1]],
  ['events without a type', [{ occurredAt: 1 }]],
])('%s is no webhook of HubSpot', (_what, body) => {
  expect(webhooks.read(body)).toBeUndefined();
});

test('a changed record is forgotten under every name of its type, and others stay known', () => {
  const kept = new Map<string, unknown>();
  const cache: ConnectionCache = {
    get: (key) => kept.get(key),
    set: (key, value) => void kept.set(key, value),
    delete: (key) => void kept.delete(key),
  };
  const contacts = KnownRecords.of(cache, 'contacts');
  const know = (id: string) => {
    contacts.remember(id, new Map([['firstname', 'abcd']]), AT);
  };
  for (const type of ['contact', '0-1']) {
    know('1');
    know('2');
    webhooks.forget(cache, { type, id: '1' });
    expect(contacts.find('1', AT)).toBeUndefined();
    expect(contacts.find('2', AT)).toBeDefined();
  }
  webhooks.forget(cache, undefined);
  expect(contacts.size).toBe(0);
});
