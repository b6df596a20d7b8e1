import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { makeIngestServer, RECEIVED_AT, WRITE_KEY } from '../../../test/support/ingest-server.ts';

import type { Problem } from '../problem.ts';

const BASIC = `Basic ${Buffer.from(`${WRITE_KEY}:`).toString('base64')}`;
const JSON_HEADERS = { authorization: BASIC, 'content-type': 'application/json' };
const TRACK = { userId: 'u1', event: 'Signed Up', messageId: 'm1' };

test.each([
  ['track', 't', { ...TRACK }],
  ['identify', 'i', { userId: 'u1', traits: { email: 'a@b.c' } }],
  ['page', 'p', { userId: 'u1', name: 'Home' }],
  ['screen', 's', { userId: 'u1', name: 'Home' }],
  ['group', 'g', { userId: 'u1', groupId: 'g1' }],
  ['alias', 'a', { userId: 'u1', previousId: 'old' }],
])(
  'a %s call takes its type from the path, long or short, with or without slash',
  async (type, short, call) => {
    const { server, log } = makeIngestServer();
    for (const path of [`/v1/${type}`, `/v1/${short}`, `/v1/${type}/`, `//v1/${short}/`]) {
      const answer = await server.inject({
        method: 'POST',
        url: path,
        headers: JSON_HEADERS,
        payload: { ...call, type: 'ignored', messageId: path },
      });
      expect([answer.statusCode, answer.json()]).toEqual([200, { success: true }]);
    }
    expect(log.events.map((event) => event.type)).toEqual([type, type, type, type]);
  },
);

test.each([
  ['as Basic user', { authorization: BASIC }, {}],
  [
    'as Basic user without a colon',
    { authorization: `Basic ${Buffer.from(WRITE_KEY).toString('base64')}` },
    {},
  ],
  ['in the body', {}, { writeKey: WRITE_KEY }],
  ['in the body beside a Bearer token', { authorization: 'Bearer oauth-token' }, { writeKey: WRITE_KEY }],
  ['in the body beside an empty Basic user', { authorization: 'Basic Og==' }, { writeKey: WRITE_KEY }],
  ['in X-Write-Key', { 'x-write-key': WRITE_KEY }, {}],
  ['as Basic user, which wins over the body', { authorization: BASIC }, { writeKey: 'another' }],
])('the write key is taken %s', async (_where, headers, body) => {
  const { server, log } = makeIngestServer();
  const answer = await server.inject({
    method: 'POST',
    url: '/v1/track',
    headers,
    payload: { ...TRACK, ...body },
  });
  expect(answer.statusCode).toBe(200);
  expect(log.payloads[0]).not.toHaveProperty('writeKey');
});

test('the write key of a batch may stand in its first item', async () => {
  const { server, log } = makeIngestServer();
  const payload = { batch: [{ ...TRACK, type: 'track', writeKey: WRITE_KEY }] };
  expect((await server.inject({ method: 'POST', url: '/v1/b', payload })).statusCode).toBe(200);
  expect(log.events).toHaveLength(1);
});

test.each([
  ['no write key', {}, 401, 'ingest.write_key_missing'],
  [
    'a Bearer token and no write key',
    { authorization: `Bearer ${WRITE_KEY}` },
    401,
    'ingest.write_key_missing',
  ],
  ['an unknown write key', { 'x-write-key': 'nobody' }, 401, 'ingest.write_key_unknown'],
  ['the token of another kind of source', { 'x-write-key': 'whs_test' }, 403, 'ingest.source_mismatch'],
])('a call with %s is refused', async (_case, headers, status, code) => {
  const { server, log } = makeIngestServer();
  const answer = await server.inject({ method: 'POST', url: '/v1/track', headers, payload: TRACK });
  expect([answer.statusCode, answer.json<Problem>().code]).toEqual([status, code]);
  expect(log.events).toEqual([]);
});

test.each([
  ['text/plain', 'text/plain;charset=UTF-8'],
  ['no content type', undefined],
  ['a malformed content type', 'nonsense; ;;'],
  ['a form type', 'application/x-www-form-urlencoded'],
])('a body under %s is read as JSON, plain or compressed', async (_case, contentType) => {
  const { server, log } = makeIngestServer();
  const type = contentType === undefined ? {} : { 'content-type': contentType };
  const text = JSON.stringify(TRACK);
  for (const [payload, encoding] of [
    [Buffer.from(text), {}],
    [gzipSync(text), { 'content-encoding': 'gzip' }],
  ] as const) {
    const headers = { authorization: BASIC, ...type, ...encoding };
    expect((await server.inject({ method: 'POST', url: '/v1/t', headers, payload })).statusCode).toBe(200);
  }
  expect(log.events).toHaveLength(1);
});

const gzip = { 'content-encoding': 'gzip' };

test.each<[string, string | Buffer, Record<string, string>, number, string]>([
  ['is empty', '', {}, 400, 'ingest.json_invalid'],
  ['is cut', '{"event":"a', {}, 400, 'ingest.json_invalid'],
  ['is a list', '[]', {}, 400, 'ingest.body_not_object'],
  ['is null', 'null', {}, 400, 'ingest.body_not_object'],
  ['is not UTF-8', Buffer.from('{"a":"\xe9"}', 'latin1'), {}, 400, 'ingest.body_not_utf8'],
  ['is not gzip although announced', '{}', gzip, 400, 'ingest.gzip_invalid'],
  ['is cut gzip', gzipSync(JSON.stringify(TRACK)).subarray(0, 30), gzip, 400, 'ingest.gzip_invalid'],
  ['is a gzip bomb', gzipSync(Buffer.alloc(50_000_000, ' ')), gzip, 400, 'ingest.body_too_large'],
  ['is too large', Buffer.alloc(600_000, ' '), {}, 400, 'ingest.body_too_large'],
  ['is compressed otherwise', '{}', { 'content-encoding': 'br' }, 415, 'ingest.encoding_unsupported'],
  [
    'is nested without end',
    `${'['.repeat(200_000)}${']'.repeat(200_000)}`,
    {},
    400,
    'ingest.body_not_object',
  ],
  ['has no batch', '{}', {}, 400, 'ingest.batch_missing'],
  ['has a batch that is no list', '{"batch":{}}', {}, 400, 'ingest.batch_missing'],
  [
    'has too long a batch',
    `{"batch":[${Array(2_501).fill('{}').join(',')}]}`,
    {},
    400,
    'ingest.batch_too_long',
  ],
  ['has a context that is no object', '{"batch":[],"context":1}', {}, 400, 'ingest.field_invalid'],
  [
    'has a NUL in the common context',
    '{"batch":[],"context":{"a":"\\u0000"}}',
    {},
    400,
    'ingest.text_invalid',
  ],
  [
    'would unfold to a gigabyte',
    `{"batch":[${Array(2_000).fill('{}').join(',')}],"context":{"a":"${'x'.repeat(400_000)}"}}`,
    {},
    400,
    'ingest.body_too_large',
  ],
])('a batch that %s is refused as a whole', async (_case, payload, headers, status, code) => {
  const { server, log } = makeIngestServer();
  const answer = await server.inject({
    method: 'POST',
    url: '/v1/batch',
    headers: { ...JSON_HEADERS, ...headers },
    payload,
  });
  expect([answer.statusCode, answer.json<Problem>().code]).toEqual([status, code]);
  expect(log.events).toEqual([]);
});

test('a body that begins with a byte order mark is read', async () => {
  const { server } = makeIngestServer();
  const payload = `\uFEFF${JSON.stringify(TRACK)}`;
  expect(
    (await server.inject({ method: 'POST', url: '/v1/t', headers: JSON_HEADERS, payload })).statusCode,
  ).toBe(200);
});

test('bad items are kept with their reasons, and their neighbours are stored', async () => {
  const { server, log, rejected } = makeIngestServer();
  const payload = {
    batch: [
      { type: 'track', userId: 'u1', event: 'One', messageId: 'm1' },
      { type: 'track', userId: 'u1', event: 7, writeKey: WRITE_KEY },
      'text',
      { type: 'identify', userId: 'u2', messageId: 'm2' },
      { type: 'purchase', userId: 'u2' },
    ],
  };
  const answer = await server.inject({ method: 'POST', url: '/v1/batch', headers: JSON_HEADERS, payload });
  expect([answer.statusCode, answer.json()]).toEqual([
    200,
    {
      success: true,
      rejected: [
        { index: 1, code: 'ingest.field_invalid', field: 'batch[1].event', message: 'event must be text.' },
        {
          index: 2,
          code: 'ingest.item_not_object',
          field: 'batch[2]',
          message: 'The item is not a JSON object.',
        },
        {
          index: 4,
          code: 'ingest.type_unknown',
          field: 'batch[4].type',
          message: 'type must be one of identify, track, page, screen, group, alias.',
        },
      ],
    },
  ]);
  expect(log.events.map(({ id }) => id)).toEqual(['m1', 'm2']);
  expect(rejected[0]).toEqual({
    workspaceId: 1,
    source: 'site',
    receivedAt: RECEIVED_AT,
    code: 'ingest.field_invalid',
    field: 'batch[1].event',
    message: 'event must be text.',
    body: '{"type":"track","userId":"u1","event":7}',
  });
  expect(rejected.map(({ body }) => body)[1]).toBe('"text"');
});

test('a bad single call is answered with its problem, and kept as well', async () => {
  const { server, log, rejected } = makeIngestServer();
  const payload = { userId: 'u1' };
  const answer = await server.inject({ method: 'POST', url: '/v1/track', headers: JSON_HEADERS, payload });
  expect(answer.statusCode).toBe(400);
  expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  expect(answer.json()).toEqual({
    type: '/docs/errors/ingest.field_missing',
    title: 'A required field is missing',
    status: 400,
    detail: 'A track call needs event.',
    code: 'ingest.field_missing',
    field: 'event',
    remedy: 'Add the field that the answer names.',
    success: false,
    message: 'A track call needs event.',
  });
  expect(log.events).toEqual([]);
  expect(rejected).toHaveLength(1);
});

test('a repeated call is answered like the first and stored once', async () => {
  const { server, log } = makeIngestServer();
  for (let count = 0; count < 2; count += 1) {
    const answer = await server.inject({
      method: 'POST',
      url: '/v1/t',
      headers: JSON_HEADERS,
      payload: TRACK,
    });
    expect([answer.statusCode, answer.json()]).toEqual([200, { success: true }]);
  }
  expect(log.events).toHaveLength(1);
});

test('browser metrics are taken and thrown away', async () => {
  const { server, log } = makeIngestServer();
  const answer = await server.inject({ method: 'POST', url: '/v1/m', payload: { series: [] } });
  expect([answer.statusCode, answer.json()]).toEqual([200, { success: true }]);
  expect(log.events).toEqual([]);
});
