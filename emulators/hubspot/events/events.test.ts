import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { DEFAULT_PORTAL_ID, DEFAULT_TOKEN, startHubspotEmulator } from '../index.ts';
import type { HubspotEmulator } from '../index.ts';

let emulator: HubspotEmulator;

beforeAll(async () => {
  emulator = await startHubspotEmulator();
});
beforeEach(async () => {
  emulator.admin.reset({ portals: [{ portalId: DEFAULT_PORTAL_ID, plan: 'enterprise' }] });
  emulator.clock.freeze();
  await call('POST', DEFINITIONS, PAID);
});
afterAll(() => emulator.close());

const DEFINITIONS = '/events/v3/event-definitions';
const NAME = `pe${DEFAULT_PORTAL_ID}_paid`;
const PAID = {
  label: 'Paid',
  name: 'paid',
  includeDefaultProperties: true,
  propertyDefinitions: [
    { name: 'amount', label: 'Amount', type: 'number' },
    { name: 'plan', label: 'Plan', type: 'enumeration', options: [{ label: 'Gold', value: 'gold' }] },
    { name: 'order', label: 'Order', type: 'string' },
  ],
};

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

async function call(method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(emulator.url + path, {
    method,
    headers: { authorization: `Bearer ${DEFAULT_TOKEN}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Answer['body']) };
}

function send(event: Readonly<Record<string, unknown>>): Promise<Answer> {
  return call('POST', '/events/v3/send', { eventName: NAME, ...event });
}

async function occurrences(query = `eventType=${NAME}`): Promise<Record<string, unknown>[]> {
  const { body } = await call('GET', `/events/v3/events?${query}`);
  return body['results'] as Record<string, unknown>[];
}

const contactIdOf = (email: string): string | undefined =>
  emulator.state.portals.get(DEFAULT_PORTAL_ID)?.records('0-1').findByEmail(email)?.id;

test('an accepted event shows at its contact only after a while', async () => {
  await call('POST', '/crm/v3/objects/contacts', { properties: { email: 'ada@example.com' } });
  const at = '2026-05-01T10:00:00.000Z';
  const properties = { amount: '007', plan: 'gold', hs_page_url: 'https://example.com/' };
  expect((await send({ email: 'ADA@example.com', occurredAt: at, properties })).status).toBe(204);
  expect(await occurrences()).toEqual([]);
  emulator.clock.advance(3_000);
  expect(await occurrences()).toEqual([
    {
      id: expect.any(String) as unknown,
      objectType: 'CONTACT',
      objectId: contactIdOf('ada@example.com'),
      eventType: NAME,
      occurredAt: at,
      properties,
    },
  ]);
  const byRecord = `objectType=contact&objectId=${contactIdOf('ada@example.com') ?? ''}`;
  expect(await occurrences(`${byRecord}&property.amount=007`)).toHaveLength(1);
  expect(await occurrences(`${byRecord}&property.amount=7`)).toHaveLength(0);
});

test('an unknown address becomes a contact, or is lost where the switch says so', async () => {
  await send({ email: 'new@example.com' });
  emulator.clock.advance(3_000);
  expect(contactIdOf('new@example.com')).toBeDefined();

  emulator.admin.seed({ switches: { unknownEventEmail: 'drop' } });
  await send({ email: 'nobody@example.com' });
  emulator.clock.advance(3_000);
  expect(contactIdOf('nobody@example.com')).toBeUndefined();
  expect(emulator.state.portals.get(DEFAULT_PORTAL_ID)?.events.lost).toMatchObject([
    { reason: 'there is no contact nobody@example.com' },
  ]);
});

test.each([
  [
    { eventName: 'pe1_other', email: 'a@example.com' },
    'Event with fully qualified name pe1_other does not exist.',
  ],
  [{ eventName: undefined, email: 'a@example.com' }, 'eventName'],
  [{}, 'email, objectId or utk'],
  [{ email: 'a@example.com', properties: { colour: 'red' } }, 'colour'],
  [{ email: 'a@example.com', properties: { amount: 'much' } }, 'amount'],
  [{ email: 'a@example.com', properties: { plan: 'lead' } }, 'gold'],
  [{ email: 'a@example.com', properties: { order: 'x'.repeat(257) } }, '256'],
  [{ email: 'a@example.com', properties: { hs_page_url: 'x'.repeat(1_025) } }, '1024'],
  [{ email: 'a@example.com', properties: { order: { id: 1 } } }, 'java.lang.String'],
  [{ email: 'a@example.com', occurredAt: 'yesterday' }, 'OffsetDateTime'],
  [{ objectId: 'twelve' }, 'twelve'],
])('the event %j is refused', async (event, said) => {
  const answer = await send(event);
  expect(answer.status).toBe(400);
  expect(answer.body['message']).toContain(said);
});

test('a batch holds at most 500 events, and one bad event refuses it unless it is hidden', async () => {
  const batch = (inputs: unknown[]): Promise<Answer> =>
    call('POST', '/events/custom/2026-09/send/batch', { inputs });
  const good = { eventName: NAME, email: 'ada@example.com' };
  expect((await batch(Array.from({ length: 501 }, () => good))).status).toBe(400);
  expect((await batch([good, { eventName: NAME }])).status).toBe(400);
  emulator.admin.seed({ switches: { badEventRow: 'hide' } });
  expect((await batch([good, { eventName: NAME }])).status).toBe(204);
  emulator.clock.advance(3_000);
  expect(await occurrences()).toHaveLength(1);
});

test('the name of an event is never free again', async () => {
  expect((await call('POST', DEFINITIONS, PAID)).status).toBe(409);
  expect((await call('DELETE', `${DEFINITIONS}/${NAME}`)).status).toBe(204);
  expect((await call('GET', `${DEFINITIONS}/${NAME}`)).status).toBe(404);
  expect((await call('POST', DEFINITIONS, PAID)).status).toBe(409);
});

test('a definition shows what it was made of, and takes properties later', async () => {
  const { body } = await call('GET', `${DEFINITIONS}/${NAME}`);
  expect(body).toMatchObject({
    name: 'paid',
    fullyQualifiedName: NAME,
    objectTypeId: expect.stringMatching(/^6-\d+$/) as unknown,
    labels: { singular: 'Paid' },
    primaryObject: 'CONTACT',
  });
  const names = (body['properties'] as { name: string }[]).map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['amount', 'plan', 'order', 'hs_utm_source']));
  const property = { name: 'vip', label: 'VIP', type: 'bool' };
  expect((await call('POST', `${DEFINITIONS}/${NAME}/property`, property)).status).toBe(201);
  expect((await call('POST', `${DEFINITIONS}/${NAME}/property`, property)).status).toBe(409);
  expect((await send({ email: 'a@example.com', properties: { vip: true } })).status).toBe(204);
  expect((await call('DELETE', `${DEFINITIONS}/${NAME}/property/vip`)).status).toBe(204);
  expect((await send({ email: 'a@example.com', properties: { vip: true } })).status).toBe(400);
  expect((await call('PATCH', `${DEFINITIONS}/${NAME}`, { label: 'Has paid' })).status).toBe(201);
  expect((await call('GET', DEFINITIONS)).body).toMatchObject({
    total: 1,
    results: [{ labels: { singular: 'Has paid' }, properties: [] }],
  });
});

test.each([
  [{ name: 'Paid' }],
  [{ name: '1st' }],
  [{ name: 'x'.repeat(51) }],
  [{ label: '' }],
  [{ propertyDefinitions: [{ name: 'a', label: 'A', type: 'money' }] }],
  [{ propertyDefinitions: [{ name: 'a', label: 'A', type: 'enumeration' }] }],
  [{ propertyDefinitions: [{ name: 'hs_a', label: 'A', type: 'string' }] }],
  [{ propertyDefinitions: Array.from({ length: 51 }, (_, at) => ({ label: `P${at}`, type: 'string' })) }],
])('a definition with %j is refused', async (change) => {
  expect((await call('POST', DEFINITIONS, { label: 'Other', name: 'other', ...change })).status).toBe(400);
});

test('a custom rule finds the contact by a value of the event, before any other name', async () => {
  const { body } = await call('POST', '/crm/v3/objects/contacts', { properties: { company: 'ACME-7' } });
  await call('POST', DEFINITIONS, {
    label: 'Matched',
    name: 'matched',
    propertyDefinitions: [{ name: 'account', label: 'Account', type: 'string' }],
    customMatchingId: {
      primaryObjectRule: { eventPropertyName: 'account', targetObjectPropertyName: 'company' },
    },
  });
  const eventName = `pe${DEFAULT_PORTAL_ID}_matched`;
  await send({ eventName, email: 'other@example.com', properties: { account: 'ACME-7' } });
  emulator.clock.advance(3_000);
  expect(await occurrences(`eventType=${eventName}`)).toMatchObject([{ objectId: body['id'] }]);
});

test('below Enterprise no token has the scopes', async () => {
  emulator.admin.setLimits({ plan: 'professional' });
  expect(await send({ email: 'a@example.com' })).toMatchObject({
    status: 403,
    body: { category: 'MISSING_SCOPES' },
  });
});

test('sending has limits of its own and leaves the ten seconds of other calls alone', async () => {
  emulator.admin.setLimits({ burst: 1, eventsPerSecond: 2 });
  const statuses = [];
  for (let at = 0; at < 3; at++) statuses.push((await send({ email: 'a@example.com' })).status);
  expect(statuses).toEqual([204, 204, 429]);
  emulator.clock.advance(1_001);
  expect((await send({ email: 'a@example.com' })).status).toBe(204);
  emulator.admin.setLimits({ eventsPerMonth: 4 });
  emulator.clock.advance(1_001);
  expect((await send({ email: 'a@example.com' })).status).toBe(204);
  expect(await send({ email: 'a@example.com' })).toMatchObject({
    status: 429,
    body: { policyName: 'MONTHLY' },
  });
});
