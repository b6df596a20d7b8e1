import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { DEFAULT_PORTAL_ID, DEFAULT_TOKEN, startHubspotEmulator } from '../index.ts';
import type { HubspotEmulator } from '../index.ts';
import { DEFAULT_APP } from '../oauth/app.ts';

let emulator: HubspotEmulator;
let token = '';

const JOURNAL = '/webhooks-journal/journal/2026-03';
const SUBSCRIPTIONS = '/webhooks-journal/subscriptions/2026-03';

beforeAll(async () => {
  emulator = await startHubspotEmulator();
});
beforeEach(async () => {
  emulator.admin.reset();
  emulator.clock.freeze();
  const { appId, clientId } = DEFAULT_APP;
  emulator.state.oauth.install(
    { appId, clientId, portalId: DEFAULT_PORTAL_ID, userId: 1, scopes: ['oauth'] },
    'na1',
  );
  token = await ask(
    'developer.webhooks_journal.read developer.webhooks_journal.subscriptions.read developer.webhooks_journal.subscriptions.write',
  );
});
afterAll(() => emulator.close());

async function ask(scope: string): Promise<string> {
  const { clientId, clientSecret } = DEFAULT_APP;
  const response = await fetch(`${emulator.url}/oauth/2026-09/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      scope,
    }),
  });
  return String(((await response.json()) as Record<string, unknown>)['access_token']);
}

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

async function call(method: string, path: string, body?: unknown, bearer = token): Promise<Answer> {
  const response = await fetch(path.startsWith('http') ? path : emulator.url + path, {
    method,
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  return { status: response.status, body: isJson ? (JSON.parse(text) as Answer['body']) : { text } };
}

const subscribe = (change: Readonly<Record<string, unknown>> = {}): Promise<Answer> =>
  call('POST', SUBSCRIPTIONS, {
    subscriptionType: 'OBJECT',
    portalId: DEFAULT_PORTAL_ID,
    objectTypeId: '0-1',
    actions: ['CREATE', 'UPDATE', 'DELETE'],
    ...change,
  });

async function createContact(email: string): Promise<void> {
  await call('POST', '/crm/v3/objects/contacts', { properties: { email } }, DEFAULT_TOKEN);
  emulator.clock.advance(1_000);
}

test('the journal is a chain of files, read from its beginning to its head', async () => {
  expect((await subscribe({ properties: ['email'] })).status).toBe(201);
  expect((await call('GET', `${JOURNAL}/earliest`)).status).toBe(204);
  await createContact('a@example.com');
  await createContact('b@example.com');
  const first = await call('GET', `${JOURNAL}/earliest`);
  expect(first.body).toEqual({
    url: expect.stringContaining(emulator.url) as unknown,
    currentOffset: expect.stringMatching(/^[\da-f-]{36}$/) as unknown,
    expiresAt: expect.any(String) as unknown,
  });
  const file = await call('GET', String(first.body['url']));
  expect(file.body).toMatchObject({
    offset: first.body['currentOffset'],
    journalEvents: [
      { type: 'OBJECT', action: 'CREATE', objectTypeId: '0-1' },
      { type: 'OBJECT', action: 'UPDATE', propertyChanges: { email: 'a@example.com' } },
    ],
  });
  const second = await call('GET', `${JOURNAL}/offset/${String(first.body['currentOffset'])}/next`);
  expect(second.status).toBe(200);
  const last = String(second.body['currentOffset']);
  expect((await call('GET', `${JOURNAL}/offset/${last}/next`)).status).toBe(204);
  expect((await call('GET', `${JOURNAL}/latest`)).body['currentOffset']).toBe(last);
  expect((await call('GET', `${JOURNAL}/batch/earliest/5`)).body['results']).toHaveLength(2);
  expect((await call('POST', `${JOURNAL}/batch/read`, { inputs: [last] })).body['results']).toHaveLength(1);
  const local = '/webhooks-journal/journal-local/2026-03/earliest';
  expect((await call('GET', `${local}?installPortalId=${DEFAULT_PORTAL_ID}`)).status).toBe(200);
  expect((await call('GET', `${local}?installPortalId=5`)).status).toBe(204);
});

test('the address of a file expires, and a file is gone after three days', async () => {
  await subscribe();
  await createContact('a@example.com');
  const { body } = await call('GET', `${JOURNAL}/earliest`);
  emulator.clock.advance(300_000);
  expect((await call('GET', String(body['url']))).status).toBe(403);
  await call('GET', `${JOURNAL}/earliest`);
  emulator.clock.advance(3 * 86_400_000);
  token = await ask('developer.webhooks_journal.read');
  expect((await call('GET', `${JOURNAL}/earliest`)).status).toBe(204);
  expect((await call('GET', `${JOURNAL}/offset/${String(body['currentOffset'])}/next`)).status).toBe(404);
});

test('only the app itself may pull, with the scope for it', async () => {
  expect((await call('GET', `${JOURNAL}/earliest`, undefined, DEFAULT_TOKEN)).status).toBe(401);
  token = await ask('developer.webhooks_journal.subscriptions.read');
  expect(await call('GET', `${JOURNAL}/earliest`)).toMatchObject({
    status: 403,
    body: { category: 'MISSING_SCOPES' },
  });
  emulator.clock.advance(1_800_000);
  expect(await call('GET', `${JOURNAL}/earliest`)).toMatchObject({
    status: 401,
    body: { category: 'EXPIRED_AUTHENTICATION' },
  });
});

test('subscriptions are listed and removed, one by one or for an account', async () => {
  const { body } = await subscribe();
  await subscribe({ objectTypeId: '0-2' });
  expect((await call('GET', SUBSCRIPTIONS)).body['results']).toHaveLength(2);
  expect((await call('DELETE', `${SUBSCRIPTIONS}/${String(body['id'])}`)).status).toBe(204);
  expect((await call('GET', `${SUBSCRIPTIONS}/${String(body['id'])}`)).status).toBe(404);
  expect((await call('DELETE', `${SUBSCRIPTIONS}/portals/${DEFAULT_PORTAL_ID}`)).status).toBe(204);
  expect((await call('GET', SUBSCRIPTIONS)).body['results']).toEqual([]);
});

test.each([
  [{ subscriptionType: 'THING' }],
  [{ actions: [] }],
  [{ actions: ['EXPLODE'] }],
  [{ objectTypeId: undefined }],
  [{ portalId: 5 }],
])('a subscription with %j is refused', async (change) => {
  expect((await subscribe(change)).status).toBe(400);
});
