/**
 * The wire of Rule, call by call: what its makers' client (rule-client.test.ts) does not show, from that client's source and
 * from the documents at apidoc.rule.se (read 2026-11).
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startEmulator } from '../../emulators/core/index.ts';
import { DEFAULT_KEY, ruleEmulator } from '../../emulators/rule/index.ts';
import { ASA, field, groups, MANY, V2, V3, value } from './rule-emulator-calls.ts';

const start = () => startEmulator(ruleEmulator);
let emulator: Awaited<ReturnType<typeof start>>;

beforeEach(async () => {
  emulator = await start();
  emulator.clock.set(Date.parse('2026-11-21T15:00:00Z'));
  emulator.clock.freeze();
  emulator.admin.seed({
    subscribers: [
      { email: 'asa@example.com', phone_number: '+46701234567', tags: ['VIP'] },
      { email: 'bo@example.com', custom_identifier: 'member-7' },
    ],
  });
});
afterEach(() => emulator.close());

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

async function call(method: string, path: string, body?: unknown, key = DEFAULT_KEY): Promise<Answer> {
  const response = await fetch(`${emulator.url}/api${path}`, {
    method,
    headers: {
      ...(key === '' ? {} : { authorization: `Bearer ${key}` }),
      'content-type': 'application/json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? undefined : (JSON.parse(text) as unknown),
  };
}

const post = (subscribers: unknown, more: object = {}) =>
  call('POST', '/v2/subscribers', { update_on_duplicate: true, tags: ['sesamy'], subscribers, ...more });

const namesOf = (email: string): readonly string[] => {
  const subscriber = emulator.state.subscribers.find('email', email);
  return [...(subscriber?.tags ?? [])].map(({ name }) => name);
};

describe.each([
  ['v2', V2],
  ['v3', V3],
])('%s', (version, rows) => {
  test.each(rows)('answers %s', async (_what, method, path, body, status, says) => {
    const answer = await call(method, path, body);
    expect(answer.status, JSON.stringify(answer.body)).toBe(status);
    expect(answer.body ?? {}).toMatchObject(says);
  });

  test.each(['', 'another-key'])('refuses the key %j', async (key) => {
    const answer = await call('GET', version === 'v2' ? '/v2/tags' : '/v3/sender/details', undefined, key);
    expect(answer.status).toBe(401);
    expect(answer.body).toMatchObject(version === 'v2' ? { error: 'NotAuthorized' } : {});
  });
});

test('the calls of a write by v3 leave a subscriber with fields and tags', async () => {
  await call('POST', '/v2/customizations', { fields: [{ key: 'A.B', type: 'text' }] });
  const created = await call('POST', '/v3/subscribers', { email: 'c@example.com' });
  const { id } = (created.body as { data: { id: number } }).data;
  const data = groups({ group: 'A', values: [{ field: 'B', value: 'x' }] });
  expect((await call('POST', `/v3/custom-field-data/${String(id)}`, data)).status).toBe(204);
  await call('PUT', '/v3/subscribers/c%40example.com/tags?identified_by=email', { tags: ['t'] });
  expect((await call('GET', `/v3/custom-field-data/${String(id)}`)).body).toMatchObject({
    data: [{ group_name: 'A', historical: false, values: [{ field_name: 'B', field_value: 'x' }] }],
  });
  expect(namesOf('c@example.com')).toEqual(['t']);
});

test('a field keeps the type that it was made with, and the empty text empties it', async () => {
  await post(field('A.B', ['x', 'y'], 'multiple'));
  expect((await post(field('A.B', 'z', 'text'))).status).toBe(400);
  expect((await call('GET', '/v2/subscriber/asa%40example.com/fields')).body).toMatchObject({
    groups: [{ name: 'A', fields: [{ key: 'A.B', value: ['x', 'y'], type: 'multiple' }] }],
  });
  await post(field('A.B', ''));
  expect((await call('GET', '/v2/subscriber/asa%40example.com/fields')).body).toMatchObject({
    groups: [{ name: 'A', fields: [] }],
  });
});

test('a historical group keeps every row, another one the last', async () => {
  const write = (group: string, historical: boolean, text: string) =>
    call(
      'POST',
      `/v3/custom-field-data/${String(ASA)}`,
      groups({ group, historical, create_if_not_exists: true, values: [{ ...value, value: text }] }),
    );
  for (const text of ['1', '2']) await Promise.all([write('Order', true, text), write('User', false, text)]);
  const { body } = await call('GET', `/v3/custom-field-data/${String(ASA)}`);
  const { data } = body as { data: { group_name: string; values: { field_value: string }[] }[] };
  const shown = data.map((row) => `${row.group_name} ${row.values[0]?.field_value ?? ''}`).toSorted();
  expect(shown).toEqual(['Order 1', 'Order 2', 'User 2']);
});

test('adding tags removes none, removing one leaves the others, and clear takes all', async () => {
  await post({ email: 'asa@example.com' });
  expect(namesOf('asa@example.com')).toEqual(['VIP', 'sesamy']);
  await call('DELETE', '/v3/subscribers/asa%40example.com/tags/sesamy?identified_by=email');
  expect(namesOf('asa@example.com')).toEqual(['VIP']);
  await call('DELETE', '/v2/subscribers/asa%40example.com/tags/clear?identified_by=email');
  expect(namesOf('asa@example.com')).toEqual([]);
});

test('a tag starts its automation once with send, and again with force', async () => {
  const put = (automation: string) =>
    call('PUT', '/v3/subscribers/asa%40example.com/tags?identified_by=email', { tags: ['t'], automation });
  for (const mode of ['send', 'send', 'force']) await put(mode);
  const [asa] = emulator.state.subscribers.all();
  expect(asa?.automations.map(({ mode }) => mode)).toEqual(['send', 'force']);
});

test('bulk calls answer before they act', async () => {
  const bulk = await call('POST', '/v3/subscribers/tags', {
    subscribers: [{ email: 'asa@example.com' }, { email: 'nobody@example.com' }],
    tags: ['later'],
  });
  const imported = await post(MANY.slice(0, 21));
  expect([bulk.status, imported.body]).toMatchObject([204, { success: true }]);
  expect([namesOf('asa@example.com'), emulator.state.subscribers.all().length]).toEqual([['VIP'], 2]);
  emulator.clock.advance(2_000);
  expect([namesOf('asa@example.com'), emulator.state.subscribers.all().length]).toEqual([
    ['VIP', 'later'],
    23,
  ]);
});

test('the address of the next page holds the key, and works without any other', async () => {
  await post(MANY.slice(0, 20));
  const { body } = await call('GET', '/v2/subscribers?limit=20');
  const { next } = (body as { meta: { next: string } }).meta;
  expect(next).toContain(`apikey=${DEFAULT_KEY}`);
  const second = (await (await fetch(next)).json()) as { subscribers: unknown[]; meta: object };
  expect([second.subscribers.length, second.meta]).toEqual([2, { next: null }]);
});

test('every answer tells what is used; a call too many waits in the local time of Stockholm', async () => {
  emulator.admin.setLimits({ allowed: 3 });
  const first = await call('GET', '/v3/sender/details');
  expect(Object.fromEntries(first.headers)).toMatchObject({
    'requestscount-allowed': '3',
    'requestscount-current': '1',
    'x-errorpercent-limit': '49',
    'x-errorpercent-current': '0',
  });
  await call('GET', '/v2/subscribers/c%40example.com');
  await call('GET', '/v3/sender/details');
  const refused = await call('GET', '/v3/sender/details');
  expect(refused.status).toBe(429);
  expect(Object.fromEntries(refused.headers)).toMatchObject({
    'retry-after': '2026-11-21 16:10:00',
    'x-errorpercent-current': '33',
    date: 'Sat, 21 Nov 2026 15:00:00 GMT',
  });
  expect(refused.headers.has('requestscount-current')).toBe(false);
  emulator.clock.advance(600_000);
  expect((await call('GET', '/v3/sender/details')).status).toBe(200);
});

test('a key of which half the calls fail is blocked, good calls included, until its time is over', async () => {
  emulator.admin.setLimits({ errorsCountFrom: 4 });
  for (const path of ['/v3/sender/details', '/v3/sender/details', '/v2/nowhere', '/v2/nowhere']) {
    await call('GET', path);
  }
  const blocked = await call('GET', '/v3/sender/details');
  expect([blocked.status, blocked.headers.get('x-errorpercent-current')]).toEqual([429, '50']);
  emulator.clock.advance(600_000);
  expect((await call('GET', '/v3/sender/details')).status).toBe(200);
});

test('calling a blocked key prolongs the block', async () => {
  emulator.admin.setLimits({ errorsCountFrom: 2 });
  for (let index = 0; index < 2; index += 1) await call('GET', '/v2/nowhere');
  emulator.clock.advance(599_000);
  expect((await call('GET', '/v3/sender/details')).headers.get('retry-after')).toBe('2026-11-21 16:10:00');
  emulator.clock.advance(1_000);
  expect((await call('GET', '/v3/sender/details')).headers.get('retry-after')).toBe('2026-11-21 16:19:59');
});

test('v2 updates whoever has the phone number, whatever the address is', async () => {
  await post({ email: 'new@example.com', phone_number: '+46701234567' });
  expect(emulator.state.subscribers.find('email', 'new@example.com')?.id).toBe(ASA);
});

test('v2 finds its key in the query and in the body too, v3 does not', async () => {
  expect((await call('GET', `/v2/tags?apikey=${DEFAULT_KEY}`, undefined, '')).status).toBe(200);
  const body = { apikey: DEFAULT_KEY, fields: [{ key: 'A.B' }] };
  expect((await call('POST', '/v2/customizations', body, '')).status).toBe(200);
  expect((await call('GET', `/v3/sender/details?apikey=${DEFAULT_KEY}`, undefined, '')).status).toBe(401);
});

test.each([
  ['422', 422],
  ['update', 200],
] as const)('creation by v3 of one who exists may be answered %s', async (v3Duplicate, status) => {
  emulator.admin.seed({ switches: { v3Duplicate } });
  expect((await call('POST', '/v3/subscribers', { email: 'asa@example.com' })).status).toBe(status);
});
