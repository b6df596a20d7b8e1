import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { DEFAULT_PORTAL_ID, DEFAULT_TOKEN, startHubspotEmulator } from '../index.ts';
import type { HubspotEmulator } from '../index.ts';
import { signatureV1, signatureV3 } from './signatures.ts';

interface Delivery {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly events: Readonly<Record<string, unknown>>[];
}

let emulator: HubspotEmulator;
let receiver: Server;
let target: string;
let received: Delivery[] = [];
let answerStatus = 200;

const SECRET = 'the-app-s-secret';
// The app of the default token, so that its own writes are recognised.
const APP_ID = 2_000_001;
const KEY = '?hapikey=a-developer-key';

beforeAll(async () => {
  receiver = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const text = Buffer.concat(pieces).toString('utf8');
      received.push({ headers: request.headers, text, events: JSON.parse(text) as Delivery['events'] });
      response.writeHead(answerStatus).end();
    });
  });
  await new Promise<void>((resolve) => void receiver.listen(0, '127.0.0.1', resolve));
  target = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hooks`;
  emulator = await startHubspotEmulator();
});
beforeEach(() => {
  received = [];
  answerStatus = 200;
  emulator.admin.reset({
    apps: [{ appId: APP_ID, clientId: 'app', clientSecret: SECRET, developerApiKey: 'a-developer-key' }],
  });
  emulator.clock.freeze();
});
afterAll(async () => {
  await emulator.close();
  receiver.closeAllConnections();
  receiver.close();
});

async function call(
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(emulator.url + path, {
    method,
    headers: { authorization: `Bearer ${DEFAULT_TOKEN}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
}

async function subscribe(...wanted: Readonly<Record<string, unknown>>[]): Promise<void> {
  await call('PUT', `/webhooks/v3/${APP_ID}/settings${KEY}`, {
    targetUrl: target,
    throttling: { maxConcurrentRequests: 10 },
  });
  for (const subscription of wanted) {
    const answer = await call('POST', `/webhooks/v3/${APP_ID}/subscriptions${KEY}`, {
      active: true,
      ...subscription,
    });
    expect(answer.status).toBe(201);
  }
}

/** What has been gathered leaves, and its answers are in. */
async function deliveries(): Promise<Delivery[]> {
  await Promise.resolve();
  emulator.clock.advance(0);
  await emulator.webhooks.settled();
  return received;
}

async function createContact(properties: Record<string, string>): Promise<string> {
  return String((await call('POST', '/crm/v3/objects/contacts', { properties })).body['id']);
}

test('a change reaches the app with its source, signed twice', async () => {
  await subscribe(
    { eventType: 'contact.creation' },
    { eventType: 'contact.propertyChange', propertyName: 'firstname' },
  );
  const id = Number(await createContact({ email: 'ada@example.com', firstname: 'Ada', lastname: 'L' }));
  const [delivery] = await deliveries();
  expect(delivery?.events).toMatchObject([
    {
      subscriptionType: 'contact.creation',
      portalId: DEFAULT_PORTAL_ID,
      appId: APP_ID,
      objectId: id,
      changeFlag: 'CREATED',
      changeSource: 'INTEGRATION',
      sourceId: String(APP_ID),
      attemptNumber: 0,
      occurredAt: emulator.clock.now(),
    },
    { subscriptionType: 'contact.propertyChange', propertyName: 'firstname', propertyValue: 'Ada' },
  ]);
  const { headers, text }: Delivery = delivery ?? { headers: {}, text: '', events: [] };
  expect(headers).toMatchObject({
    'x-hubspot-signature-version': 'v1',
    'x-hubspot-signature': signatureV1({ secret: SECRET, body: text }),
    'x-hubspot-signature-v3': signatureV3({
      secret: SECRET,
      method: 'POST',
      url: target,
      body: text,
      atMs: Number(headers['x-hubspot-request-timestamp']),
    }),
  });
});

test('a deletion and changes of any object by its generic type are told', async () => {
  await subscribe(
    { eventType: 'contact.deletion' },
    { eventType: 'object.creation', objectTypeId: '0-2' },
    { eventType: 'company.propertyChange', propertyName: 'name', active: false },
  );
  const id = await createContact({ email: 'ada@example.com' });
  await call('DELETE', `/crm/v3/objects/contacts/${id}`);
  await call('POST', '/crm/v3/objects/companies', { properties: { name: 'ACME' } });
  const events = (await deliveries()).flatMap((delivery) => delivery.events);
  expect(events).toMatchObject([
    { subscriptionType: 'contact.deletion', changeFlag: 'DELETED', objectId: Number(id) },
    { subscriptionType: 'object.creation', objectTypeId: '0-2' },
  ]);
});

test('a privacy deletion is told as such and as a deletion', async () => {
  await subscribe({ eventType: 'contact.privacyDeletion' }, { eventType: 'contact.deletion' });
  const id = await createContact({ email: 'ada@example.com' });
  await call('POST', '/crm/v3/objects/contacts/gdpr-delete', { objectId: id });
  const types = (await deliveries()).flatMap(({ events }) =>
    events.map((event) => event['subscriptionType']),
  );
  expect(types).toHaveLength(2);
  expect(new Set(types)).toEqual(new Set(['contact.deletion', 'contact.privacyDeletion']));
});

test('a merge names the records that went and the one that stays', async () => {
  await subscribe({ eventType: 'contact.merge' });
  const [kept, gone] = [
    await createContact({ email: 'a@example.com' }),
    await createContact({ email: 'b@example.com' }),
  ];
  await call('POST', '/crm/v3/objects/contacts/merge', { primaryObjectId: kept, objectIdToMerge: gone });
  const [event] = (await deliveries()).flatMap((delivery) => delivery.events);
  expect(event).toMatchObject({
    primaryObjectId: Number(kept),
    mergedObjectIds: expect.arrayContaining([Number(gone)]) as unknown,
    newObjectId: expect.any(Number) as unknown,
    numberOfPropertiesMoved: expect.any(Number) as unknown,
  });
});

test('a hundred changes at most share a delivery', async () => {
  await subscribe({ eventType: 'contact.creation' });
  for (const from of [0, 100]) {
    const inputs = Array.from({ length: 100 }, (_, at) => ({
      properties: { email: `c${from + at}@example.com` },
    }));
    await call('POST', '/crm/v3/objects/contacts/batch/create', { inputs });
  }
  expect((await deliveries()).map(({ events }) => events.length)).toEqual([100, 100]);
});

test('a delivery that fails comes again, with its attempt counted inside, for a day', async () => {
  await subscribe({ eventType: 'contact.creation' });
  answerStatus = 500;
  await createContact({ email: 'ada@example.com' });
  await deliveries();
  const began = emulator.clock.now();
  for (let minute = 0; minute < 24 * 60; minute++) {
    // Each attempt is answered before time moves on, as in life.
    emulator.clock.advance(60_000);
    await emulator.webhooks.settled();
  }
  expect(received.map(({ events }) => events[0]?.['attemptNumber'])).toEqual([
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
  ]);
  expect(emulator.admin.webhooks()).toMatchObject([{ state: 'given_up' }]);
  expect(emulator.clock.now() - began).toBe(86_400_000);
});

test('an app hears nothing of an account that it is not in', async () => {
  await subscribe({ eventType: 'contact.creation' });
  emulator.admin.seed({ portals: [{ portalId: 5, tokens: [{ token: 'pat-na1-five', appId: 77 }] }] });
  await fetch(`${emulator.url}/crm/v3/objects/contacts`, {
    method: 'POST',
    headers: { authorization: 'Bearer pat-na1-five', 'content-type': 'application/json' },
    body: JSON.stringify({ properties: { email: 'a@example.com' } }),
  });
  expect(await deliveries()).toEqual([]);
});

test('duplicates, another order and collapsed edits can be had', async () => {
  emulator.admin.seed({
    switches: {
      webhookDuplicates: true,
      webhookOrder: 'reversed',
      webhookCollapse: true,
      webhookBatchMs: 1_000,
    },
  });
  await subscribe(
    { eventType: 'contact.creation' },
    { eventType: 'contact.propertyChange', propertyName: 'city' },
  );
  const id = await createContact({ email: 'ada@example.com' });
  for (const city of ['Rome', 'Oslo'])
    await call('PATCH', `/crm/v3/objects/contacts/${id}`, { properties: { city } });
  expect(await deliveries()).toEqual([]);
  emulator.clock.advance(1_000);
  const [first, second] = await deliveries();
  expect(first?.text).toBe(second?.text);
  expect(first?.events.map((event) => event['propertyValue'] ?? event['changeFlag'])).toEqual([
    'Oslo',
    'CREATED',
  ]);
});

test('a reset calls off what was waiting to be sent', async () => {
  emulator.admin.seed({ switches: { webhookBatchMs: 1_000 } });
  await subscribe({ eventType: 'contact.creation' });
  await createContact({ email: 'ada@example.com' });
  emulator.admin.reset();
  emulator.clock.advance(10_000);
  expect(await deliveries()).toEqual([]);
});

test.each([
  [{ eventType: 'contact.renamed' }],
  [{ eventType: 'product.associationChange' }],
  [{ eventType: 'contact.propertyChange' }],
  [{ eventType: 'company.propertyChange', propertyName: 'hs_lastmodifieddate' }],
  [{ eventType: 'object.creation' }],
])('a subscription to %j is refused', async (wanted) => {
  expect((await call('POST', `/webhooks/v3/${APP_ID}/subscriptions${KEY}`, wanted)).status).toBe(400);
});

test('settings take an https address and more than five requests at a time', async () => {
  const put = async (settings: unknown): Promise<number> =>
    (await call('PUT', `/app-webhooks/2026-09/${APP_ID}/settings${KEY}`, settings)).status;
  expect(await put({ targetUrl: 'http://example.com/' })).toBe(400);
  expect(await put({ targetUrl: target, throttling: { maxConcurrentRequests: 5 } })).toBe(400);
  expect(await put({ targetUrl: 'https://example.com/' })).toBe(200);
  expect(await call('GET', `/webhooks/2026-03/${APP_ID}/settings${KEY}`)).toMatchObject({
    status: 200,
    body: { targetUrl: 'https://example.com/', throttling: { maxConcurrentRequests: 10 } },
  });
  expect((await call('GET', `/webhooks/v3/${APP_ID}/settings?hapikey=wrong`)).status).toBe(401);
  expect((await call('GET', `/webhooks/v3/999/settings${KEY}`)).status).toBe(404);
});
