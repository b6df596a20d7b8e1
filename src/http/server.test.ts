import { expect, test } from 'vitest';
import { makeIngestServer, TOKEN, WRITE_KEY } from '../../test/support/ingest-server.ts';
import { LinchpinError } from '../kernel/errors.ts';
import type { Problem } from './problem.ts';

const CALL = { method: 'POST', url: '/v1/track', headers: { 'x-write-key': WRITE_KEY } } as const;
const TRACK = { userId: 'u1', event: 'Signed Up' };

test('a preflight of any ingest address lets every origin send, retries included', async () => {
  const { server } = makeIngestServer();
  for (const url of ['/v1/t', '/v1/batch/', '/v1/m', '/v1/subscriber-events']) {
    const answer = await server.inject({
      method: 'OPTIONS',
      url,
      headers: {
        origin: 'https://news.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,x-retry-count',
      },
    });
    expect(answer.statusCode).toBe(204);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': 'https://news.example',
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'GET, POST, OPTIONS',
      vary: 'Origin',
    });
    const allowed = String(answer.headers['access-control-allow-headers']).split(', ');
    expect(allowed).toEqual(
      expect.arrayContaining(['authorization', 'content-type', 'x-retry-count', 'x-write-key']),
    );
    expect(Number(answer.headers['access-control-max-age'])).toBeGreaterThanOrEqual(600);
  }
});

test('a web page may read every answer, refusals and their Retry-After too', async () => {
  const { server } = makeIngestServer();
  const answer = await server.inject({
    ...CALL,
    headers: { origin: 'https://news.example' },
    payload: TRACK,
  });
  expect(answer.statusCode).toBe(401);
  expect(answer.headers).toMatchObject({
    'access-control-allow-origin': 'https://news.example',
    'access-control-expose-headers': 'Retry-After',
  });
});

test.each([
  ['POST', '/v1/tracks', 404, 'http.route_unknown'],
  ['GET', '/', 404, 'http.route_unknown'],
  ['GET', '/v1/batch', 405, 'http.method_not_allowed'],
  ['PUT', '/v1/batch/', 405, 'http.method_not_allowed'],
  ['POST', '/healthz', 405, 'http.method_not_allowed'],
  ['POST', '/%zz', 400, 'http.request_malformed'],
  ['GET', '/docs/errors/no.such_code', 404, 'http.route_unknown'],
  ['GET', '/docs/errors/..%2f..%2fpackage', 404, 'http.route_unknown'],
] as const)('%s %s is answered %i with a problem', async (method, url, status, code) => {
  const { server } = makeIngestServer();
  const answer = await server.inject({ method, url });
  expect([answer.statusCode, answer.json<Problem>().code]).toEqual([status, code]);
  expect(answer.headers['content-type']).toContain('application/problem+json');
  expect(answer.headers['allow'] === undefined).toBe(status !== 405);
});

test.each([
  ['/v1/tracks', /Segment calls go to/],
  ['/api/deliveriez', /^GET \/api\/openapi.json lists/],
])('who goes wrong at %s is told where to look', async (url, remedy) => {
  const { server } = makeIngestServer();
  expect((await server.inject({ method: 'GET', url })).json<Problem>().remedy).toMatch(remedy);
});

test('the type of a problem is the address of its page', async () => {
  const { server } = makeIngestServer();
  const problem = await server.inject({ ...CALL, payload: {} });
  const page = await server.inject({ method: 'GET', url: problem.json<Problem>().type });
  expect(page.statusCode).toBe(200);
  expect(page.body).toMatch(/^# ingest\.identity_missing\n/);
});

test('a log that cannot store is answered 503, so that senders keep their events', async () => {
  const { server, log, errors } = makeIngestServer();
  log.failure = new Error('connection refused by 10.0.0.7');
  const answer = await server.inject({ ...CALL, payload: TRACK });
  expect([answer.statusCode, answer.json<Problem>().code]).toEqual([503, 'ingest.unavailable']);
  expect(answer.headers['retry-after']).toBe('5');
  expect(answer.body).not.toContain('10.0.0.7');
  expect(errors).toEqual(['The event could not be stored just now.']);
});

test('a log that asks to wait is passed on with its wait', async () => {
  const { server, log } = makeIngestServer();
  log.failure = new LinchpinError('ingest.unavailable', {
    message: 'Too much waits.',
    retryAfterSeconds: 17,
  });
  const answer = await server.inject({ ...CALL, payload: TRACK });
  expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '17']);
});

test('a lookup that fails is answered 503 and not remembered', async () => {
  const { server, setLookupFailure } = makeIngestServer();
  setLookupFailure(new Error('down'));
  expect((await server.inject({ ...CALL, payload: TRACK })).statusCode).toBe(503);
  setLookupFailure(undefined);
  expect((await server.inject({ ...CALL, payload: TRACK })).statusCode).toBe(200);
});

test('known and unknown keys are looked up once in five seconds', async () => {
  const { server, lookups, advance } = makeIngestServer();
  const send = async (key: string) => {
    await server.inject({ ...CALL, headers: { 'x-write-key': key }, payload: TRACK });
  };
  for (const key of [WRITE_KEY, WRITE_KEY, 'unknown', 'unknown']) await send(key);
  expect(lookups).toHaveLength(2);
  advance(5_000);
  for (const key of [WRITE_KEY, 'unknown']) await send(key);
  expect(lookups).toHaveLength(4);
});

test('the process is healthy as long as it answers, and ready when its checks say so', async () => {
  const { server, setReadiness } = makeIngestServer();
  expect((await server.inject('/healthz')).json()).toEqual({ status: 'ok' });
  expect((await server.inject('/readyz')).statusCode).toBe(200);
  const report = { ready: false, checks: [{ name: 'database', ok: false, detail: 'It does not answer.' }] };
  setReadiness(report);
  const answer = await server.inject('/readyz');
  expect([answer.statusCode, answer.json()]).toEqual([503, report]);
});

const BROWSER = { ...TRACK, context: { library: { name: 'analytics.js' } } };

test.each([
  ['is the peer without a trusted proxy', false, BROWSER, '127.0.0.1'],
  ['is what a trusted proxy says', ['127.0.0.1'], BROWSER, '192.0.2.7'],
  [
    'is left as the sender set it',
    ['127.0.0.1'],
    { ...TRACK, context: { ip: '203.0.113.1', direct: true } },
    '203.0.113.1',
  ],
  [
    'is unknown for a server library',
    ['127.0.0.1'],
    { ...TRACK, context: { library: { name: 'analytics-python' } } },
    undefined,
  ],
  [
    'is taken from a server that sends on behalf',
    ['127.0.0.1'],
    { ...TRACK, context: { direct: true } },
    '192.0.2.7',
  ],
])('the address of a person %s', async (_case, trustProxy, payload, ip) => {
  const { server, log } = makeIngestServer({ trustProxy });
  const headers = { ...CALL.headers, 'x-forwarded-for': '192.0.2.7' };
  await server.inject({ ...CALL, headers, payload });
  const [stored] = log.payloads as readonly [{ readonly context: { readonly ip?: string } }];
  expect(stored.context.ip).toBe(ip);
});

const EVENTS = {
  method: 'POST',
  url: '/v1/subscriber-events',
  headers: { authorization: `Bearer ${TOKEN}` },
} as const;
const PURCHASED = {
  eventType: 'contract.1#purchased',
  vendorId: 'vendor_123',
  userId: 'User_456',
  contractId: 'contract_789',
  occured_at: '2025-11-10T12:00:00.123+01:00',
};

test('a subscriber event is stored as it came', async () => {
  const { server, log } = makeIngestServer();
  const answer = await server.inject({ ...EVENTS, payload: { ...PURCHASED, extra: [1] } });
  expect([answer.statusCode, answer.json()]).toEqual([
    200,
    { success: true, accepted: 1, duplicates: 0, rejected: [], unknownTypes: [] },
  ]);
  expect(log.events[0]).toMatchObject({
    source: 'sesamy',
    type: 'subscriber',
    name: 'contract.1#purchased',
    personKey: 'user_456',
    occurredAt: '2025-11-10T11:00:00.123Z',
  });
  expect(log.payloads[0]).toEqual({ ...PURCHASED, extra: [1] });
});

test('of a list, repeats are dropped, bad ones kept aside, and unknown types stored and named', async () => {
  const { server, log, rejected } = makeIngestServer();
  const unknown = { ...PURCHASED, eventType: 'contract.2#moved' };
  const payload = [
    PURCHASED,
    PURCHASED,
    { ...PURCHASED, userId: null },
    unknown,
    { ...PURCHASED, occured_at: 'now' },
  ];
  const answer = await server.inject({ ...EVENTS, payload });
  expect(answer.json()).toMatchObject({
    accepted: 2,
    duplicates: 1,
    rejected: [
      { index: 2, code: 'ingest.field_invalid', field: '[2].userId' },
      { index: 4, code: 'ingest.field_invalid', field: '[4].occured_at' },
    ],
    unknownTypes: ['contract.2#moved'],
  });
  expect(log.events).toHaveLength(2);
  expect(rejected).toHaveLength(2);
});

test.each([
  ['without a token', { headers: {} }, 401, 'ingest.token_missing'],
  ['with an unknown token', { headers: { authorization: 'Bearer other' } }, 401, 'ingest.token_unknown'],
  ['with a write key', { headers: { authorization: `Bearer ${WRITE_KEY}` } }, 403, 'ingest.source_mismatch'],
  ['without a user', { payload: { ...PURCHASED, userId: undefined } }, 400, 'ingest.field_invalid'],
  [
    'from before 1970',
    { payload: { ...PURCHASED, occured_at: '1960-01-01T00:00:00Z' } },
    400,
    'ingest.timestamp_invalid',
  ],
  ['that is text', { payload: '"text"' }, 400, 'ingest.item_not_object'],
])('a subscriber event %s is refused', async (_case, parts, status, code) => {
  const { server, log } = makeIngestServer();
  const answer = await server.inject({ ...EVENTS, payload: PURCHASED, ...parts });
  expect([answer.statusCode, answer.json<Problem>().code]).toEqual([status, code]);
  expect(log.events).toEqual([]);
});
