import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStore } from '../../src/store/store.ts';
import { makeAcme, WRITE_KEY } from '../support/acme.ts';
import type { Acme } from '../support/acme.ts';
import { runWithHuman } from '../support/linchpin-process.ts';
import type { FinishedProcess, LinchpinProcess } from '../support/linchpin-process.ts';
import { makeRecordedLog } from '../support/recorded-log.ts';
import { until } from '../support/until.ts';

// One Linchpin runs for the whole file, and each test goes on where the one before it ended.
let acme: Acme;
let linchpin: LinchpinProcess;
let port: number;

const CLIENT_ID = 'acme-app';
const CLIENT_SECRET = 'the-secret-of-the-acme-app';
const HOUR_MS = 3_600_000;

/** Everything that anybody could have read: what commands and processes wrote, and what the API answered. */
const shown: string[] = [];
/** Everything that nobody may read. */
const secrets = new Set([CLIENT_SECRET]);

beforeAll(async () => {
  acme = await makeAcme();
  port = await freePort();
  const redirectUris = [`http://localhost:${String(port)}/oauth/callback`];
  acme.hubspot.admin.seed({
    apps: [{ appId: 4_000_001, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET, redirectUris }],
    consent: { decision: 'approve' },
  });
  const { url } = acme.hubspot;
  acme.configure(`workspace: acme
sources:
  site: { type: segment, write_key: ${WRITE_KEY} }
connections:
  hubspot:
    connector: hubspot
    client_id: ${CLIENT_ID}
    client_secret: ${CLIENT_SECRET}
    base_url: ${url}
    app_url: ${url}
    plan: professional
flows:
  - { preset: hubspot/identify, from: site, to: hubspot }
`);
  linchpin = await acme.up();
});

afterAll(async () => {
  await acme.close();
});

test('before anybody logs in, what comes in waits, and the connection says what to do', async () => {
  await identify('ada@example.com');
  await suspendedBy('hubspot.login_missing');
  const tested = await run('connectors', 'test', 'hubspot');
  expect(tested.code).toBe(5);
  expect(tested.stdout).toContain(
    'Nobody has logged in yet. Log in with linchpin connections login hubspot.',
  );
});

test('a login without a browser takes the address that was pasted, and what waited is delivered', async () => {
  const refused = await logIn(['--no-browser', '--port', String(port)], async (address) =>
    (await whereItLeads(address)).replace(/state=[^&]*/, 'state=another'),
  );
  expect(refused).toMatchObject({ code: 1 });
  expect(refused.stderr).toContain('login.state_mismatch');

  const done = await logIn(['--no-browser', '--port', String(port), '--json'], whereItLeads);
  expect(done.code).toBe(0);
  expect(JSON.parse(done.stdout)).toMatchObject({
    connection: 'hubspot',
    account: '1000001',
    scopes: { granted: expect.arrayContaining(['crm.objects.contacts.write']) as unknown, missing: [] },
  });
  await delivered('ada@example.com');
  expect((await run('connectors', 'test', 'hubspot')).stdout).toContain('(account 1000001)');
});

test('a login without a browser and without anybody to paste an address says that nobody answered', async () => {
  // Standard input is a file that is empty.
  const { code, stderr } = await run(
    'connections',
    'login',
    'hubspot',
    '--no-browser',
    '--port',
    String(port),
  );
  expect(code).toBe(1);
  expect(stderr).toContain('login.unanswered');
});

test('an access token that has ended is renewed once, and the call is made again', async () => {
  const before = tokenCalls();
  acme.hubspot.clock.advance(HOUR_MS);
  await identify('bea@example.com');
  await delivered('bea@example.com');
  expect(tokenCalls() - before).toBe(1);
  expect(await acme.ask('dead-letters', 'list', '--summary')).toEqual([{ counts: [] }]);
});

test('an app that is uninstalled suspends the connection, and a login in the browser lets it go on', async () => {
  await act('/oauth/uninstall', { appId: 4_000_001 });
  await identify('cyd@example.com');
  await suspendedBy('hubspot.BAD_REFRESH_TOKEN');
  // Without a program that opens a browser, the printed address is opened by hand.
  const done = await logIn(['--port', String(port)], async (address) => {
    const there = await whereItLeads(address);
    shown.push(await (await fetch(there)).text());
    return undefined;
  });
  expect(done.code).toBe(0);
  expect(done.stdout).toContain('Logged in to');
  await delivered('cyd@example.com');
});

test('logging out revokes the login at the vendor, and what comes in waits again', async () => {
  expect((await run('connections', 'logout', 'hubspot')).stdout).toContain('revoked at the vendor');
  expect(acme.hubspot.state.oauth.grants()).toEqual([]);
  await identify('dee@example.com');
  await suspendedBy('hubspot.login_missing');
  expect((await run('connections', 'logout', 'hubspot')).stdout).toContain('Nobody was logged in');
});

test('no token, code or secret of all this is in the database in plain text, or anywhere else to read', async () => {
  const logged = await logIn(['--no-browser', '--port', String(port)], whereItLeads);
  expect(logged.code).toBe(0);
  await delivered('dee@example.com');
  for (const args of [['deliveries', 'list'], ['doctor'], ['people', 'show', 'ada@example.com']]) {
    await run(...args, '--json');
  }
  const token = readFileSync(`${acme.folder}/data/api-token`, 'utf8').trim();
  for (const path of ['/api/people/ada@example.com', '/api/deliveries']) {
    const answer = await fetch(`${linchpin.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
    expect(answer.status).toBe(200);
    shown.push(await answer.text());
  }
  shown.push(linchpin.output(), ...(await everythingStored()));
  // The secret of the app, four codes, a refresh and an access token of each of three logins, and one renewed.
  expect(secrets.size).toBe(12);
  expect(shown.filter((text) => text.includes('/crm/')).length).toBeGreaterThan(1);
  for (const text of shown) for (const secret of secrets) expect(text).not.toContain(secret);
});

async function identify(email: string): Promise<void> {
  const authorization = `Basic ${Buffer.from(`${WRITE_KEY}:`).toString('base64')}`;
  const response = await fetch(`${linchpin.url}/v1/identify`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ userId: email, traits: { email } }),
  });
  expect(response.status).toBe(200);
}

async function run(...args: readonly string[]): Promise<FinishedProcess> {
  const finished = await acme.run(...args);
  shown.push(finished.stdout, finished.stderr);
  return finished;
}

async function logIn(
  flags: readonly string[],
  human: (address: string) => Promise<string | undefined>,
): Promise<FinishedProcess> {
  // An empty PATH has no program that could open a browser on the machine of whoever runs the tests.
  const options = { cwd: acme.folder, env: { PATH: '' } };
  const finished = await runWithHuman(['connections', 'login', 'hubspot', ...flags], options, human);
  shown.push(finished.stdout, finished.stderr);
  noteTokens();
  return finished;
}

/** Before the emulator forgets them. */
function noteTokens(): void {
  const { tokens, oauth } = acme.hubspot.state;
  for (const { token, kind } of tokens.values()) if (kind === 'oauth') secrets.add(token);
  for (const { refreshToken } of oauth.grants()) secrets.add(refreshToken);
}

/** Where the vendor's page sends the browser. */
async function whereItLeads(address: string): Promise<string> {
  const answer = await fetch(address, { redirect: 'manual' });
  const location = answer.headers.get('location');
  if (location === null) throw new Error(`${String(answer.status)}: ${await answer.text()}`);
  const code = new URL(location).searchParams.get('code');
  if (code !== null) secrets.add(code);
  return location;
}

async function act(path: string, body: object): Promise<void> {
  const answer = await fetch(`${acme.hubspot.url}/_emulator${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(200);
}

function tokenCalls(): number {
  return acme.hubspot.admin.requests({ path: '/oauth/2026-09/token' }).length;
}

async function delivered(email: string): Promise<void> {
  await until(() => acme.contacts().has(email), { timeoutMs: 20_000, what: email });
}

async function suspendedBy(code: string): Promise<void> {
  const findFault = async (): Promise<unknown> => {
    const text = `select suspended_fault->>'code' as code from connections where name = 'hubspot'`;
    return ((await query(text))[0] as { readonly code: unknown } | undefined)?.code;
  };
  await until(async () => (await findFault()) === code, { timeoutMs: 20_000, what: code });
}

async function everythingStored(): Promise<readonly string[]> {
  const tables = (await query(
    `select table_name as name from information_schema.tables where table_schema = 'public'`,
  )) as readonly { readonly name: string }[];
  const rows = await Promise.all(tables.map(({ name }) => query(`select t::text as row from ${name} t`)));
  return rows.map((each) => JSON.stringify(each));
}

async function query(text: string): Promise<readonly unknown[]> {
  const dataDir = `${acme.folder}/data`;
  const store = await openStore({ dataDir, access: 'attach', log: makeRecordedLog() });
  try {
    return (await store.pool.query<object>(text)).rows;
  } finally {
    await store.close();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: free } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return free;
}
