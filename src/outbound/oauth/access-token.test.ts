import { expect, test } from 'vitest';
import { makeManualClock } from '../../../test/support/manual-clock.ts';
import { Redacted } from '../../kernel/redacted.ts';
import type { Failure } from '../failure.ts';
import type { HttpRequest } from '../http-client.ts';
import { AccessToken } from './access-token.ts';
import { makeClientCredentialsSource } from './client-credentials.ts';

const AUTH = {
  kind: 'client_credentials',
  tokenUrl: 'https://vendor.example/oauth/token',
  clientId: 'id',
  clientSecret: new Redacted('s3cret&more'),
  audience: 'api',
} as const;

const REFUSED: Failure = { kind: 'suspended', fault: { code: 'test.refused', message: 'No.' } };
const AWAY: Failure = { kind: 'retry', fault: { code: 'test.away', message: 'Not now.' } };

function makeToken(lifeSeconds: number) {
  const clock = makeManualClock(0);
  const requests: HttpRequest[] = [];
  const vendor: { failure?: Failure } = {};
  const http = {
    send: (request: HttpRequest) => {
      requests.push(request);
      const body = { access_token: `token-${String(requests.length)}`, expires_in: lifeSeconds };
      const status = vendor.failure === undefined ? 200 : 400;
      return Promise.resolve({
        kind: 'response',
        text: '',
        response: { status, headers: {}, body },
      } as const);
    },
  };
  const source = makeClientCredentialsSource(AUTH, http, () => vendor.failure ?? REFUSED);
  const token = new AccessToken(source, clock);
  const get = async (): Promise<string> => {
    const answer = await token.get();
    return answer.kind === 'token' ? answer.token.reveal() : 'failed';
  };
  return { token, get, clock, requests, vendor };
}

test('however many calls wait for it, the token is fetched once', async () => {
  const { get, requests } = makeToken(3_600);
  const tokens = await Promise.all(Array.from({ length: 50 }, get));
  expect(new Set(tokens)).toEqual(new Set(['token-1']));
  expect(requests.length).toBe(1);
  expect(new URLSearchParams(requests[0]?.body).get('client_secret')).toBe('s3cret&more');
  expect(requests[0]?.url).toBe(AUTH.tokenUrl);
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
  const { get, requests, vendor } = makeToken(60);
  vendor.failure = REFUSED;
  expect(await Promise.all([get(), get()])).toEqual(['failed', 'failed']);
  expect(await get()).toBe('failed');
  expect(requests.length).toBe(2);
});

test('while the token endpoint is away, a token is used to its very end', async () => {
  const { get, clock, requests, vendor } = makeToken(3_600);
  await get();
  vendor.failure = AWAY;
  await clock.advance(3_540_000);
  expect(await get()).toBe('token-1');
  expect(await get()).toBe('token-1');
  expect(requests.length).toBe(2);
  await clock.advance(60_000);
  expect(await get()).toBe('failed');
});

test('a token endpoint that refuses is believed at once, though the old token still holds', async () => {
  const { get, clock, vendor } = makeToken(3_600);
  await get();
  vendor.failure = REFUSED;
  await clock.advance(3_540_000);
  expect(await get()).toBe('failed');
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

test('a token that is refused while its successor is asked for is not handed out again', async () => {
  const first = new Redacted('first');
  const answers = [first, first, new Redacted('second')];
  const token: AccessToken = new AccessToken(
    {
      obtain: () => {
        const next = answers.shift() ?? first;
        if (answers.length === 1) token.drop(first);
        return Promise.resolve({ kind: 'token', token: next, lifeMs: 1_000, renewInMs: 0 });
      },
    },
    makeManualClock(0),
  );
  const get = async (): Promise<string> => {
    const answer = await token.get();
    return answer.kind === 'token' ? answer.token.reveal() : 'failed';
  };
  expect([await get(), await get()]).toEqual(['first', 'second']);
});
