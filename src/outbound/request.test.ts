import { createHmac } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { startLocalVendor } from '../../test/support/local-vendor.ts';
import type { LocalVendor, VendorRequest } from '../../test/support/local-vendor.ts';
import { makeTestConnector } from '../../test/support/test-connector.ts';
import { systemClock } from '../kernel/clock.ts';
import { Redacted } from '../kernel/redacted.ts';
import type { Auth, Call, UnsignedRequest } from '../kit/index.ts';
import { ConnectionClient } from './connection-client.ts';
import { preview } from './preview.ts';

const NEVER = new AbortController().signal;
const SECRET = 'k-0123456789';

const BASIC: Auth = { kind: 'basic', user: 'any', password: new Redacted(SECRET) };
const QUERY: Auth = { kind: 'query', parameters: { access_token: new Redacted(SECRET) } };

const hmacOf = ({ deliveryId, nowMs, body }: UnsignedRequest): string =>
  createHmac('sha256', SECRET)
    .update(`${deliveryId}.${String(nowMs)}.${body}`)
    .digest('base64');

const SIGNED: Auth = {
  kind: 'signed',
  sign: (request) => ({
    'Webhook-Id': request.deliveryId,
    'Webhook-Timestamp': String(request.nowMs),
    'Webhook-Nonce': request.nonce,
    'Webhook-Signature': `v1,${hmacOf(request)}`,
    'X-Who': `key ${SECRET}`,
  }),
};

/** Quotes all it was sent, as vendors do when they refuse. */
const echo = ({ path, headers, text }: VendorRequest) => ({
  status: 400,
  headers: { 'x-request-id': `for ${JSON.stringify(headers)}` },
  body: { message: `${path} ${JSON.stringify(headers)} ${text}` },
});

function makeClient(vendor: LocalVendor, auth: Auth) {
  const connector = {
    ...makeTestConnector(),
    auth: () => auth,
    http: {
      ...makeTestConnector().http,
      describeFailure: ({ body, headers }: { body: unknown; headers: Readonly<Record<string, string>> }) => ({
        message: JSON.stringify(body),
        requestId: headers['x-request-id'] ?? '',
      }),
    },
  };
  const settings = { base_url: vendor.url, access_token: new Redacted(SECRET) };
  const client = new ConnectionClient({ connector, settings, clock: systemClock, privateAddresses: true });
  onTestFinished(() => client.close());
  return client;
}

const CALL: Call = { kind: 'call', method: 'POST', path: '/put', body: { a: 1 }, id: 'delivery-1' };

test('basic authentication is user and password as RFC 7617 writes them', async () => {
  const vendor = await startLocalVendor(() => ({ status: 200 }));
  await makeClient(vendor, BASIC).send(CALL, NEVER);
  expect(vendor.requests[0]?.headers.authorization).toBe(
    `Basic ${Buffer.from(`any:${SECRET}`).toString('base64')}`,
  );
});

test('credentials in the address stand behind the query of the call', async () => {
  const vendor = await startLocalVendor(() => ({ status: 200 }));
  const client = makeClient(vendor, QUERY);
  await client.send(CALL, NEVER);
  const sent = await client.send({ ...CALL, query: { q: 'a b' } }, NEVER);
  expect(vendor.requests.map(({ path }) => path)).toEqual([
    `/put?access_token=${SECRET}`,
    `/put?q=a+b&access_token=${SECRET}`,
  ]);
  expect(sent?.kind === 'response' && sent.exchange.url).toBe(
    `${vendor.url}/put?q=a+b&access_token=[redacted]`,
  );
});

test('a credential in the address is hidden by its name, even one too short to be looked for', async () => {
  const vendor = await startLocalVendor(() => ({ status: 200 }));
  const client = makeClient(vendor, { kind: 'query', parameters: { key: new Redacted('abc') } });
  const sent = await client.send(CALL, NEVER);
  expect(sent?.kind === 'response' && sent.exchange.url).toBe(`${vendor.url}/put?key=[redacted]`);
});

test('a signature is of exactly what leaves, and made anew for every time that it leaves', async () => {
  const vendor = await startLocalVendor(() => ({ status: 200 }));
  const client = makeClient(vendor, SIGNED);
  await client.send({ ...CALL, query: { q: 'ø' } }, NEVER);
  await client.send({ ...CALL, query: { q: 'ø' } }, NEVER);
  const [first, second] = vendor.requests;
  for (const { headers, text } of vendor.requests) {
    const nowMs = Number(headers['webhook-timestamp']);
    const expected = createHmac('sha256', SECRET).update(`delivery-1.${String(nowMs)}.${text}`);
    expect(headers['webhook-signature']).toBe(`v1,${expected.digest('base64')}`);
    expect(headers['webhook-nonce']).toMatch(/^[\da-f]{32}$/);
  }
  expect(first?.headers['webhook-id']).toBe('delivery-1');
  expect(second?.headers['webhook-id']).toBe('delivery-1');
  expect(first?.headers['webhook-nonce']).not.toBe(second?.headers['webhook-nonce']);
});

test('who signs sees the whole address, and headers as they leave', async () => {
  const vendor = await startLocalVendor(() => ({ status: 200 }));
  const seen: UnsignedRequest[] = [];
  const sign = (request: UnsignedRequest) => {
    seen.push(request);
    return { 'user-agent': 'signed' };
  };
  const client = makeClient(vendor, { kind: 'signed', sign });
  await client.send(
    { kind: 'call', method: 'GET', path: '/a', query: { q: 'x y' }, headers: { 'X-A': '1' } },
    NEVER,
  );
  expect(seen[0]).toMatchObject({
    method: 'GET',
    url: `${vendor.url}/a?q=x+y`,
    body: '',
    headers: { 'x-a': '1' },
  });
  expect(seen[0]?.deliveryId).toBe(seen[0]?.nonce);
  expect(vendor.requests[0]?.headers['user-agent']).toBe('signed');
});

test.each([
  ['basic', BASIC, [Buffer.from(`any:${SECRET}`).toString('base64')]],
  ['query', QUERY, [SECRET]],
  ['signed', SIGNED, [SECRET, 'v1,']],
])('what a vendor quotes of %s credentials is in no exchange and no fault', async (_kind, auth, secrets) => {
  const vendor = await startLocalVendor(echo);
  const sent = await makeClient(vendor, auth).send(CALL, NEVER);
  const kept = JSON.stringify(sent);
  expect(kept).toContain('[redacted]');
  for (const each of secrets) {
    expect(JSON.stringify(vendor.requests)).toContain(each);
    expect(kept).not.toContain(each);
  }
  // What explains a delivery stays readable.
  if (auth === SIGNED) expect(kept).toContain('delivery-1');
});

test.each([
  ['basic', BASIC],
  ['query', QUERY],
  ['signed', SIGNED],
])('a preview shows no %s credentials', (_kind, auth) => {
  const connector = { ...makeTestConnector(), auth: () => auth };
  function* steps() {
    yield CALL;
  }
  const settings = { base_url: 'http://vendor', access_token: new Redacted(SECRET) };
  const shown = preview(steps(), { connector, settings, input: {}, answers: [] });
  expect(JSON.stringify(shown)).not.toContain(SECRET);
  expect(shown.calls[0]?.url).toBe('http://vendor/put');
});

test('a text is sent as it is, with the content type that the call names, and shown', async () => {
  const vendor = await startLocalVendor(() => ({ status: 200 }));
  const text = '{"a": 1 ,"secret":"k-0123456789"}';
  const call: Call = {
    kind: 'call',
    method: 'POST',
    path: '/raw',
    text,
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      'User-Agent': 'a buyer',
      Referer: 'http://shop/',
    },
  };
  const sent = await makeClient(vendor, { kind: 'none' }).send(call, NEVER);
  expect(vendor.requests[0]).toMatchObject({
    text,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'a buyer',
      referer: 'http://shop/',
    },
  });
  const hidden = '{"a": 1 ,"secret":"[redacted]"}';
  expect(sent?.kind === 'response' && sent.exchange.requestBody).toBe(hidden);
  function* steps() {
    yield call;
  }
  const settings = { base_url: vendor.url, access_token: new Redacted(SECRET) };
  const { calls } = preview(steps(), { connector: makeTestConnector(), settings, input: {}, answers: [] });
  expect(calls[0]?.text).toBe(hidden);
});

test('secrets that are kept by name are hidden like any other', async () => {
  const vendor = await startLocalVendor(echo);
  const settings = { base_url: vendor.url, headers: { 'x-api-key': new Redacted('by-name-secret') } };
  const connector = { ...makeTestConnector(), auth: () => ({ kind: 'none' }) as const };
  const client = new ConnectionClient({ connector, settings, clock: systemClock, privateAddresses: true });
  onTestFinished(() => client.close());
  const sent = await client.send({ ...CALL, headers: { 'x-api-key': 'by-name-secret' } }, NEVER);
  expect(JSON.stringify(sent)).not.toContain('by-name-secret');
});

test('what a connector makes of an answer shows no secret that the vendor quoted in it', async () => {
  const vendor = await startLocalVendor(() => ({ status: 200 }));
  const client = makeClient(vendor, BASIC);
  const header = Buffer.from(`any:${SECRET}`).toString('base64');
  const fault = { code: `test.${SECRET}`, message: `Not with ${header}`, requestId: SECRET };
  const hidden = { code: 'test.[redacted]', message: 'Not with [redacted]', requestId: '[redacted]' };
  for (const kind of ['retry', 'rejected', 'suspended'] as const) {
    expect(client.conceal({ kind, fault })).toEqual({ kind, fault: hidden });
  }
  expect(client.conceal({ kind: 'skipped', reason: SECRET })).toEqual({
    kind: 'skipped',
    reason: '[redacted]',
  });
  expect(client.conceal({ kind: 'deferred', waitMs: 1, reason: SECRET })).toEqual({
    kind: 'deferred',
    waitMs: 1,
    reason: '[redacted]',
  });
  expect(client.conceal({ kind: 'delivered', remoteId: '7', notes: [SECRET] })).toEqual({
    kind: 'delivered',
    remoteId: '7',
    notes: ['[redacted]'],
  });
  const delivered = { kind: 'delivered' } as const;
  expect(client.conceal(delivered)).toBe(delivered);
});
