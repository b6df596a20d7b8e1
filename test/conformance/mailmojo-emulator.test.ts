/** The Mailmojo emulator, call by call: there is no npm client of the vendor, so the models of its SDKs speak. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startEmulator } from '../../emulators/core/index.ts';
import { mailmojoEmulator } from '../../emulators/mailmojo/index.ts';
import { DEFAULT_TOKEN } from '../../emulators/mailmojo/state.ts';

const start = () => startEmulator(mailmojoEmulator);
let emulator: Awaited<ReturnType<typeof start>>;

beforeAll(async () => {
  emulator = await start();
});
afterAll(() => emulator.close());
beforeEach(() => emulator.admin.reset());

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function call(method: string, path: string, body?: unknown, token = DEFAULT_TOKEN): Promise<Answer> {
  const answer = await fetch(emulator.url + path, {
    method,
    redirect: 'manual',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
}

const SUBSCRIBERS = '/v1/lists/1/subscribers/';
const CONTACT = '/v1/contacts/asa@example.com/';
const subscribe = (more: object = {}) => call('POST', SUBSCRIBERS, { email: 'asa@example.com', ...more });

test('somebody who is subscribed is a contact of the account and a subscriber of the list', async () => {
  const made = await subscribe({
    first_name: 'Åsa',
    phone: '+4670',
    tags: ['vip'],
    custom: { town: 'Oslo' },
  });
  expect(made).toMatchObject({
    status: 200,
    body: {
      email: 'asa@example.com',
      first_name: 'Åsa',
      phone: '+4670',
      tags: ['vip'],
      custom: { town: 'Oslo' },
      status: 'a',
      list_associations: [{ list_id: 1, status: 'a' }],
    },
  });
  expect(await call('GET', CONTACT)).toEqual(made);
  expect(await call('GET', `${SUBSCRIBERS}asa@example.com/`)).toMatchObject({ status: 200 });
  expect(await call('GET', SUBSCRIBERS)).toMatchObject({ body: [{ email: 'asa@example.com' }] });
});

test('a whole name wins over its parts', async () => {
  const { body } = await subscribe({ name: 'Åsa af Öberg', first_name: 'X', last_name: 'Y' });
  expect(body).toMatchObject({ first_name: 'Åsa', last_name: 'af Öberg', name: 'Åsa af Öberg' });
});

test('who has left comes back unless the subscription says otherwise', async () => {
  await subscribe();
  await call('DELETE', `${SUBSCRIBERS}asa@example.com/`);
  expect(await call('GET', '/v1/lists/1/unsubscribed/')).toMatchObject({ body: [{ status: 'u' }] });
  expect((await subscribe({ force_subscribe: false })).body).toMatchObject({ status: 'u' });
  expect((await subscribe()).body).toMatchObject({ status: 'a' });
});

test.each([
  ['replace', ['new']],
  ['merge', ['old', 'new']],
] as const)(
  'the tags of a subscription %s those of the contact, as the switch says',
  async (subscriptionTags, tags) => {
    emulator.admin.setLimits({ subscriptionTags });
    await subscribe({ tags: ['old'] });
    expect((await subscribe({ tags: ['new'] })).body).toMatchObject({ tags });
    expect((await subscribe()).body).toMatchObject({ tags });
  },
);

test('a change replaces the tags, adds to the fields and touches no list', async () => {
  await subscribe({ tags: ['old'], custom: { town: 'Oslo' } });
  await call('DELETE', `${SUBSCRIBERS}asa@example.com/`);
  const { body } = await call('PATCH', CONTACT, { tags: ['new'], custom: { zip: '0150' } });
  expect(body).toMatchObject({ tags: ['new'], custom: { town: 'Oslo', zip: '0150' }, status: 'u' });
});

test.each([
  ['create', 200, { town: 'Oslo' }],
  ['ignore', 200, {}],
  ['refuse', 400, undefined],
] as const)('an account that would %s fields answers %i', async (unknownFields, status, custom) => {
  emulator.admin.setLimits({ unknownFields });
  const answer = await subscribe({ custom: { town: 'Oslo' } });
  expect(answer.status).toBe(status);
  if (custom === undefined) expect(answer.body).toMatchObject({ errors: [{ field: 'custom.town' }] });
  else expect(answer.body).toHaveProperty('custom', custom);
});

test('a path without its last slash is none, or redirects, as the switch says', async () => {
  expect(await call('GET', '/v1/contacts/asa@example.com')).toMatchObject({ status: 404 });
  emulator.admin.setLimits({ slashless: 'redirect' });
  expect(await call('GET', '/v1/lists')).toMatchObject({ status: 301 });
});

test.each([
  ['an address that is none', 'POST', SUBSCRIBERS, { email: 'asa' }, 400, 'email'],
  ['no address', 'POST', SUBSCRIBERS, {}, 400, 'email'],
  [
    'a key that no model has',
    'POST',
    SUBSCRIBERS,
    { email: 'a@example.com', shoe_size: 38 },
    400,
    'shoe_size',
  ],
  ['tags that are no list', 'PATCH', CONTACT, { tags: 'vip' }, 400, 'tags'],
])('%s is refused with the field', async (_what, method, path, body, status, field) => {
  await subscribe();
  expect(await call(method, path, body)).toMatchObject({ status, body: { errors: [{ field }] } });
});

test.each([
  ['a contact', 'GET', '/v1/contacts/nobody@example.com/'],
  ['a list', 'GET', '/v1/lists/9/'],
  ['a list to subscribe to', 'POST', '/v1/lists/9/subscribers/'],
  ['a route', 'GET', '/v1/nothing/'],
])('%s that does not exist is not found', async (_what, method, path) => {
  const body = method === 'POST' ? { email: 'asa@example.com' } : undefined;
  expect(await call(method, path, body)).toMatchObject({ status: 404, body: { title: 'Not Found' } });
});

test('tokens are asked for and end', async () => {
  emulator.admin.seed({ tokens: [{ token: 'short', expiresAt: '2020-01-01T00:00:00Z' }] });
  expect(await call('GET', '/v1/accounts/me/', undefined, 'short')).toMatchObject({
    status: 401,
    body: { detail: 'The access token has expired.' },
  });
  expect(await call('GET', '/v1/accounts/me/', undefined, 'wrong')).toMatchObject({ status: 401 });
  expect(await call('GET', '/v1/accounts/me/')).toMatchObject({ status: 200, body: { plan: 'premium' } });
});

test('an import takes addresses and names, and counts what it ignores', async () => {
  const rows = [{ email: 'a@example.com', name: 'A B' }, { email: 'none' }];
  expect(await call('POST', `${SUBSCRIBERS}import/`, rows)).toMatchObject({
    body: { num_contacts: 1, num_ignored: 1 },
  });
  const tagged = [{ email: 'a@example.com', tags: ['vip'] }];
  expect(await call('POST', `${SUBSCRIBERS}import/`, tagged)).toMatchObject({ status: 400 });
});

test('lists come bare or wrapped, and a limit is refused with its wait', async () => {
  emulator.admin.setLimits({ envelope: 'wrapped', callsPerMinute: 1 });
  expect(await call('GET', '/v1/lists/')).toMatchObject({ body: { data: [{ id: 1 }], meta: { count: 1 } } });
  expect(await call('GET', '/v1/lists/')).toMatchObject({ status: 429 });
});

test('somebody else can be planned to change tags after a reading or a write', async () => {
  await subscribe({ tags: ['mine'] });
  const edit = { email: 'asa@example.com', after: 'read', add: ['theirs'] };
  expect((await call('POST', '/_emulator/edits', edit)).status).toBe(201);
  expect(await call('GET', CONTACT)).toMatchObject({ body: { tags: ['mine'] } });
  expect(await call('GET', CONTACT)).toMatchObject({ body: { tags: ['mine', 'theirs'] } });
  expect((await call('POST', '/_emulator/edits', { email: 'x' })).status).toBe(400);
});
