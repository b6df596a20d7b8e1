import { request } from 'undici';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startEmulator } from '../../emulators/core/index.ts';
import { DEFAULT_API_KEY, DEFAULT_USER_ID, makeAsEmulator } from '../../emulators/make-as/index.ts';

// Make has no client for Node. What is asserted here stands in apidocs.make.as or in the vendor's PHP client
// (pindena/make-api-sdk 1.0.2, read 2026-11), unless the name says "assumed".

const start = () => startEmulator(makeAsEmulator);
let emulator: Awaited<ReturnType<typeof start>>;

beforeEach(async () => {
  emulator = await start();
});
afterEach(() => emulator.close());

const BASIC = `Basic ${btoa(`${DEFAULT_USER_ID}:${DEFAULT_API_KEY}`)}`;

async function call(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
  authorization = BASIC,
) {
  const response = await request(`${emulator.url}/api/public/v2${path}`, {
    method,
    headers: { authorization, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.body.text();
  return { status: response.statusCode, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
}

const INTO_1 = '/subscribers?subscriber_list_id[]=1';
const asa = { email: 'asa@example.com', firstname: 'Åsa', external_id: 'email|u1', tags: ['vip'] };
const product = { external_id: 'MAG-001|po-123', name: 'Premium Magazine - Monthly' };
const subscription = { external_id: 'c1', email: asa.email, product_external_id: product.external_id };

test.each([
  ['no credentials', ''],
  ['another key', `Basic ${btoa(`${DEFAULT_USER_ID}:guess`)}`],
  ['a bearer token', `Bearer ${DEFAULT_API_KEY}`],
])('refuses %s with 401 and a message', async (_what, authorization) => {
  const { status, body } = await call('GET', '/subscriberlists', undefined, authorization);
  expect([status, body]).toEqual([401, { message: 'Unauthorized' }]);
});

test('lists are a bare array, each with counts of whom it reaches', async () => {
  await call('POST', INTO_1, asa);
  const { body } = await call('GET', '/subscriberlists');
  expect(body).toMatchObject([{ id: 1, title: 'Subscribers', subscriber_emails: 1, subscriber_sms: 0 }]);
});

test('an upsert answers the subscriber, and writes the same one the next time', async () => {
  const first = await call('POST', INTO_1, asa);
  expect(first).toMatchObject({ status: 201, body: { ...asa, lists: ['1'], email_status: 'active' } });
  const second = await call('POST', '/subscribers?subscriber_list_id=1', {
    email: 'ASA@example.com',
    lastname: 'Öberg',
  });
  expect(second).toMatchObject({ status: 200, body: { firstname: 'Åsa', lastname: 'Öberg', tags: ['vip'] } });
  expect(emulator.state.subscribers.size).toBe(1);
});

test('tags are replaced by default, and merged when asked', async () => {
  await call('POST', INTO_1, asa);
  const merged = await call('POST', `${INTO_1}&tag=merge`, { email: asa.email, tags: ['gold'] });
  expect(merged.body).toMatchObject({ tags: ['vip', 'gold'] });
  const replaced = await call('POST', INTO_1, { email: asa.email, tags: ['silver'] });
  expect(replaced.body).toMatchObject({ tags: ['silver'] });
});

test('a subscriber is found by address and by phone, or not at all', async () => {
  await call('POST', INTO_1, { ...asa, phone: '+4790000000' });
  expect(await call('POST', '/subscribers/by_email', { email: asa.email })).toMatchObject({ status: 200 });
  expect(await call('POST', '/subscribers/by_phone', { phone: '+4790000000' })).toMatchObject({
    status: 200,
  });
  expect(await call('POST', '/subscribers/by_email', { email: 'bo@example.com' })).toMatchObject({
    status: 404,
  });
});

test('who was unsubscribed is not active again before being reactivated (assumed)', async () => {
  await call('POST', INTO_1, asa);
  await call('POST', '/subscribers/unsubscribe_email', { email: asa.email });
  for (const [order, standing] of [
    ['', 'unsubscribed'],
    ['&status=active', 'unsubscribed'],
    ['&status=reactivate', 'active'],
  ] as const) {
    expect((await call('POST', `${INTO_1}${order}`, asa)).body).toMatchObject({ email_status: standing });
  }
});

test.each<[string, Parameters<typeof call>, number, string]>([
  ['no list', ['POST', '/subscribers', asa], 422, 'list id'],
  ['an unknown list (assumed: 404)', ['POST', '/subscribers?subscriber_list_id[]=9', asa], 404, 'list'],
  ['an unknown order', ['POST', `${INTO_1}&tag=append`, asa], 422, 'tag'],
  ['an unknown parameter (assumed)', ['POST', `${INTO_1}&tags=merge`, asa], 422, 'tags'],
  ['a missing address', ['POST', INTO_1, { firstname: 'Åsa' }], 422, 'email'],
  ['an address that is none', ['POST', INTO_1, { email: 'asa' }], 422, 'email'],
  ['a key that is no field (assumed)', ['POST', INTO_1, { ...asa, nickname: 'Å' }], 422, 'nickname'],
  ['a custom field that is not there', ['POST', INTO_1, { ...asa, EXTRA1: 'x' }], 422, 'EXTRA1'],
  [
    'a wrapped array',
    ['POST', '/subscribers/subscriptions/products/bulkinsert', { products: [product] }],
    422,
    'array',
  ],
  [
    'more than a thousand rows (assumed: 422)',
    ['POST', '/subscribers/subscriptions/products/bulkinsert', Array.from({ length: 1001 }, () => product)],
    422,
    '1000',
  ],
  [
    'a product without a name',
    ['POST', '/subscribers/subscriptions/products/bulkinsert', [product, { external_id: 'x' }]],
    422,
    '1.name',
  ],
  [
    'a subscription before its product (assumed)',
    ['POST', '/subscribers/subscriptions/bulkinsert', [subscription]],
    422,
    'email',
  ],
  ['a path that is none', ['GET', '/contacts'], 404, 'Not Found'],
  ['a method that is none', ['PUT', '/subscribers'], 405, 'Method'],
])('refuses %s', async (_what, args, status, naming) => {
  const answer = await call(...args);
  expect(answer.status).toBe(status);
  expect(JSON.stringify(answer.body)).toContain(naming);
  expect([emulator.state.subscribers.size, emulator.state.products.size]).toEqual([0, 0]);
});

test('products and subscriptions come in bare arrays, and are written again in place', async () => {
  await call('POST', INTO_1, asa);
  const products = '/subscribers/subscriptions/products/bulkinsert';
  expect(await call('POST', products, [product])).toEqual({ status: 200, body: { inserted: 1, updated: 0 } });
  const path = '/subscribers/subscriptions/bulkinsert';
  expect(await call('POST', path, [subscription])).toMatchObject({ body: { inserted: 1, updated: 0 } });
  expect(await call('POST', path, [{ ...subscription, status: 'canceled' }])).toMatchObject({
    body: { inserted: 0, updated: 1 },
  });
  const { email: _email, ...byId } = {
    ...subscription,
    external_id: 'c2',
    subscriber_external_id: 'email|u1',
  };
  expect(await call('POST', `${path}_by_external_id`, [byId])).toMatchObject({ status: 200 });
  expect([...emulator.state.subscriptions.keys()]).toEqual(['c1', 'c2']);
});

test('many subscribers are inserted, updated by address or external id, and taken out of a list', async () => {
  const rows = [asa, { email: 'bo@example.com', external_id: 'email|u2' }];
  await call('POST', '/subscribers/bulkinsert?subscriber_list_id[]=1', rows);
  await call('PUT', '/subscribers/bulkupdate?subscriber_list_id[]=1&tag=merge', [
    { email: asa.email, tags: ['gold'] },
  ]);
  await call('PUT', '/subscribers/bulkupdate_by_external_id', [{ external_id: 'email|u2', city: 'Oslo' }]);
  await call('POST', '/subscribers/bulkremove?subscriber_list_id[]=1', [{ email: 'bo@example.com' }]);
  expect((await call('GET', '/subscribers/by_list?list_id=1')).body).toMatchObject([
    { tags: ['vip', 'gold'] },
  ]);
  expect(emulator.state.findByEmail('bo@example.com')).toMatchObject({ fields: { city: 'Oslo' }, lists: [] });
});

test('pages of a list hold up to a thousand', async () => {
  for (const name of ['a', 'b', 'c']) await call('POST', INTO_1, { email: `${name}@example.com` });
  const page = (await call('GET', '/subscribers/by_list?list_id=1&per_page=2&page=2')).body;
  expect(page).toMatchObject([{ email: 'c@example.com' }]);
  expect((await call('GET', '/subscribers/by_list?list_id=1&per_page=1001')).status).toBe(422);
});

test('custom fields get keys in capitals, by which subscribers have them', async () => {
  const { body } = await call('POST', '/custom_fields', { label: 'Shoe size', datatype: 'string' });
  expect(body).toMatchObject({ label: 'Shoe size', value: 'EXTRA1', datatype: 'string' });
  expect((await call('POST', INTO_1, { ...asa, EXTRA1: '41' })).body).toMatchObject({ EXTRA1: '41' });
});

test('switches choose what is not documented', async () => {
  await call('POST', INTO_1, asa);
  emulator.admin.setLimits({
    switches: { bulk_refusal: 'rows', match_external_id: false, unknown_keys: 'ignore' },
  });
  const path = '/subscribers/subscriptions/products/bulkinsert';
  expect(await call('POST', path, [product, { external_id: 'x' }])).toMatchObject({
    status: 200,
    body: [{ status: 'ok' }, { external_id: 'x', status: 'error' }],
  });
  expect((await call('POST', INTO_1, { ...asa, email: 'new@example.com', nickname: 'Å' })).status).toBe(201);
});

test('a limit that is set answers 429', async () => {
  emulator.clock.freeze();
  emulator.admin.setLimits({ callsPerSecond: 1 });
  expect((await call('GET', '/subscriberlists')).status).toBe(200);
  expect((await call('GET', '/subscriberlists')).status).toBe(429);
});
