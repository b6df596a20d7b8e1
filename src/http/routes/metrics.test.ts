import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { Redacted } from '../../kernel/redacted.ts';
import { makeServer } from '../server.ts';
import type { ServerParts } from '../server.ts';

const TOKEN = 'token-of-the-api';
const ELSEWHERE = '198.51.100.7';

let server: FastifyInstance;

function make(api: boolean, trustProxy = false): FastifyInstance {
  const parts: ServerParts = {
    readiness: () => Promise.resolve({ ready: true, checks: [] }),
    metrics: { contentType: 'text/plain; version=0.0.4', render: () => Promise.resolve('up 1\n') },
    trustProxy,
  };
  // Nothing under /api is asked here.
  const apiParts = { token: new Redacted(TOKEN) } as NonNullable<ServerParts['api']>;
  return makeServer({ ...parts, ...(api ? { api: apiParts } : {}) });
}

beforeEach(() => {
  server = make(true);
});

afterEach(() => server.close());

async function ask(options: Omit<InjectOptions, 'url'>): Promise<readonly [status: number, body: string]> {
  const answer = await server.inject({ ...options, url: '/metrics' });
  return [answer.statusCode, answer.statusCode === 200 ? answer.body : answer.json<{ code: string }>().code];
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

test.each(['127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1'])('this machine (%s) may ask', async (own) => {
  expect(await ask({ remoteAddress: own })).toEqual([200, 'up 1\n']);
});

test.each([ELSEWHERE, '10.0.0.5', '::ffff:198.51.100.7', '2001:db8::1'])(
  '%s may not, without the token',
  async (other) => {
    expect(await ask({ remoteAddress: other })).toEqual([403, 'http.metrics_forbidden']);
  },
);

test.each(['x-forwarded-for', 'forwarded', 'via', 'x-real-ip'])(
  'what a proxy on this machine sends on (%s) is from elsewhere, trusted or not',
  async (header) => {
    const request = { remoteAddress: '127.0.0.1', headers: { [header]: '127.0.0.1' } };
    expect(await ask(request)).toEqual([403, 'http.metrics_forbidden']);
    await server.close();
    server = make(true, true);
    expect(await ask(request)).toEqual([403, 'http.metrics_forbidden']);
  },
);

test('the token of the API opens them to everybody, a wrong one to nobody', async () => {
  expect(await ask({ remoteAddress: ELSEWHERE, headers: bearer(TOKEN) })).toEqual([200, 'up 1\n']);
  expect(await ask({ remoteAddress: ELSEWHERE, headers: bearer('guess') })).toEqual([
    401,
    'api.token_unknown',
  ]);
});

test('without an API there is no token that could open them', async () => {
  await server.close();
  server = make(false);
  expect(await ask({ remoteAddress: ELSEWHERE, headers: bearer(TOKEN) })).toEqual([
    403,
    'http.metrics_forbidden',
  ]);
});
