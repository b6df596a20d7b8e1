import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { anEvent, makeDeliveryBench } from '../../test/support/delivery-bench.ts';
import { withDatabase } from '../../test/support/database.ts';
import { startLocalVendor } from '../../test/support/local-vendor.ts';
import type { LocalVendor } from '../../test/support/local-vendor.ts';
import { makeRecordedLog } from '../../test/support/recorded-log.ts';
import { makeTestConnector } from '../../test/support/test-connector.ts';
import { until } from '../../test/support/until.ts';
import { systemClock } from '../kernel/clock.ts';
import { Redacted } from '../kernel/redacted.ts';
import type { AnyConnector } from '../kit/index.ts';
import { ConnectionClient } from '../outbound/index.ts';
import { ConnectionLogin } from '../store/logins.ts';
import { makePool } from '../store/pool.ts';
import { Sealer } from '../store/seal.ts';

const database = withDatabase();
const sealer = new Sealer(randomBytes(32));
const NEVER = new AbortController().signal;

/** A vendor whose newest access token alone is good, and which repeats the refresh token as HubSpot does. */
async function startOauthVendor() {
  const state = {
    renewalCount: 0,
    isUninstalled: false,
    isAway: false,
    /** How many others must have found a renewal under way before it is answered, and how many have. */
    othersMin: 0,
    others: 0,
  };
  const vendor = await startLocalVendor(async ({ path, headers, text }) => {
    if (path !== '/token') {
      const isGood = headers.authorization === `Bearer access-${String(state.renewalCount)}`;
      return isGood ? { status: 200 } : { status: 401, body: { category: 'EXPIRED_AUTHENTICATION' } };
    }
    if (state.isAway) return { status: 503 };
    const isKnown = new URLSearchParams(text).get('refresh_token') === 'refresh-token';
    if (state.isUninstalled || !isKnown) return { status: 400, body: { status: 'BAD_REFRESH_TOKEN' } };
    state.renewalCount += 1;
    const accessToken = `access-${String(state.renewalCount)}`;
    await until(() => state.others >= state.othersMin, { what: 'others that find the renewal under way' });
    return {
      status: 200,
      body: { access_token: accessToken, refresh_token: 'refresh-token', expires_in: 1_800 },
    };
  });
  return { vendor, state };
}

function makeConnector(vendor: LocalVendor): AnyConnector {
  return {
    ...makeTestConnector(),
    auth: () => ({
      kind: 'authorization_code',
      clientId: 'app',
      clientSecret: new Redacted('app-secret'),
      authorizeUrl: `${vendor.url}/authorize`,
      tokenUrl: `${vendor.url}/token`,
      introspectUrl: `${vendor.url}/token/introspect`,
      revokeUrl: `${vendor.url}/token/revoke`,
      scopes: () => new Map(),
      readGrant: () => ({}),
      describeFailure: () => ({ code: 'test.BAD_REFRESH_TOKEN', message: 'The login was refused.' }),
    }),
  };
}

const LIVE = { lifeMs: 1_800_000, renewInMs: 1_500_000 };
const ENDED = { lifeMs: 0, renewInMs: 0 };

function logIn(login: ConnectionLogin, times: typeof LIVE): Promise<void> {
  return login.put({
    ...times,
    clientId: 'app',
    accessToken: new Redacted('access-0'),
    refreshToken: new Redacted('refresh-token'),
    account: '1',
    scopes: [],
  });
}

async function makeLoginBench() {
  const { vendor, state } = await startOauthVendor();
  const connector = makeConnector(vendor);
  const bench = await makeDeliveryBench(database.pool, vendor, connector);
  const loginIn = (pool: Pool): ConnectionLogin => new ConnectionLogin(pool, sealer, bench.connection);
  /** A process of its own, as far as the login goes: its own pool, client and memory. */
  const aProcess = (): ConnectionClient => {
    const pool = makePool({
      connectionString: database.connectionString,
      applicationName: 'test',
      connectionsMax: 2,
      log: makeRecordedLog(),
    });
    const login = loginIn(pool);
    const claimRenewal = login.claimRenewal.bind(login);
    login.claimRenewal = async (...claimed) => {
      const claim = await claimRenewal(...claimed);
      if (claim === undefined) state.others += 1;
      return claim;
    };
    const { settings } = bench.connection;
    const client = new ConnectionClient({
      connector,
      settings,
      clock: systemClock,
      privateAddresses: true,
      login,
    });
    onTestFinished(async () => {
      await client.close();
      await pool.end();
    });
    return client;
  };
  return {
    bench,
    state,
    vendor,
    aProcess,
    login: loginIn(database.pool),
    loginOf: () => loginIn(database.pool),
  };
}

const call = (client: ConnectionClient) =>
  client.send({ kind: 'call', method: 'POST', path: '/put', body: [] }, NEVER);

test('eight processes with twenty calls each renew an ended token once, and every call gets through', async () => {
  const { aProcess, login, state } = await makeLoginBench();
  await logIn(login, ENDED);
  const clients = Array.from({ length: 8 }, aProcess);
  state.othersMin = 7;
  const sent = await Promise.all(clients.flatMap((client) => Array.from({ length: 20 }, () => call(client))));
  expect(new Set(sent.map((each) => each?.kind))).toEqual(new Set(['response']));
  expect(state.renewalCount).toBe(1);
});

test('a token that the vendor ends early is renewed once for all, and the refused calls are made again', async () => {
  const { aProcess, login, state } = await makeLoginBench();
  await logIn(login, LIVE);
  const clients = Array.from({ length: 4 }, aProcess);
  await Promise.all(clients.map(call));
  expect(state.renewalCount).toBe(0);
  state.renewalCount = 1; // What access-0 was good for is over.
  const sent = await Promise.all(clients.flatMap((client) => [call(client), call(client), call(client)]));
  expect(new Set(sent.map((each) => each?.kind))).toEqual(new Set(['response']));
  expect(state.renewalCount).toBe(2);
});

test('a process that dies while it renews loses nothing: the next one renews with the same refresh token', async () => {
  const { aProcess, login, state } = await makeLoginBench();
  await logIn(login, ENDED);
  expect(await login.claimRenewal(1, 300)).toBeDefined();
  expect(await call(aProcess())).toMatchObject({ kind: 'response' });
  expect(state.renewalCount).toBe(1);
  expect((await login.load())?.refreshToken.reveal()).toBe('refresh-token');
});

test('while the token endpoint is away, a token that is due but holds is used on', async () => {
  const { aProcess, login, state } = await makeLoginBench();
  await logIn(login, { lifeMs: 200_000, renewInMs: 0 });
  state.isAway = true;
  expect(await call(aProcess())).toMatchObject({ kind: 'response' });
  state.isAway = false;
  expect(await call(aProcess())).toMatchObject({ kind: 'response' });
  expect(state.renewalCount).toBe(1);
});

test('an app that was uninstalled suspends the connection, and a new login goes on where it stood', async () => {
  const { bench, login, state, loginOf, vendor } = await makeLoginBench();
  await logIn(login, ENDED);
  state.isUninstalled = true;
  await bench.startWorker({ loginOf });
  await bench.log.append([anEvent('a', 1), anEvent('b', 2)]);
  const { rows } = await until(async () => {
    const found = await database.pool.query<{ fault: unknown }>(
      `select suspended_fault as fault from connections where workspace_id = $1 and status = 'suspended'`,
      [bench.workspaceId],
    );
    return found.rows.length === 1 && found;
  });
  expect(rows[0]?.fault).toMatchObject({
    code: 'test.BAD_REFRESH_TOKEN',
    message: 'The login was refused. Log in with linchpin connections login vendor.',
  });
  expect(vendor.requests.filter(({ path }) => path !== '/token')).toHaveLength(0);
  state.isUninstalled = false;
  await logIn(login, LIVE);
  const head = await bench.log.head();
  await until(async () => (await bench.cursor()).position >= head);
  expect(await bench.count('parked')).toBe(0);
  expect(await bench.count('dead_letters')).toBe(0);
  const told = vendor.requests.filter(({ path }) => path === '/put').map(({ text }) => text);
  for (const key of ['"a"', '"b"']) expect(told.join()).toContain(key);
});
