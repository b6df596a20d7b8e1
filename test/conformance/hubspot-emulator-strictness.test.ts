import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { DEFAULT_PORTAL_ID, startHubspotEmulator } from '../../emulators/hubspot/index.ts';
import type { HubspotEmulator } from '../../emulators/hubspot/index.ts';
import { call, clientApi, plainApi } from './hubspot-emulator-api.ts';

const CONTACTS = '/crm/v3/objects/contacts';

let emulator: HubspotEmulator;

beforeAll(async () => {
  emulator = await startHubspotEmulator();
});
beforeEach(() => {
  emulator.admin.reset();
  emulator.clock.freeze();
});
afterAll(() => emulator.close());

function seedToken(token: Readonly<Record<string, unknown>>): void {
  emulator.admin.seed({ portals: [{ portalId: DEFAULT_PORTAL_ID, tokens: [{ token: 't-1', ...token }] }] });
}

test('a call without, with an unknown or with a revoked token answers 401', async () => {
  seedToken({ isRevoked: true });
  for (const token of ['', 'pat-na1-wrong', 't-1']) {
    expect(await call(emulator, 'GET', CONTACTS, undefined, token)).toMatchObject({
      status: 401,
      body: { category: 'INVALID_AUTHENTICATION', message: expect.stringContaining('credentials not found') },
    });
  }
});

test('an OAuth token expires after its time, on the clock of the emulator', async () => {
  seedToken({ kind: 'oauth' });
  expect((await call(emulator, 'GET', CONTACTS, undefined, 't-1')).status).toBe(200);
  emulator.clock.advance(30 * 60_000 + 7_000);
  expect(await call(emulator, 'GET', CONTACTS, undefined, 't-1')).toMatchObject({
    status: 401,
    body: {
      category: 'EXPIRED_AUTHENTICATION',
      message: 'The OAuth token used to make this call expired 7 second(s) ago.',
    },
  });
});

test('a token with characters that no token has meets the page of the proxy', async () => {
  const answer = await call(emulator, 'GET', CONTACTS, undefined, '"quoted"');
  expect([answer.status, answer.headers.get('content-type')]).toEqual([530, 'text/html; charset=UTF-8']);
});

test.each([
  ['GET', CONTACTS, 'crm.objects.contacts.read'],
  ['POST', `${CONTACTS}/batch/upsert`, 'crm.objects.contacts.write'],
  ['POST', '/crm/properties/2026-09/contacts', 'crm.schemas.contacts.write'],
  ['GET', '/crm/v3/objects/companies', 'crm.objects.companies.read'],
  ['POST', '/crm/objects/2026-09/0-3/batch/create', 'crm.objects.deals.write'],
  ['GET', '/crm/v3/objects/notes', 'crm.objects.contacts.read'],
  ['GET', '/crm/v3/objects/emails', 'sales-email-read'],
  ['POST', '/crm/v3/objects/orders/search', 'crm.objects.orders.read'],
  ['POST', '/crm/v3/properties/line_items', 'crm.schemas.line_items.write'],
])('%s %s without its scope answers 403 and names the scope', async (method, path, scope) => {
  seedToken({ scopes: ['tickets'] });
  expect(await call(emulator, method, path, method === 'GET' ? undefined : {}, 't-1')).toMatchObject({
    status: 403,
    body: {
      category: 'MISSING_SCOPES',
      errors: [{ context: { requiredGranularScopes: expect.arrayContaining([scope]) } }],
    },
  });
});

test('a scope opens what it is for: tickets and their properties to the one of their name', async () => {
  seedToken({ scopes: ['tickets'] });
  for (const path of ['/crm/v3/objects/tickets', '/crm/properties/2026-09/0-5']) {
    expect((await call(emulator, 'GET', path, undefined, 't-1')).status).toBe(200);
  }
});

test('what a token may do is told by the two calls that look into one', async () => {
  seedToken({ kind: 'oauth', scopes: ['crm.objects.contacts.read'], appId: 77 });
  const info = await call(emulator, 'POST', '/oauth/v2/private-apps/get/access-token-info', {
    tokenKey: 'pat-na1-emulator',
  });
  expect(info.body).toMatchObject({
    hubId: DEFAULT_PORTAL_ID,
    scopes: expect.arrayContaining(['crm.schemas.contacts.write']),
  });
  expect((await call(emulator, 'GET', '/oauth/v1/access-tokens/t-1')).body).toMatchObject({
    hub_id: DEFAULT_PORTAL_ID,
    app_id: 77,
    expires_in: 1800,
    token_type: 'access',
  });
  expect((await call(emulator, 'GET', '/oauth/v1/access-tokens/unknown')).status).toBe(404);
});

test.each([
  ['free', false, 'private', 100, '250000'],
  ['professional', false, 'private', 190, '625000'],
  ['professional', true, 'private', 250, '1625000'],
  ['enterprise', false, 'oauth', 110, null],
] as const)(
  'plan %s, add-on %s, %s app: %i calls per ten seconds, then 429',
  async (plan, addOn, kind, max, daily) => {
    seedToken({ kind });
    emulator.admin.setLimits({ plan, addOn });
    for (let n = 1; n <= max; n++) {
      const { status, headers } = await call(emulator, 'GET', '/account-info/v3/details', undefined, 't-1');
      expect([status, headers.get('x-hubspot-ratelimit-remaining')]).toEqual([200, String(max - n)]);
      expect(headers.get('x-hubspot-ratelimit-daily')).toBe(daily);
    }
    const refused = await call(emulator, 'GET', CONTACTS, undefined, 't-1');
    expect(refused).toMatchObject({
      status: 429,
      body: {
        policyName: 'TEN_SECONDLY_ROLLING',
        errorType: 'RATE_LIMIT',
        message: 'You have reached your ten_secondly_rolling limit.',
      },
    });
    expect(refused.headers.get('x-hubspot-ratelimit-max')).toBe(String(max));
    emulator.clock.advance(9_999);
    expect((await call(emulator, 'GET', CONTACTS, undefined, 't-1')).status).toBe(429);
    emulator.clock.advance(1);
    expect((await call(emulator, 'GET', CONTACTS, undefined, 't-1')).status).toBe(200);
  },
);

test('apps have windows of their own, the day is shared by the private apps of an account', async () => {
  seedToken({ appId: 9 });
  emulator.admin.setLimits({ burst: 2, daily: 3 });
  const status = async (token?: string): Promise<number> =>
    (await call(emulator, 'GET', CONTACTS, undefined, token)).status;
  expect([await status(), await status(), await status(), await status('t-1')]).toEqual([200, 200, 429, 200]);
  expect((await call(emulator, 'GET', CONTACTS, undefined, 't-1')).body).toMatchObject({
    policyName: 'DAILY',
  });
  emulator.clock.advance(86_400_000);
  expect(await status('t-1')).toBe(200);
});

test('searches have five calls a second for the account, no limit headers, and leave the ten-second window alone', async () => {
  seedToken({ appId: 9 });
  const search = (token?: string): ReturnType<typeof call> =>
    call(emulator, 'POST', `${CONTACTS}/search`, {}, token);
  for (let n = 0; n < 5; n++) {
    const answer = await search(n % 2 === 0 ? undefined : 't-1');
    expect([answer.status, answer.headers.get('x-hubspot-ratelimit-max')]).toEqual([200, null]);
  }
  expect(await search()).toMatchObject({
    status: 429,
    body: { policyName: 'SECONDLY', message: 'You have reached your secondly limit.' },
  });
  expect((await call(emulator, 'GET', CONTACTS)).headers.get('x-hubspot-ratelimit-remaining')).toBe('189');
  emulator.clock.advance(1_000);
  expect((await search()).status).toBe(200);
});

test("the day's usage is reported as it was up to five minutes ago", async () => {
  const path = '/account-info/v3/api-usage/daily/private-apps';
  const usage = async (): Promise<unknown> =>
    ((await call(emulator, 'GET', path)).body as { results: { currentUsage: number }[] }).results[0]
      ?.currentUsage;
  expect(await usage()).toBe(1);
  await call(emulator, 'GET', CONTACTS);
  expect(await usage()).toBe(1);
  emulator.clock.advance(300_000);
  expect(await usage()).toBe(4);
});

test.each([
  ['an unknown path', 'GET', '/crm/v3/nothing', undefined, 404],
  ['an unknown version', 'GET', '/crm/objects/2024-01/contacts', undefined, 404],
  ['a method the path lacks', 'PUT', CONTACTS, {}, 405],
  ['broken JSON', 'POST', CONTACTS, '{"properties":', 400],
  ['an array for an object', 'POST', CONTACTS, [], 400],
  ['properties that are a list', 'POST', CONTACTS, { properties: [] }, 400],
  ['a value that is an object', 'POST', CONTACTS, { properties: { city: {} } }, 400],
  [
    'a property from the prototype',
    'POST',
    CONTACTS,
    '{"properties":{"__proto__":"x","constructor":"y"}}',
    400,
  ],
  ['an input that is a text', 'POST', `${CONTACTS}/batch/upsert`, { inputs: ['x'] }, 400],
  ['a misspelt object type', 'GET', '/crm/v3/objects/contcats', undefined, 400],
  ['an object type that is not emulated', 'GET', '/crm/v3/objects/marketing_events', undefined, 501],
  ['a search beyond ten thousand', 'POST', `${CONTACTS}/search`, { after: '10000' }, 400],
  ['a search of more than 3,000 characters', 'POST', `${CONTACTS}/search`, { query: 'x'.repeat(3_000) }, 400],
  [
    'an unknown operator',
    'POST',
    `${CONTACTS}/search`,
    { filterGroups: [{ filters: [{ propertyName: 'city', operator: 'LIKE', value: 'x' }] }] },
    400,
  ],
  [
    'HAS_PROPERTY with a value',
    'POST',
    `${CONTACTS}/search`,
    { filterGroups: [{ filters: [{ propertyName: 'city', operator: 'HAS_PROPERTY', value: 'x' }] }] },
    400,
  ],
  ['a body above ten megabytes', 'POST', CONTACTS, 'x'.repeat(11 * 1024 * 1024), 413],
] as const)('%s is refused in the shape of HubSpot', async (_what, method, path, body, status) => {
  const answer = await call(emulator, method, path, body);
  expect(answer).toMatchObject({
    status,
    body: { status: 'error', message: expect.any(String), correlationId: expect.any(String) },
  });
  expect((answer.body as { correlationId: string }).correlationId).toBe(
    answer.headers.get('x-hubspot-correlation-id'),
  );
});

test('a body that is not JSON by its content type answers 415', async () => {
  const response = await fetch(emulator.url + CONTACTS, {
    method: 'POST',
    body: 'a=1',
    headers: { authorization: 'Bearer pat-na1-emulator', 'content-type': 'text/plain' },
  });
  expect(response.status).toBe(415);
});

test.each([
  ['locked', 423, 'application/json;charset=utf-8'],
  ['migrating', 477, 'application/json;charset=utf-8'],
  ['bad_gateway', 502, 'text/html; charset=UTF-8'],
  ['gateway_timeout', 504, 'text/html; charset=UTF-8'],
  ['timeout', 524, 'text/html; charset=UTF-8'],
  ['rate_limits', 429, 'application/json;charset=utf-8'],
])('the fault %s answers %i', async (preset, status, type) => {
  emulator.admin.addFault({ preset, times: 1 });
  const answer = await call(emulator, 'GET', CONTACTS);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([status, type]);
  expect((await call(emulator, 'GET', CONTACTS)).status).toBe(200);
});

test("HubSpot's client gives the error with its body when the answer is a fault", async () => {
  emulator.admin.addFault({ preset: 'daily_limit', times: 1 });
  expect(await clientApi(emulator).read('1')).toMatchObject({ status: 429, body: { policyName: 'DAILY' } });
});

test('portals of a seed know nothing of each other', async () => {
  emulator.admin.seed({
    portals: [
      {
        portalId: 5,
        hublet: 'eu1',
        plan: 'starter',
        tokens: [{ token: 'pat-eu1-x' }],
        properties: [
          {
            groupName: 'contactinformation',
            name: 'vip',
            label: 'VIP',
            type: 'bool',
            fieldType: 'booleancheckbox',
          },
        ],
        contacts: [{ properties: { email: 'a@x.com', vip: true } }],
      },
    ],
  });
  const own = await call(
    emulator,
    'GET',
    `${CONTACTS}/a@x.com?idProperty=email&properties=vip`,
    undefined,
    'pat-eu1-x',
  );
  expect(own).toMatchObject({
    status: 200,
    body: {
      properties: { vip: 'true' },
      url: expect.stringMatching(/^https:\/\/app-eu1\.hubspot\.com\/contacts\/5\//),
    },
  });
  expect((await call(emulator, 'GET', `${CONTACTS}/a@x.com?idProperty=email`)).status).toBe(404);
  expect(
    (await call(emulator, 'GET', '/account-info/v3/details', undefined, 'pat-eu1-x')).body,
  ).toMatchObject({ portalId: 5, dataHostingLocation: 'eu1' });
});

test('each switch turns what it names: silence, 207, promotion, the burst', async () => {
  const api = plainApi(emulator, '2026-09');
  const inputs = [
    { id: 'a@x.com', idProperty: 'email', properties: { email: 'a@x.com' }, objectWriteTraceId: '1' },
  ];
  emulator.admin.seed({ switches: { silentBatchFailure: true } });
  expect(await api.batch('upsert', { inputs })).toMatchObject({ status: 200, body: { results: [] } });
  expect((await api.read('a@x.com', { idProperty: 'email' })).status).toBe(404);
  emulator.admin.seed({ switches: { silentBatchFailure: false, partialStatus2026_09: '207' } });
  const bad = { id: 'x', idProperty: 'email', properties: {}, objectWriteTraceId: '2' };
  expect((await api.batch('upsert', { inputs: [...inputs, bad] })).status).toBe(207);
  emulator.admin.seed({
    portals: [
      {
        portalId: DEFAULT_PORTAL_ID,
        contacts: [{ properties: { email: 'one@x.com' }, additionalEmails: ['two@x.com'] }],
      },
    ],
  });
  const two = [{ id: 'two@x.com', idProperty: 'email', properties: { email: 'two@x.com' } }];
  await api.batch('upsert', { inputs: two });
  expect(
    (await api.read('one@x.com', { idProperty: 'email', properties: ['email', 'hs_additional_emails'] }))
      .body,
  ).toMatchObject({
    properties: { email: 'two@x.com', hs_additional_emails: 'one@x.com' },
  });
});

test('a write whose answer is lost has been carried out', async () => {
  emulator.admin.addFault({ reset: true, when: 'after', times: 1 });
  await expect(call(emulator, 'POST', CONTACTS, { properties: { email: 'a@x.com' } })).rejects.toThrow(
    'fetch failed',
  );
  expect((await call(emulator, 'POST', CONTACTS, { properties: { email: 'a@x.com' } })).status).toBe(409);
});
