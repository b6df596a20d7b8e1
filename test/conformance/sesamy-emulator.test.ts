import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { APIError, client, management } from '@sesamy/sdk';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { startEmulator } from '../../emulators/core/index.ts';
import { sesamyEmulator } from '../../emulators/sesamy/index.ts';

const start = () => startEmulator(sesamyEmulator);
let emulator: Awaited<ReturnType<typeof start>>;

beforeEach(async () => {
  emulator = await start();
  emulator.admin.seed({
    products: [
      { sku: 'MAG-001', title: 'Premium Magazine', options: [{ id: 'po-123', title: 'Monthly', issues: 8 }] },
    ],
    users: [{ userId: 'email|84cccf985de28a2a84824786', email: 'asa@example.com', firstName: 'Åsa' }],
  });
});
afterEach(() => emulator.close());

const ASA = 'email|84cccf985de28a2a84824786';

/** The vendor's own two clients, each with its token from the emulator's OAuth endpoint or admin surface. */
async function publisherSdk() {
  const answer = await askToken({});
  const { access_token } = z.object({ access_token: z.string() }).parse(await answer.json());
  return management({
    baseUrl: emulator.url,
    tokenProvider: () => Promise.resolve(`Bearer ${access_token}`),
  });
}

async function readerSdk(userId: string) {
  const { access_token } = z.object({ access_token: z.string() }).parse(await act('issue-token', { userId }));
  return client({ baseUrl: emulator.url, tokenProvider: () => Promise.resolve(`Bearer ${access_token}`) });
}

function askToken(change: Record<string, string>): Promise<Response> {
  const form = {
    grant_type: 'client_credentials',
    client_id: 'id',
    client_secret: 'secret',
    audience: 'https://api.sesamy.com',
    ...change,
  };
  return fetch(`${emulator.url}/oauth/token`, { method: 'POST', body: new URLSearchParams(form) });
}

async function act(verb: string, input: object): Promise<unknown> {
  const answer = await fetch(`${emulator.url}/_emulator/actions/${verb}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(input),
  });
  const body: unknown = await answer.json();
  expect(body, verb).not.toHaveProperty('error');
  return body;
}

async function buy(userId = ASA) {
  const bought = z.object({
    contract: z.object({ id: z.string() }),
    checkout: z.object({ id: z.string() }),
    entitlements: z.array(z.object({ id: z.string() })),
  });
  return bought.parse(
    await act('purchase', { userId, sku: 'MAG-001', attribution: { utmCampaign: 'autumn' } }),
  );
}

test('the token endpoint gives a token for a day, in exchange for the right form', async () => {
  const answer = await askToken({});
  expect(await answer.json()).toEqual({
    access_token: expect.any(String) as string,
    token_type: 'Bearer',
    expires_in: 86_400,
  });
});

test.each([
  ['a wrong secret', { client_secret: 'guess' }, 401, 'invalid_client'],
  ['an unknown client', { client_id: 'who' }, 401, 'invalid_client'],
  ['another grant', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
  ['another audience', { audience: 'https://example.com' }, 400, 'invalid_target'],
])('the token endpoint refuses %s', async (_what, change, status, error) => {
  const answer = await askToken(change);
  expect(answer.status).toBe(status);
  expect(await answer.json()).toMatchObject({ error });
});

test('a token is refused after its day', async () => {
  const sdk = await publisherSdk();
  emulator.clock.advance(86_400_000);
  await expect(sdk.users.list({})).rejects.toMatchObject({
    status: 401,
    body: expect.stringContaining('Token expired') as string,
  });
});

test("a reader's token opens only the reader's own things, a publisher's not those, and nonsense nothing", async () => {
  const reader = await readerSdk(ASA);
  expect(await reader.profile.get(ASA)).toMatchObject({ email: 'asa@example.com' });
  await expect(reader.profile.get('somebody-else')).rejects.toMatchObject({ status: 403 });
  const statusOf = async (path: string, token: unknown) => {
    const answer = await fetch(emulator.url + path, {
      headers: { authorization: `Bearer ${String(token)}` },
    });
    return answer.status;
  };
  const own = z.object({ access_token: z.string() }).parse(await act('issue-token', { userId: ASA }));
  const publishers = z.object({ access_token: z.string() }).parse(await (await askToken({})).json());
  expect(await statusOf('/management/users', own.access_token)).toBe(403);
  expect(await statusOf('/contracts', publishers.access_token)).toBe(403);
  expect(await statusOf('/contracts', 'nonsense')).toBe(401);
});

test('users are created, found, changed and deleted through the SDK', async () => {
  const sdk = await publisherSdk();
  const made: unknown = await sdk.users.create({ email: 'bo@example.com' });
  const { userId } = z.object({ userId: z.string() }).parse(made);
  await sdk.users.update(userId, { firstName: 'Bo' });
  await sdk.users.metadata.set(userId, 'plan', 'gold');
  expect(await sdk.users.get(userId)).toMatchObject({ firstName: 'Bo', user_metadata: { plan: 'gold' } });
  expect(await sdk.users.list({ search: 'bo@' })).toHaveLength(1);
  await sdk.users.delete(userId);
  await expect(sdk.users.get(userId)).rejects.toMatchObject({ status: 404 });
});

test('a refusal names the fields in the documented error body', async () => {
  const sdk = await publisherSdk();
  const refusal: unknown = await sdk.users
    .create({ email: 'no address', shoeSize: 38 })
    .catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(APIError);
  const { error } = z
    .object({ error: z.object({ code: z.string(), details: z.array(z.object({ path: z.string() })) }) })
    .parse(JSON.parse((refusal as APIError).body ?? ''));
  expect(error).toMatchObject({ code: 'validation_error', details: [{ path: 'email' }, { path: '' }] });
});

test('a purchase leaves a contract, a right, a paid bill, a transaction and a completed checkout', async () => {
  const { contract, checkout } = await buy();
  const [publisher, reader] = [await publisherSdk(), await readerSdk(ASA)];
  expect(await publisher.contracts.get(contract.id)).toMatchObject({
    userId: ASA,
    status: 'ACTIVE',
    isActive: true,
    contractDuration: 'RECURRING',
    issuesRemaining: 8,
    items: [
      { sku: 'MAG-001', name: 'Premium Magazine', purchaseOptionId: 'po-123', purchaseOptionName: 'Monthly' },
    ],
  });
  expect(await publisher.contracts.list({ userId: ASA })).toHaveLength(1);
  expect(await publisher.bills.list({ contractId: contract.id })).toMatchObject([
    { status: 'PAID', price: 99 },
  ]);
  expect(await publisher.transactions.list({ userId: ASA })).toMatchObject([{ contractId: contract.id }]);
  expect(await publisher.products.get('MAG-001')).not.toHaveProperty('options');
  expect(await reader.entitlements.list({ sku: 'MAG-001' })).toMatchObject([
    { hasAccess: true, type: 'publication' },
  ]);
  expect((await reader.entitlements.list())[0]).not.toHaveProperty('userId');
  expect(await reader.checkouts.get(checkout.id)).toMatchObject({
    status: 'COMPLETED',
    type: 'RECURRING',
    attribution: { utmCampaign: 'autumn' },
  });
});

test('a checkout is opened and changed through the SDK, and completed by the buyer', async () => {
  const reader = await readerSdk(ASA);
  const opened = await reader.checkouts.create({
    items: [{ sku: 'MAG-001' }],
    redirectUrl: 'https://example.com/done',
  });
  expect(opened).toMatchObject({ status: 'PENDING', itemsOwned: [] });
  await reader.checkouts.update(opened.id, { email: 'asa@example.com' });
  await act('confirm-checkout', { checkoutId: opened.id, userId: ASA });
  expect(await reader.checkouts.get(opened.id)).toMatchObject({
    status: 'COMPLETED',
    email: 'asa@example.com',
  });
});

test('lists come in pages, bare or wrapped', async () => {
  const users = Array.from({ length: 120 }, (_none, index) => ({ userId: `u${String(index)}` }));
  emulator.admin.seed({ users });
  const sdk = await publisherSdk();
  const ids = async (offset: number) =>
    z
      .array(z.object({ userId: z.string() }))
      .parse(await sdk.users.list({ limit: '100', offset: String(offset) }));
  const [first, second] = [await ids(0), await ids(100)];
  expect([first.length, second.length]).toEqual([100, 21]);
  expect(new Set([...first, ...second].map(({ userId }) => userId)).size).toBe(121);
  emulator.admin.seed({ envelope: 'wrapped' });
  expect(await sdk.users.list({ limit: '50', offset: '100' })).toMatchObject({
    pagination: { total: 121, limit: 50, offset: 100, hasMore: false },
  });
  await expect(sdk.users.list({ limit: '101' })).rejects.toMatchObject({ status: 400 });
  await expect(sdk.users.list({ colour: 'red' })).rejects.toMatchObject({ status: 400 });
});

test("another vendor's token sees nothing of this vendor", async () => {
  emulator.admin.seed({ clients: [{ id: 'other', secret: 'secret', vendorId: 'vendor_9' }] });
  const answer = await askToken({ client_id: 'other' });
  const { access_token } = z.object({ access_token: z.string() }).parse(await answer.json());
  const sdk = management({
    baseUrl: emulator.url,
    tokenProvider: () => Promise.resolve(`Bearer ${access_token}`),
  });
  expect(await sdk.users.list({})).toEqual([]);
  await expect(sdk.users.get(ASA)).rejects.toMatchObject({ status: 404 });
});

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

/** A publisher's webhook endpoint that answers with the given statuses in turn, then 200. */
async function endpoint(statuses: number[] = []) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      received.push({
        headers: request.headers,
        body: JSON.parse(Buffer.concat(pieces).toString('utf8')) as unknown,
      });
      response.writeHead(statuses.shift() ?? 200).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { received, url: `http://127.0.0.1:${String(port)}/hook`, close: () => server.close() };
}

const typesOf = (received: readonly Received[]) =>
  received.map(({ body }) => z.object({ eventType: z.string() }).parse(body).eventType).toSorted();

test('what happens is sent as raw events to the configured address, without the two entitlement events', async () => {
  const hook = await endpoint();
  emulator.admin.seed({ webhooks: [{ url: hook.url, headers: { authorization: 'Bearer whs_test' } }] });
  const { contract, checkout } = await buy();
  await emulator.webhooks.settled();
  expect(typesOf(hook.received)).toEqual(['checkout.1#confirm', 'contract.1#purchased']);
  const [bought] = hook.received.filter(
    ({ body }) => typesOf([{ headers: {}, body }])[0] === 'contract.1#purchased',
  );
  expect(bought?.headers).toMatchObject({
    authorization: 'Bearer whs_test',
    'content-type': 'application/json',
  });
  expect(bought?.body).toEqual({
    eventType: 'contract.1#purchased',
    vendorId: 'vendor_123',
    userId: ASA,
    contractId: contract.id,
    checkoutId: checkout.id,
    occured_at: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/) as string,
  });
  hook.close();
});

test('all eight events are raised over the life of a subscription', async () => {
  const hook = await endpoint();
  emulator.admin.seed({ webhooks: [{ url: hook.url, events: 'all' }] });
  await act('create-user', { userId: 'bo', email: 'bo@example.com' });
  await act('tag', { userId: 'bo', tag: 'vip' });
  const { contract, entitlements } = await buy('bo');
  expect(entitlements).toHaveLength(1);
  await act('renew', { contractId: contract.id });
  await act('overdue', { contractId: contract.id });
  await act('request-cancel', { contractId: contract.id });
  await act('cancel', { contractId: contract.id });
  await emulator.webhooks.settled();
  expect([...new Set(typesOf(hook.received))]).toEqual([
    'checkout.1#confirm',
    'contract#cancelRequest',
    'contract.1#purchased',
    'contract.1#update',
    'entitlement.1#new',
    'entitlement.1#update',
    'userVendor.1#new',
    'userVendor.1#update',
  ]);
  hook.close();
});

test.each([
  [503, 2, 'delivered'],
  [429, 2, 'delivered'],
  [400, 1, 'given_up'],
])('a webhook answered with %i is sent %i times in all and ends as %s', async (status, attempts, state) => {
  const hook = await endpoint([status]);
  emulator.admin.seed({ webhooks: [{ url: hook.url }] });
  emulator.clock.freeze();
  await act('create-user', { email: 'bo@example.com' });
  await emulator.webhooks.settled();
  emulator.clock.advance(1_000);
  await emulator.webhooks.settled();
  expect(hook.received).toHaveLength(attempts);
  expect(emulator.admin.webhooks()).toMatchObject([{ state }]);
  hook.close();
});

test('one failing read among many is a fault of one line', async () => {
  const sdk = await readerSdk(ASA);
  emulator.admin.addFault({ path: '/entitlements', status: 418, times: 1 });
  await expect(sdk.entitlements.list()).rejects.toMatchObject({ status: 418 });
  expect(await sdk.entitlements.list()).toEqual([]);
});

test('a limit, when one is set, is refused with a wait', async () => {
  const sdk = await publisherSdk();
  emulator.clock.freeze();
  emulator.admin.setLimits({ callsPerSecond: 1 });
  await sdk.vendors.list();
  const { access_token } = z.object({ access_token: z.string() }).parse(await (await askToken({})).json());
  const refused = await fetch(`${emulator.url}/management/vendors`, {
    headers: { authorization: `Bearer ${access_token}` },
  });
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
});
