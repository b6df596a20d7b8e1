import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeIngestServer, TOKEN, WRITE_KEY } from '../../test/support/ingest-server.ts';
import { isJsonObject } from '../kernel/json.ts';

const PATHS = [
  '/v1/track',
  '/v1/i',
  '/v1/p',
  '/v1/s',
  '/v1/g',
  '/v1/alias',
  '/v1/batch',
  '/v1/import/',
  '/v1/subscriber-events',
];
// As Basic user the write key wins over whatever the body says.
const HEADERS = { authorization: `Basic ${Buffer.from(WRITE_KEY).toString('base64')}` };

const path = fc.constantFrom(...PATHS);

// Text and keys that have broken parsers, databases or objects before.
const nasty = fc.constantFrom(
  '\0',
  '\ud800',
  '\udfff',
  '__proto__',
  'constructor',
  'prototype',
  'toJSON',
  'hasOwnProperty',
  '9999-12-31T23:59:59Z',
  '0001-01-01T00:00:00Z',
  '2026-11-21T05:12:00Z',
  'refusal',
  '',
  ' ',
);

const FIELDS = [
  ...[
    'type',
    'userId',
    'anonymousId',
    'groupId',
    'previousId',
    'messageId',
    'event',
    'name',
    'timestamp',
    'sentAt',
  ],
  ...['context', 'integrations', 'traits', 'properties', 'email', 'library', 'writeKey', 'batch', 'kind'],
  ...['eventType', 'vendorId', 'contractId', 'occured_at', 'snapshot', 'eventId', 'person'],
];

const json = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    nasty,
    fc.constantFrom('track', 'identify', 'contract.1#update', 1e308, -0, 2 ** 53, 1e21),
    fc.string({ unit: 'binary' }),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('node'), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.oneof(fc.constantFrom(...FIELDS), nasty), tie('node')), { maxLength: 5 })
      .map((entries) => Object.fromEntries(entries)),
  ),
})).node;

async function send(url: string, payload: string | Buffer, headers: Record<string, string> = {}) {
  const target = makeIngestServer();
  const answer = await target.server.inject({
    method: 'POST',
    url,
    headers: { ...HEADERS, ...headers },
    payload,
  });
  // Nothing but success or a refusal with a known code, and nothing in the server's log of failures.
  expect(target.errors).toEqual([]);
  if (answer.statusCode !== 200) {
    expect(answer.statusCode).toBeGreaterThanOrEqual(400);
    expect(answer.statusCode).toBeLessThan(500);
    expect(answer.json()).toMatchObject({ success: false, code: expect.stringMatching(/^ingest\./) });
  }
  // What PostgreSQL could not hold must not have got past: NUL in a column or half a pair in the JSON.
  for (const { body, ...columns } of target.log.events) {
    expect(body).not.toMatch(/\\u0000|\\ud[89a-f]/);
    expect(
      Object.values(columns).every(
        (value) => value === null || (value.isWellFormed() && !value.includes('\0')),
      ),
    ).toBe(true);
    expect(columns.occurredAt).toMatch(/^[1-9]\d{3}-.*Z$/);
  }
  for (const { field, message } of target.rejected) {
    expect(`${field ?? ''}${message}`.isWellFormed()).toBe(true);
    expect(`${field ?? ''}${message}`).not.toContain('\0');
  }
  return { answer, ...target };
}

test('no bytes whatever make the server fail', async () => {
  const encoding = fc.constantFrom(undefined, 'gzip', 'identity', 'br', 'GZIP', '');
  await fc.assert(
    fc.asyncProperty(
      path,
      fc.uint8Array({ maxLength: 300 }),
      encoding,
      async (url, bytes, contentEncoding) => {
        const headers = contentEncoding === undefined ? {} : { 'content-encoding': contentEncoding };
        await send(
          url,
          Buffer.from(bytes),
          url.endsWith('events') ? { ...headers, authorization: `Bearer ${TOKEN}` } : headers,
        );
      },
    ),
    { numRuns: 200 },
  );
});

test('no JSON whatever makes the server fail', async () => {
  await fc.assert(
    fc.asyncProperty(path, json, fc.boolean(), async (url, value, isCompressed) => {
      const text = JSON.stringify(value);
      const headers = url.endsWith('events') ? { authorization: `Bearer ${TOKEN}` } : {};
      if (isCompressed) await send(url, gzipSync(text), { ...headers, 'content-encoding': 'gzip' });
      else await send(url, text, headers);
    }),
    { numRuns: 300 },
  );
});

test('of a batch with any item among good ones, the good ones are always stored', async () => {
  const good = (messageId: string) => ({ type: 'track', userId: 'u1', event: 'E', messageId });
  await fc.assert(
    fc.asyncProperty(fc.array(json, { maxLength: 4 }), async (items) => {
      const batch = [good('first'), ...items, good('last')];
      const { answer, log, rejected } = await send('/v1/batch', JSON.stringify({ batch }));
      expect(answer.statusCode).toBe(200);
      expect(log.events.map((event) => event.id)).toEqual(expect.arrayContaining(['first', 'last']));
      expect(log.events.length + rejected.length).toBeGreaterThanOrEqual(
        2 + items.filter((item) => !isJsonObject(item)).length,
      );
    }),
    { numRuns: 300 },
  );
});

test('a valid event with one field replaced by anything is stored or refused, never half of each', async () => {
  const valid = {
    type: 'identify',
    userId: 'u1',
    messageId: 'm1',
    timestamp: '2026-11-21T05:12:00Z',
    context: { library: { name: 'analytics.js' }, traits: { email: 'a@b.c' } },
    traits: { email: 'a@b.c' },
  };
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...FIELDS), json, async (field, value) => {
      const { log, rejected } = await send(
        '/v1/batch',
        JSON.stringify({ batch: [{ ...valid, [field]: value }] }),
      );
      expect(log.events.length + rejected.length).toBe(1);
    }),
    { numRuns: 300 },
  );
});
