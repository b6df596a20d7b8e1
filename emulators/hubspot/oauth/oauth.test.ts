import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { DEFAULT_PORTAL_ID, startHubspotEmulator } from '../index.ts';
import type { HubspotEmulator } from '../index.ts';
import { DEFAULT_APP } from './app.ts';

let emulator: HubspotEmulator;

beforeAll(async () => {
  emulator = await startHubspotEmulator();
});
beforeEach(() => {
  emulator.admin.reset();
  emulator.clock.freeze();
});
afterAll(() => emulator.close());

const CALLBACK = DEFAULT_APP.redirectUris[0] ?? '';
const VERIFIER = 'a-verifier-that-is-longer-than-the-forty-three-characters-of-the-rule';
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');
const CLIENT = { client_id: DEFAULT_APP.clientId, client_secret: DEFAULT_APP.clientSecret };
const SCOPES = 'oauth crm.objects.contacts.read';

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

function authorize(query: Record<string, string>): Promise<Response> {
  const asked = new URLSearchParams({
    client_id: DEFAULT_APP.clientId,
    redirect_uri: CALLBACK,
    scope: SCOPES,
    state: 'the state & more',
    ...query,
  });
  return fetch(`${emulator.url}/oauth/authorize?${asked.toString()}`, { redirect: 'manual' });
}

async function codeFor(query: Record<string, string> = {}): Promise<string> {
  const answer = await authorize({ decision: 'approve', ...query });
  return new URL(answer.headers.get('location') ?? '').searchParams.get('code') ?? '';
}

async function post(path: string, fields: Record<string, string>): Promise<Answer> {
  const response = await fetch(emulator.url + path, { method: 'POST', body: new URLSearchParams(fields) });
  const text = await response.text();
  return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
}

function exchange(code: string, more: Record<string, string> = {}): Promise<Answer> {
  return post('/oauth/2026-09/token', {
    grant_type: 'authorization_code',
    code,
    redirect_uri: CALLBACK,
    ...CLIENT,
    ...more,
  });
}

function refresh(refreshToken: unknown): Promise<Answer> {
  return post('/oauth/v3/token', {
    grant_type: 'refresh_token',
    refresh_token: String(refreshToken),
    ...CLIENT,
  });
}

async function accountStatus(accessToken: unknown): Promise<Answer> {
  const response = await fetch(`${emulator.url}/account-info/v3/details`, {
    headers: { authorization: `Bearer ${String(accessToken)}` },
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

test('a user who agrees is sent back with a code and the state, and the code becomes tokens', async () => {
  const answer = await authorize({ decision: 'approve' });
  expect(answer.status).toBe(302);
  const target = new URL(answer.headers.get('location') ?? '');
  expect(target.origin + target.pathname).toBe(CALLBACK);
  expect(target.searchParams.get('state')).toBe('the state & more');
  const code = target.searchParams.get('code') ?? '';
  expect(code).toMatch(/^na1-[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);

  const tokens = await exchange(code);
  expect(tokens).toMatchObject({
    status: 200,
    body: {
      token_type: 'bearer',
      expires_in: 1800,
      hub_id: DEFAULT_PORTAL_ID,
      scopes: ['oauth', 'crm.objects.contacts.read'],
      token_use: 'access_token',
    },
  });
  expect(tokens.body['access_token']).toMatch(/^C[\w-]{300,}$/);
  expect(await accountStatus(tokens.body['access_token'])).toMatchObject({ status: 200 });
});

test('v1 answers with four fields and takes them from the address too', async () => {
  const query = new URLSearchParams({
    grant_type: 'authorization_code',
    code: await codeFor(),
    redirect_uri: CALLBACK,
    ...CLIENT,
  });
  const answer = await post(`/oauth/v1/token?${query.toString()}`, {});
  expect(Object.keys(answer.body).toSorted()).toEqual([
    'access_token',
    'expires_in',
    'refresh_token',
    'token_type',
  ]);
  const sameOnV3 = await post(`/oauth/v3/token?${query.toString()}`, {});
  expect(sameOnV3).toMatchObject({ status: 400, body: { status: 'BAD_GRANT_TYPE' } });
});

test('an access token ends after thirty minutes, its refresh token does not', async () => {
  const { body } = await exchange(await codeFor());
  emulator.clock.advance(1_799_000);
  expect((await accountStatus(body['access_token'])).status).toBe(200);
  emulator.clock.advance(4_000);
  expect(await accountStatus(body['access_token'])).toMatchObject({
    status: 401,
    body: {
      category: 'EXPIRED_AUTHENTICATION',
      message: 'The OAuth token used to make this call expired 3 second(s) ago.',
    },
  });
  emulator.clock.advance(400 * 86_400_000);
  const renewed = await refresh(body['refresh_token']);
  expect(renewed).toMatchObject({ status: 200, body: { refresh_token: body['refresh_token'] } });
  expect((await accountStatus(renewed.body['access_token'])).status).toBe(200);
});

test('with rotation switched on the old refresh token is refused', async () => {
  emulator.admin.seed({ switches: { refreshToken: 'rotate' } });
  const { body } = await exchange(await codeFor());
  const renewed = await refresh(body['refresh_token']);
  expect(renewed.body['refresh_token']).not.toBe(body['refresh_token']);
  expect((await refresh(body['refresh_token'])).body['status']).toBe('BAD_REFRESH_TOKEN');
});

test('a code works once, for its own address, its own app and its own verifier', async () => {
  const code = await codeFor();
  expect((await exchange(code)).status).toBe(200);
  expect(await exchange(code)).toMatchObject({
    status: 400,
    body: {
      status: 'BAD_AUTH_CODE',
      error: 'invalid_grant',
      correlationId: expect.any(String) as unknown,
    },
  });
  const elsewhere = { redirect_uri: 'https://example.com/elsewhere' };
  expect((await exchange(await codeFor(), elsewhere)).body['status']).toBe('BAD_REDIRECT_URI');

  const proof = { code_challenge: CHALLENGE, code_challenge_method: 'S256' };
  expect((await exchange(await codeFor(proof), { code_verifier: VERIFIER })).status).toBe(200);
  expect((await exchange(await codeFor(proof))).body['status']).toBe('BAD_AUTH_CODE');
  expect((await exchange(await codeFor(proof), { code_verifier: 'another' })).status).toBe(400);

  const late = await codeFor();
  emulator.clock.advance(600_000);
  expect((await exchange(late)).body['status']).toBe('BAD_AUTH_CODE');
});

test.each([
  [{ client_id: 'nobody' }, 'BAD_CLIENT_ID'],
  [{ client_secret: 'wrong' }, 'BAD_CLIENT_SECRET'],
  [{ grant_type: 'password' }, 'BAD_GRANT_TYPE'],
])('a token call with %j is refused as %s', async (change, status) => {
  const answer = await exchange(await codeFor(), change);
  expect(answer).toMatchObject({ status: 400, body: { status } });
});

test.each([
  [{ client_id: 'nobody' }, 'client ID'],
  [{ redirect_uri: 'https://evil.example/' }, 'redirect URL'],
  [{ scope: '' }, 'mismatch between the scopes'],
  [{ code_challenge: CHALLENGE }, 'S256'],
])('an install link with %j leads nowhere', async (change, said) => {
  const answer = await authorize({ decision: 'approve', ...change });
  expect([answer.status, answer.headers.get('location')]).toEqual([400, null]);
  expect(await answer.text()).toContain(said);
});

test('an app may ask only for its own scopes, and must ask for all it requires', async () => {
  emulator.admin.seed({
    apps: [
      {
        appId: 5,
        clientId: 'strict',
        clientSecret: 's',
        redirectUris: [CALLBACK],
        scopes: ['oauth', 'crm.lists.read'],
        optionalScopes: ['crm.import'],
      },
    ],
  });
  const ask = async (scope: string): Promise<number> =>
    (await authorize({ decision: 'approve', client_id: 'strict', scope })).status;
  expect([await ask('crm.lists.read'), await ask('crm.lists.read crm.import')]).toEqual([302, 302]);
  expect([await ask('crm.import'), await ask('crm.lists.read crm.export')]).toEqual([400, 400]);
});

test('a user who refuses is sent back with the error', async () => {
  emulator.admin.seed({ consent: { decision: 'deny' } });
  const target = new URL((await authorize({})).headers.get('location') ?? '');
  expect(Object.fromEntries(target.searchParams)).toMatchObject({
    error: 'access_denied',
    state: 'the state & more',
  });
});

test('without a decision there is a page to press, and what a link says is not markup', async () => {
  const page = await authorize({ state: '"><script>alert(1)</script>' });
  const text = await page.text();
  expect(page.status).toBe(200);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(text).toContain('Connect app');
  expect(text).not.toContain('<script>');
});

test('BAD_REFRESH_TOKEN says so in both vocabularies, after revoking and after an uninstall', async () => {
  const expected = {
    status: 400,
    body: {
      status: 'BAD_REFRESH_TOKEN',
      message: 'refresh token is invalid, expired or revoked',
      error: 'invalid_grant',
      error_description: 'refresh token is invalid, expired or revoked',
    },
  };
  const first = (await exchange(await codeFor())).body;
  await fetch(`${emulator.url}/oauth/v1/refresh-tokens/${String(first['refresh_token'])}`, {
    method: 'DELETE',
  });
  expect(await refresh(first['refresh_token'])).toMatchObject(expected);
  // Documented for v1: what was made with the refresh token lives on.
  expect((await accountStatus(first['access_token'])).status).toBe(200);

  const second = (await exchange(await codeFor())).body;
  await post('/oauth/v3/token/revoke', { token: String(second['refresh_token']), ...CLIENT });
  expect(await refresh(second['refresh_token'])).toMatchObject(expected);

  const third = (await exchange(await codeFor())).body;
  const left = await fetch(`${emulator.url}/appinstalls/v3/external-install`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${String(third['access_token'])}` },
  });
  expect(left.status).toBe(204);
  expect(await refresh(third['refresh_token'])).toMatchObject(expected);
  expect((await accountStatus(third['access_token'])).status).toBe(401);
});

test('introspection tells of live tokens of the app, and of nothing else', async () => {
  const { body } = await exchange(await codeFor());
  const ask = (token: unknown): Promise<Answer> =>
    post('/oauth/2026-09/token/introspect', { token: String(token), ...CLIENT });
  expect((await ask(body['access_token'])).body).toMatchObject({
    active: true,
    token_use: 'access_token',
    hub_id: DEFAULT_PORTAL_ID,
    app_id: DEFAULT_APP.appId,
    expires_in: 1800,
  });
  expect((await ask(body['refresh_token'])).body).toMatchObject({ active: true, token_use: 'refresh_token' });
  expect((await ask('unknown')).body).toEqual({ active: false });
  emulator.clock.advance(1_800_000);
  expect((await ask(body['access_token'])).body).toEqual({ active: false });
});

test('client credentials give the app a token of its own, which opens no portal', async () => {
  const ask = (scope: string): Promise<Answer> =>
    post('/oauth/2026-09/token', { grant_type: 'client_credentials', scope, ...CLIENT });
  const { body } = await ask('developer.webhooks_journal.read');
  expect(body).toMatchObject({ token_use: 'client_credentials', expires_in: 1800 });
  expect(body).not.toHaveProperty('refresh_token');
  expect((await accountStatus(body['access_token'])).status).toBe(401);
  expect((await ask('')).body['status']).toBe('BAD_SCOPE');
});

test('the v1 info calls describe a token to whoever holds it', async () => {
  const { body } = await exchange(await codeFor());
  const info = async (kind: string, token: unknown): Promise<Answer> => {
    const response = await fetch(`${emulator.url}/oauth/v1/${kind}-tokens/${String(token)}`);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  expect((await info('access', body['access_token'])).body).toMatchObject({
    hub_id: DEFAULT_PORTAL_ID,
    token_type: 'access',
    signed_access_token: { hublet: 'na1', appId: DEFAULT_APP.appId },
  });
  expect((await info('refresh', body['refresh_token'])).body).toMatchObject({
    token_type: 'refresh',
    client_id: DEFAULT_APP.clientId,
  });
  expect((await info('access', 'gone')).status).toBe(404);
});

test('an install, a revocation and an uninstall can be played from outside', async () => {
  const admin = (path: string, body: unknown): Promise<Response> =>
    fetch(`${emulator.url}/_emulator/oauth/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const installed = (await (await admin('install', { scopes: ['crm.import'] })).json()) as Answer['body'];
  expect((await accountStatus(installed['access_token'])).status).toBe(200);
  expect((await admin('revoke', { token: installed['access_token'] })).status).toBe(200);
  expect((await accountStatus(installed['access_token'])).status).toBe(401);
  expect((await admin('uninstall', {})).status).toBe(200);
  expect((await refresh(installed['refresh_token'])).body['status']).toBe('BAD_REFRESH_TOKEN');
  expect((await admin('uninstall', {})).status).toBe(404);
});
