import { expect, test } from 'vitest';
import { classifyFailure } from '../../kit/index.ts';
import type { AuthorizationCode } from '../../kit/index.ts';
import { FAILURES } from './failures.ts';
import { authOf } from './login.ts';
import { settingsSchema } from './settings.ts';

const APP = { client_id: 'app', client_secret: 'app-secret' };

function authorizationOf(more: object = {}): AuthorizationCode {
  const auth = authOf(settingsSchema.parse({ ...APP, ...more }));
  if (auth.kind !== 'authorization_code') throw new Error(auth.kind);
  return auth;
}

test.each([
  ['a token alone', { access_token: 't' }, []],
  ['an app alone', APP, []],
  ['nothing', {}, ['access_token']],
  ['a token and an app', { access_token: 't', ...APP }, ['client_id', 'client_secret']],
  ['a token and half an app', { access_token: 't', client_id: 'app' }, ['client_id']],
  ['an app without its secret', { client_id: 'app' }, ['client_secret']],
  ['a secret without its app', { client_secret: 'app-secret' }, ['client_id']],
])('with %s, the settings name what is wrong', (_, settings, fields) => {
  const { error } = settingsSchema.safeParse(settings);
  expect((error?.issues ?? []).map(({ path }) => path.join('.'))).toEqual(fields);
});

test('a token is sent as it is given', () => {
  expect(authOf(settingsSchema.parse({ access_token: 'pat-na1-test' }))).toMatchObject({ kind: 'bearer' });
});

test.each(['2026-09', '2026-03', 'v3'])('tokens come from the endpoints of version %s', (version) => {
  expect(authorizationOf({ api_version: version })).toMatchObject({
    tokenUrl: `https://api.hubapi.com/oauth/${version}/token`,
    introspectUrl: `https://api.hubapi.com/oauth/${version}/token/introspect`,
    revokeUrl: `https://api.hubapi.com/oauth/${version}/token/revoke`,
  });
});

test('one host serves the API of all regions, and the page to log in on is that of the setting', () => {
  expect(authorizationOf().authorizeUrl).toBe('https://app.hubspot.com/oauth/authorize');
  const inEurope = authorizationOf({ app_url: 'https://app-eu1.hubspot.com/' });
  expect(inEurope.authorizeUrl).toBe('https://app-eu1.hubspot.com/oauth/authorize');
  expect(inEurope.tokenUrl).toBe('https://api.hubapi.com/oauth/2026-09/token');
});

test('account, user and scopes are read from what HubSpot says of a token', () => {
  const { readGrant } = authorizationOf();
  const body = { active: true, hub_id: 1_000_001, user_id: 7, scopes: ['oauth', 7], hub_domain: 'acme.com' };
  expect(readGrant({ ...body, user: 'ada@acme.com' })).toEqual({
    account: '1000001',
    accountName: 'acme.com',
    user: 'ada@acme.com',
    scopes: ['oauth'],
  });
  expect(readGrant({ active: false })).toEqual({});
});

test.each([
  [
    { status: 'BAD_REFRESH_TOKEN', message: 'refresh token is invalid', error: 'invalid_grant' },
    'BAD_REFRESH_TOKEN',
  ],
  [{ status: 'BAD_AUTH_CODE', message: 'missing or unknown auth code' }, 'BAD_AUTH_CODE'],
  [{ error: 'invalid_client' }, 'invalid_client'],
  [{ status: 'error', message: 'x', correlationId: 'id-1' }, 'http_400'],
  ['<html>', 'http_400'],
])('a refused login is told by its code: %j', (body, code) => {
  const fault = authorizationOf().describeFailure?.({ status: 400, headers: {}, body });
  expect(fault).toMatchObject({ code: `hubspot.${code}`, status: 400 });
  expect(fault?.message).toContain(code);
});

test('a token endpoint that says the account is moving makes everything wait as long as it says', () => {
  const answer = {
    status: 477,
    headers: { 'retry-after': '600' },
    body: { message: 'Migration in progress' },
  };
  const { describeFailure } = authorizationOf();
  expect(classifyFailure(answer, FAILURES, 'hubspot', describeFailure)).toMatchObject({
    kind: 'deferred',
    waitMs: 600_000,
  });
});
