import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { gzipSync } from 'node:zlib';
import { Analytics } from '@segment/analytics-node';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { makeIngestServer, WRITE_KEY } from '../support/ingest-server.ts';
import type { IngestServer } from '../support/ingest-server.ts';

let target: IngestServer;
let address: string;

beforeAll(async () => {
  target = makeIngestServer();
  address = await target.server.listen({ host: '127.0.0.1', port: 0 });
});

beforeEach(() => {
  target.log.events.length = 0;
});

afterAll(async () => {
  await target.server.close();
});

test('@segment/analytics-node sends every call with only its host changed', async () => {
  const analytics = new Analytics({ writeKey: WRITE_KEY, host: address, flushAt: 4 });
  const failures: unknown[] = [];
  analytics.on('error', (error) => failures.push(error));
  const timestamp = new Date('2026-11-20T10:00:00.000Z');
  analytics.identify({ userId: 'u1', traits: { email: 'jo@example.com' } });
  analytics.track({ userId: 'u1', event: 'Signed Up', properties: { plan: 'pro' }, timestamp });
  analytics.page({ anonymousId: 'a1', name: 'Home' });
  analytics.screen({ anonymousId: 'a1', name: 'Start' });
  analytics.group({ userId: 'u1', groupId: 'g1', traits: { name: 'Acme' } });
  analytics.alias({ userId: 'u1', previousId: 'a1' });
  await analytics.closeAndFlush();

  expect(failures).toEqual([]);
  const { events } = target.log;
  const types = events.map((event) => event.type).sort();
  expect(types).toEqual(['alias', 'group', 'identify', 'page', 'screen', 'track']);
  expect(events.every((event) => event.id.startsWith('node-next-'))).toBe(true);
  const track = target.log.payloads.find((payload) => payload['type'] === 'track');
  expect(track).toMatchObject({ userId: 'u1', event: 'Signed Up', properties: { plan: 'pro' } });
  expect(track?.['context']).toMatchObject({ library: { name: '@segment/analytics-node' } });
  expect(track?.['context']).not.toHaveProperty('ip');
});

test('@segment/analytics-node drops, and does not repeat, what a wrong write key sent', async () => {
  const analytics = new Analytics({ writeKey: 'wrong', host: address, maxRetries: 3 });
  const reasons: unknown[] = [];
  analytics.on('error', (error) => reasons.push(error));
  analytics.track({ userId: 'u1', event: 'Lost' });
  await analytics.closeAndFlush();
  expect(reasons).toHaveLength(1);
  expect(target.log.events).toEqual([]);
});

interface ClientRequest {
  readonly client: string;
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
  readonly chunked?: boolean;
}

const basic = { authorization: `Basic ${Buffer.from(`${WRITE_KEY}:`).toString('base64')}` };
const sentAt = '2026-11-21T05:12:00.000Z';
const call = { type: 'track', userId: 'u1', event: 'Read', timestamp: sentAt };
const body = (value: object): Buffer => Buffer.from(JSON.stringify(value));
const gzip = { 'content-encoding': 'gzip' };
const json = { 'content-type': 'application/json' };
const plain = { 'content-type': 'text/plain' };

// The requests as each client makes them (sources and captures of 2026-11).
const REQUESTS: readonly ClientRequest[] = [
  {
    client: 'analytics-python',
    path: '/v1/batch',
    headers: json,
    body: body({ batch: [call], sentAt, writeKey: WRITE_KEY }),
  },
  {
    client: 'analytics-python with gzip',
    path: '/v1/batch',
    headers: { ...json, ...gzip },
    body: gzipSync(body({ batch: [call], sentAt, writeKey: WRITE_KEY })),
  },
  {
    client: 'analytics-go',
    path: '/v1/batch',
    headers: { ...json, ...basic },
    body: body({ batch: [call], sentAt }),
  },
  {
    client: 'analytics-ruby',
    path: '/v1/import',
    headers: { ...json, ...basic },
    body: body({ sentAt, batch: [call] }),
  },
  {
    client: 'analytics-java',
    path: '/v1/import/',
    headers: { ...json, ...basic, 'x-retry-count': '1' },
    body: body({ batch: [call], sentAt, context: { library: { name: 'analytics-java' } } }),
  },
  {
    client: 'analytics-php',
    path: '/v1/batch',
    headers: { ...json, ...basic },
    body: body({ batch: [call] }),
  },
  {
    client: 'analytics-kotlin',
    path: '/v1/b',
    headers: { ...plain, ...gzip },
    body: gzipSync(body({ batch: [call], sentAt, writeKey: WRITE_KEY })),
    chunked: true,
  },
  {
    client: 'analytics-swift',
    path: '/v1/b',
    headers: json,
    body: body({ batch: [call], sentAt, writeKey: WRITE_KEY }),
  },
  {
    client: 'analytics-react-native',
    path: '/v1/b',
    headers: json,
    body: body({ batch: [call], sentAt, writeKey: WRITE_KEY }),
  },
  {
    client: 'old analytics-android',
    path: '/v1/import',
    headers: { ...json, ...basic, ...gzip },
    body: gzipSync(body({ batch: [call] })),
  },
  {
    client: 'analytics-next',
    path: '/v1/t',
    headers: { ...plain, ...basic },
    body: body({ ...call, writeKey: WRITE_KEY, sentAt }),
  },
  {
    client: 'analytics-next in batches',
    path: '/v1/b',
    headers: { ...plain, ...basic },
    body: body({ writeKey: WRITE_KEY, batch: [{ ...call, writeKey: WRITE_KEY }], sentAt }),
  },
  { client: 'a sender without a content type', path: '/v1/track', headers: basic, body: body(call) },
];

test.each(REQUESTS)(
  '$client is answered 200 with a JSON object, after its event was stored',
  async (sent) => {
    const answer = await post(sent);
    expect(answer).toEqual({ status: 200, text: '{"success":true}' });
    expect(target.log.events).toHaveLength(1);
    expect(target.log.payloads[0]).toMatchObject(call);
    expect(target.log.payloads[0]).not.toHaveProperty('writeKey');
  },
);

test('a client that sends far too much reads the refusal instead of a broken connection', async () => {
  const answer = await post({
    client: 'any',
    path: '/v1/batch',
    headers: { ...json, ...basic },
    body: Buffer.alloc(4_000_000, ' '),
  });
  expect(answer.status).toBe(400);
  expect(JSON.parse(answer.text)).toMatchObject({ success: false, code: 'ingest.body_too_large' });
});

async function post({
  path,
  headers,
  body: bytes,
  chunked = false,
}: ClientRequest): Promise<{ status: number; text: string }> {
  const length = chunked ? {} : { 'content-length': bytes.length };
  const outgoing = request(`${address}${path}`, { method: 'POST', headers: { ...headers, ...length } });
  const half = Math.floor(bytes.length / 2);
  outgoing.write(bytes.subarray(0, half));
  outgoing.end(bytes.subarray(half));
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() };
}
