import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeIngestServer, TOKEN, WRITE_KEY } from '../../test/support/ingest-server.ts';

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

const FIELDS = (
  'type userId anonymousId groupId previousId messageId event name timestamp sentAt context integrations traits ' +
  'properties email library writeKey batch kind eventType vendorId contractId occured_at snapshot eventId person'
).split(' ');

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

const target = makeIngestServer();

const KNOWN_CODE = /"code":"ingest\./;

async function send(url: string, payload: string | Buffer, headers: Record<string, string> = {}) {
  const { server, log, rejected, errors } = target;
  target.clear();
  const answer = await server.inject({ method: 'POST', url, headers: { ...HEADERS, ...headers }, payload });
  const status = answer.statusCode;
  const isRefused = status >= 400 && status < 500 && KNOWN_CODE.test(answer.body);
  // What PostgreSQL could not hold must not have got past: NUL in a column, half a pair in JSON, odd years.
  const isKeepable = log.events.every(
    ({ body, occurredAt, ...columns }) =>
      !/\\u0000|\\ud[89a-f]/.test(body) &&
      /^[1-9]\d{3}-.*Z$/.test(occurredAt) &&
      Object.values(columns).every((value) => value === null || isPlain(value)),
  );
  const isExplained = rejected.every(({ field, message }) => isPlain(`${field ?? ''}${message}`));
  return {
    log,
    rejected,
    verdict: { isAnswered: status === 200 || isRefused, isKeepable, isExplained, errors },
  };
}

const FINE = { isAnswered: true, isKeepable: true, isExplained: true, errors: [] };

function isPlain(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

function credentials(url: string): Record<string, string> {
  return url.endsWith('events') ? { authorization: `Bearer ${TOKEN}` } : {};
}

test('no bytes whatever make the server fail', async () => {
  const encoding = fc.constantFrom('gzip', 'identity', 'br', 'GZIP', '');
  await fc.assert(
    fc.asyncProperty(
      path,
      fc.uint8Array({ maxLength: 300 }),
      encoding,
      async (url, bytes, contentEncoding) => {
        const headers = { ...credentials(url), 'content-encoding': contentEncoding };
        const { verdict } = await send(url, Buffer.from(bytes), headers);
        expect(verdict).toEqual(FINE);
      },
    ),
    { numRuns: 200 },
  );
});

test('no JSON whatever makes the server fail', async () => {
  await fc.assert(
    fc.asyncProperty(path, json, fc.boolean(), async (url, value, isCompressed) => {
      const text = JSON.stringify(value);
      const { verdict } = isCompressed
        ? await send(url, gzipSync(text), { ...credentials(url), 'content-encoding': 'gzip' })
        : await send(url, text, credentials(url));
      expect(verdict).toEqual(FINE);
    }),
    { numRuns: 300 },
  );
});

test('of a batch with any items among good ones, the good ones are always stored', async () => {
  const good = (messageId: string) => ({ type: 'track', userId: 'u1', event: 'E', messageId });
  await fc.assert(
    fc.asyncProperty(fc.array(json, { maxLength: 4 }), async (items) => {
      const batch = [good('first'), ...items, good('last')];
      const { verdict, log } = await send('/v1/batch', JSON.stringify({ batch }));
      expect(verdict).toEqual(FINE);
      expect(log.events.map((event) => event.id)).toEqual(expect.arrayContaining(['first', 'last']));
    }),
    { numRuns: 200 },
  );
});

test('a valid event with one field replaced by anything is stored or kept aside, never neither', async () => {
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
      const { verdict, log, rejected } = await send(
        '/v1/batch',
        JSON.stringify({ batch: [{ ...valid, [field]: value }] }),
      );
      expect(verdict).toEqual(FINE);
      expect(log.events.length + rejected.length).toBe(1);
    }),
    { numRuns: 300 },
  );
});
