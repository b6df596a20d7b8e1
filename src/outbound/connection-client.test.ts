import { expect, onTestFinished, test } from 'vitest';
import { startLocalVendor } from '../../test/support/local-vendor.ts';
import type { LocalVendor } from '../../test/support/local-vendor.ts';
import { makeManualClock } from '../../test/support/manual-clock.ts';
import { makeTestConnector } from '../../test/support/test-connector.ts';
import { until } from '../../test/support/until.ts';
import { systemClock } from '../kernel/clock.ts';
import type { Clock } from '../kernel/clock.ts';
import { Redacted } from '../kernel/redacted.ts';
import type { AnyConnector, Call } from '../kit/index.ts';
import { ConnectionClient } from './connection-client.ts';
import { LIVE_CLAIMANT } from './limit-kind.ts';

const CALL: Call = { kind: 'call', method: 'POST', path: '/put', body: { a: 1 } };
const NEVER = new AbortController().signal;
const SECRET = 'the-secret-token';

function makeClient(vendor: LocalVendor, connector = makeTestConnector(), clock: Clock = systemClock) {
  const settings = { base_url: `${vendor.url}/`, access_token: new Redacted(SECRET) };
  const client = new ConnectionClient({ connector, settings, clock, privateAddresses: true });
  onTestFinished(() => client.close());
  return client;
}

/** Its token comes from `/token`, a new one each time. */
function makeOauthConnector(vendor: LocalVendor): AnyConnector {
  return {
    ...makeTestConnector(),
    auth: () => ({
      kind: 'client_credentials',
      tokenUrl: `${vendor.url}/token`,
      clientId: 'id',
      clientSecret: new Redacted(SECRET),
      audience: 'api',
    }),
  };
}

async function startOauthVendor(accepts: (token: string) => boolean, tokenStatus = 200) {
  let tokenCount = 0;
  const vendor = await startLocalVendor(({ path, headers }) => {
    if (path !== '/token') return accepts(headers.authorization ?? '') ? { status: 200 } : { status: 401 };
    tokenCount += 1;
    const body = { access_token: `fetched-${String(tokenCount)}`, expires_in: 3_600 };
    return { status: tokenStatus, body };
  });
  return vendor;
}

const pathsOf = (vendor: LocalVendor): string[] => vendor.requests.map(({ path }) => path);

test('a call reaches another host of the vendor by the name that the connector declares, and no other', async () => {
  const vendor = await startLocalVendor(() => ({ status: 200 }));
  const other = await startLocalVendor(() => ({ status: 200, body: { other: true } }));
  const connector = makeTestConnector();
  const client = makeClient(vendor, {
    ...connector,
    http: { ...connector.http, bases: { other: () => `${other.url}/` } },
  });
  expect(await client.send({ ...CALL, base: 'other' }, NEVER)).toMatchObject({
    response: { body: { other: true } },
    exchange: { url: `${other.url}/put` },
  });
  expect(vendor.requests).toEqual([]);
  await expect(client.send({ ...CALL, base: 'elsewhere' }, NEVER)).rejects.toThrow(
    'declares no base address',
  );
});

test('a call carries address, credentials and query', async () => {
  const vendor = await startLocalVendor(() => ({ status: 200, body: { ok: true } }));
  const sent = await makeClient(vendor).send({ ...CALL, query: { q: 'a b' } }, NEVER);
  expect(sent).toMatchObject({ kind: 'response', response: { body: { ok: true } } });
  expect(vendor.requests[0]).toMatchObject({
    path: '/put?q=a+b',
    headers: { authorization: `Bearer ${SECRET}`, 'content-type': 'application/json' },
  });
});

test.each([
  [400, 'rejected'],
  [401, 'suspended'],
  [403, 'suspended'],
  [408, 'retry'],
  [429, 'deferred'],
  [500, 'retry'],
  [302, 'rejected'],
])('an answer of %i means %s', async (status, kind) => {
  const vendor = await startLocalVendor(() => ({ status }));
  expect(await makeClient(vendor).send(CALL, NEVER)).toMatchObject({ kind: 'failed', failure: { kind } });
});

test('a status that the call wants to see itself is a response', async () => {
  const vendor = await startLocalVendor(() => ({ status: 404 }));
  const sent = await makeClient(vendor).send({ ...CALL, accept: [404] }, NEVER);
  expect(sent).toMatchObject({ kind: 'response', response: { status: 404 } });
});

test('a vendor that cannot be reached is tried again', async () => {
  const vendor = await startLocalVendor(() => 'reset');
  expect(await makeClient(vendor).send(CALL, NEVER)).toMatchObject({ failure: { kind: 'retry' } });
});

test('when the vendor asks for a pause, no call leaves before it is over, and none waits longer than a day', async () => {
  const clock = makeManualClock();
  const vendor = await startLocalVendor(() => ({ status: 429, headers: { 'retry-after': '9'.repeat(20) } }));
  const client = makeClient(vendor, makeTestConnector(), clock);
  await client.send(CALL, NEVER);
  expect(client.delayMs()).toBe(24 * 3_600_000);
});

test('a secret that the vendor echoes is in no fault and no exchange', async () => {
  const vendor = await startLocalVendor(() => ({ status: 400, body: { message: `bad token ${SECRET}` } }));
  const connector = makeTestConnector();
  const describeFailure = () => ({ message: `The vendor says: bad token ${SECRET}` });
  const client = makeClient(vendor, { ...connector, http: { ...connector.http, describeFailure } });
  expect(JSON.stringify(await client.send({ ...CALL, body: SECRET }, NEVER))).not.toContain(SECRET);
});

test('a fetched token that the vendor echoes is in no fault and no exchange', async () => {
  const vendor = await startLocalVendor(({ path, headers }) =>
    path === '/token'
      ? { status: 200, body: { access_token: 'fetched-1', expires_in: 60 } }
      : { status: 400, body: headers },
  );
  const sent = await makeClient(vendor, makeOauthConnector(vendor)).send(CALL, NEVER);
  expect(JSON.stringify(sent)).toContain('[redacted]');
  expect(JSON.stringify(sent)).not.toContain('fetched-1');
});

test('a fetched token that is refused is replaced once, and the call made again', async () => {
  const vendor = await startOauthVendor((token) => token === 'Bearer fetched-2');
  const sent = await makeClient(vendor, makeOauthConnector(vendor)).send(CALL, NEVER);
  expect(sent).toMatchObject({ kind: 'response' });
  expect(pathsOf(vendor)).toEqual(['/token', '/put', '/token', '/put']);
});

test('a call that wants to see a 401 itself sees that of the new token', async () => {
  const vendor = await startOauthVendor((token) => token === 'Bearer fetched-2');
  const sent = await makeClient(vendor, makeOauthConnector(vendor)).send({ ...CALL, accept: [401] }, NEVER);
  expect(sent).toMatchObject({ kind: 'response', response: { status: 200 } });
  expect(pathsOf(vendor)).toEqual(['/token', '/put', '/token', '/put']);
});

test('when the new token is refused too, the connection is broken', async () => {
  const vendor = await startOauthVendor(() => false);
  const sent = await makeClient(vendor, makeOauthConnector(vendor)).send(CALL, NEVER);
  expect(sent).toMatchObject({ failure: { kind: 'suspended' } });
  expect(pathsOf(vendor)).toEqual(['/token', '/put', '/token', '/put']);
});

test.each([
  [400, 'suspended'],
  [401, 'suspended'],
  [503, 'retry'],
  [429, 'deferred'],
])('a token endpoint that answers %i leaves the call unsent: %s', async (status, kind) => {
  const vendor = await startOauthVendor(() => true, status);
  const sent = await makeClient(vendor, makeOauthConnector(vendor)).send(CALL, NEVER);
  expect(sent).toMatchObject({ kind: 'failed', failure: { kind } });
  expect(pathsOf(vendor)).toEqual(['/token']);
});

test('a call does not leave once its caller may not call any more, and its place is free for others', async () => {
  const vendor = await startLocalVendor(() => ({ status: 200 }));
  const limit = { name: 'some', calls: 100, perMs: 10_000, appliesTo: () => true, source: 'this test' };
  const client = makeClient(vendor, makeTestConnector({ limits: [limit] }));
  let mayCall = true;
  const claimant = { ...LIVE_CLAIMANT, mayCall: () => mayCall };
  expect(await client.send(CALL, NEVER, claimant)).toMatchObject({ kind: 'response' });
  mayCall = false;
  expect(await client.send(CALL, NEVER, claimant)).toBeUndefined();
  expect(vendor.requests).toHaveLength(1);
  await until(() => client.limitUse()[0]?.used === 1);
});
