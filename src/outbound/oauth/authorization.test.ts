import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { Redacted } from '../../kernel/redacted.ts';
import type { AuthorizationCode } from '../../kit/index.ts';
import { beginAuthorization, readPasted, readRedirect } from './authorization.ts';

const AUTH: AuthorizationCode = {
  kind: 'authorization_code',
  clientId: 'the app',
  clientSecret: new Redacted('the-secret'),
  authorizeUrl: 'https://app.vendor.example/oauth/authorize?lang=en',
  tokenUrl: 'https://vendor.example/token',
  introspectUrl: 'https://vendor.example/token/introspect',
  revokeUrl: 'https://vendor.example/token/revoke',
  parameters: { optional_scope: 'c' },
  scopes: () => new Map(),
  readGrant: () => ({}),
};
const REDIRECT_URI = 'http://localhost:8400/oauth/callback';

const begin = () => beginAuthorization(AUTH, { redirectUri: REDIRECT_URI, scopes: ['a', 'b.write'] });

test('the address carries app, redirect, scopes, state and the hash of a verifier that is not shown', () => {
  const { address, state, verifier } = begin();
  const { origin, pathname, searchParams } = new URL(address);
  expect(`${origin}${pathname}`).toBe('https://app.vendor.example/oauth/authorize');
  expect(Object.fromEntries(searchParams)).toEqual({
    lang: 'en',
    optional_scope: 'c',
    response_type: 'code',
    client_id: 'the app',
    redirect_uri: REDIRECT_URI,
    scope: 'a b.write',
    state,
    code_challenge: createHash('sha256').update(verifier.reveal()).digest('base64url'),
    code_challenge_method: 'S256',
  });
  expect(address).not.toContain('the-secret');
  expect(address).not.toContain(verifier.reveal());
});

test('no two logins share a state or a verifier, and each has 256 bits', () => {
  const [one, two] = [begin(), begin()];
  expect(one.state).not.toBe(two.state);
  expect(one.verifier.reveal()).not.toBe(two.verifier.reveal());
  for (const text of [one.state, one.verifier.reveal()]) expect(text).toMatch(/^[\w-]{43}$/);
});

test.each([
  ['state=ours&code=c', { kind: 'code' }],
  ['state=theirs&code=c', { kind: 'foreign' }],
  ['code=c', { kind: 'foreign' }],
  ['state=theirs&error=access_denied', { kind: 'foreign' }],
  ['state=ours&error=access_denied', { kind: 'refused', reason: 'access_denied' }],
  ['state=ours&error=x&error_description=No+thanks', { kind: 'refused', reason: 'No thanks' }],
  ['state=ours&code=', { kind: 'refused', reason: 'the redirect carries no code' }],
])('a redirect with %s is read as it is meant', (query, expected) => {
  expect(readRedirect(new URLSearchParams(query), { state: 'ours' })).toMatchObject(expected);
});

test.each([
  `${REDIRECT_URI}?code=eu1-1234-abcd&state=ours`,
  '  ?state=ours&code=eu1-1234-abcd ',
  'code=eu1-1234-abcd&state=ours',
  'eu1-1234-abcd\n',
])('the code is found in what was pasted: %j', (text) => {
  expect(readPasted(text, { state: 'ours' }).reveal()).toBe('eu1-1234-abcd');
});

test.each([
  [`${REDIRECT_URI}?code=c&state=theirs`, 'login.state_mismatch'],
  [REDIRECT_URI, 'login.state_mismatch'],
  ['', 'login.state_mismatch'],
  [`${REDIRECT_URI}?error=access_denied&state=ours`, 'login.refused'],
])('what is pasted and is no answer to this login is refused: %j', (text, code) => {
  expect(() => readPasted(text, { state: 'ours' })).toThrow(expect.objectContaining({ code }));
});
