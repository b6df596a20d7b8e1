import { expect, test } from 'vitest';
import { makeManualClock } from '../../test/support/manual-clock.ts';
import { Redacted } from '../kernel/redacted.ts';
import { AccessToken } from './access-token.ts';
import type { Answer } from './exchange.ts';
import type { HttpRequest } from './http-client.ts';

const CREDENTIALS = {
  tokenUrl: 'https://vendor.example/oauth/token',
  clientId: 'id',
  clientSecret: new Redacted('s3cret&more'),
  audience: 'api',
};

function makeToken(lifeSeconds: number, status = 200) {
  const clock = makeManualClock(0);
  const requests: HttpRequest[] = [];
  const send = (request: HttpRequest): Promise<Answer> => {
    requests.push(request);
    const body = { access_token: `token-${String(requests.length)}`, expires_in: lifeSeconds };
    return Promise.resolve({ kind: 'response', text: '', response: { status, headers: {}, body } });
  };
  const token = new AccessToken(CREDENTIALS, { send }, clock);
  const get = async (): Promise<string> => {
    const answer = await token.get();
    return answer.kind === 'token' ? answer.token.reveal() : 'failed';
  };
  return { token, get, clock, requests };
}

test('however many calls wait for it, the token is fetched once', async () => {
  const { get, requests } = makeToken(3_600);
  const tokens = await Promise.all(Array.from({ length: 50 }, get));
  expect(new Set(tokens)).toEqual(new Set(['token-1']));
  expect(requests.length).toBe(1);
  expect(new URLSearchParams(requests[0]?.body).get('client_secret')).toBe('s3cret&more');
});

test('a token is fetched anew a minute before it expires', async () => {
  const { get, clock } = makeToken(3_600);
  expect(await get()).toBe('token-1');
  await clock.advance(3_539_000);
  expect(await get()).toBe('token-1');
  await clock.advance(1_000);
  expect(await get()).toBe('token-2');
});

test('a token that lives shorter than that is used for half its life', async () => {
  const { get, clock } = makeToken(60);
  await get();
  await clock.advance(29_999);
  expect(await get()).toBe('token-1');
  await clock.advance(1);
  expect(await get()).toBe('token-2');
});

test('a failed fetch is told to all who waited, and tried again by the next', async () => {
  const { get, requests } = makeToken(60, 401);
  expect(await Promise.all([get(), get()])).toEqual(['failed', 'failed']);
  expect(await get()).toBe('failed');
  expect(requests.length).toBe(2);
});

test('many calls refused with one old token lead to one new token', async () => {
  const { token, get } = makeToken(3_600);
  const old = await token.get();
  if (old.kind !== 'token') throw new Error('No token.');
  token.drop(old.token);
  expect(await get()).toBe('token-2');
  token.drop(old.token);
  expect(await get()).toBe('token-2');
});
