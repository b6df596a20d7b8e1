import { once } from 'node:events';
import { connect } from 'node:net';
import { Analytics } from '@segment/analytics-node';
import { afterEach, expect, test } from 'vitest';
import { LinchpinError } from '../../src/kernel/errors.ts';
import { makeIngestServer, WRITE_KEY } from '../support/ingest-server.ts';
import type { IngestServer, IngestServerOptions } from '../support/ingest-server.ts';
import { until } from '../support/until.ts';

let target: IngestServer;

afterEach(async () => {
  target.log.goOn();
  await target.server.close();
});

async function listen(options: IngestServerOptions): Promise<string> {
  target = makeIngestServer(options);
  return target.server.listen({ host: '127.0.0.1', port: 0 });
}

const MB = 1024 * 1024;

function batchBody(name: string, itemCount: number, valueLength: number): string {
  const items = Array.from({ length: itemCount }, (_, index) => ({
    type: 'track',
    userId: 'u1',
    event: 'Read',
    messageId: `${name}-${String(index)}`,
    properties: { text: 'x'.repeat(valueLength) },
  }));
  return JSON.stringify({ writeKey: WRITE_KEY, batch: items });
}

function post(url: string, body: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/v1/batch`, { method: 'POST', body, headers });
}

test('@segment/analytics-node loses nothing while the log stands still: it is told when to come back', async () => {
  const address = await listen({ bounds: { bytes: MB, requests: 2 } });
  target.log.standStill();
  const analytics = new Analytics({ writeKey: WRITE_KEY, host: address, flushAt: 5 });
  const failures: unknown[] = [];
  analytics.on('error', (error) => failures.push(error));
  for (let index = 0; index < 100; index += 1) {
    analytics.track({ userId: `u${String(index)}`, event: 'Read', messageId: `m${String(index)}` });
  }
  const turnedAway = (): number => target.answered.filter(({ status }) => status === 429).length;
  await until(() => turnedAway() >= 10);
  expect(target.log.events).toEqual([]);
  target.log.goOn();
  await analytics.closeAndFlush();
  expect(failures).toEqual([]);
  expect(new Set(target.log.events.map(({ id }) => id)).size).toBe(100);
  expect(target.answered.find(({ status }) => status === 429)?.code).toBe('ingest.overloaded');
});

test('a web page can read when to come back', async () => {
  const address = await listen({ bounds: { bytes: MB, requests: 0 } });
  const answer = await post(address, batchBody('a', 1, 1), { origin: 'https://shop.example' });
  expect(answer.status).toBe(429);
  expect(answer.headers.get('retry-after')).toBe('1');
  expect(answer.headers.get('access-control-expose-headers')).toContain('Retry-After');
  expect(await answer.json()).toMatchObject({ success: false, code: 'ingest.overloaded' });
});

test('while PostgreSQL hangs the process takes what fits into its bounds, and its memory stays there', async () => {
  const bound = 16 * MB;
  const address = await listen({ bounds: { bytes: bound, requests: 5_000 } });
  target.log.standStill();
  const before = process.memoryUsage().heapUsed;
  // Ten times what fits: some 400 kB each, of which three times as much counts.
  const answers = Array.from({ length: 130 }, async (_, index) => {
    const answer = await post(address, batchBody(String(index), 400, 900));
    return answer.status;
  });
  await until(() => target.answered.filter(({ status }) => status === 429).length > 100);
  expect(target.intake.byteCount).toBeLessThanOrEqual(bound);
  expect(target.intake.byteCount).toBeGreaterThan(bound / 2);
  // What is counted and the objects around it; ten times the bound would be 160 MB.
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(6 * bound);
  target.log.goOn();
  const statuses = await Promise.all(answers);
  expect(new Set(statuses)).toEqual(new Set([200, 429]));
  expect(target.log.events).toHaveLength(400 * statuses.filter((status) => status === 200).length);
  await until(() => target.intake.byteCount === 0);
  expect(target.intake.requestCount).toBe(0);
});

test('senders that hang up while PostgreSQL hangs make no room for more', async () => {
  const body = batchBody('a', 10, 100);
  const address = await listen({ bounds: { bytes: MB, requests: 3 } });
  target.log.standStill();
  const { hostname, port } = new URL(address);
  for (let sent = 1; sent <= 3; sent += 1) {
    const socket = connect(Number(port), hostname);
    socket.write(
      `POST /v1/batch HTTP/1.1\r\nhost: a\r\ncontent-length: ${String(body.length)}\r\n\r\n${body}`,
    );
    await until(() => target.log.appendCount === sent);
    socket.destroy();
  }
  await until(() => target.answered.filter(({ status }) => status === 499).length === 3);
  expect(target.intake.requestCount).toBe(3);
  expect((await post(address, body)).status).toBe(429);
  target.log.goOn();
  await until(() => target.intake.requestCount === 0);
  expect(target.intake.byteCount).toBe(0);
});

test('a body that breaks off gives back what it held', async () => {
  const address = await listen({});
  const { hostname, port } = new URL(address);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.write(`POST /v1/batch HTTP/1.1\r\nhost: a\r\ncontent-length: 100000\r\n\r\n${'x'.repeat(5_000)}`);
  await until(() => target.intake.byteCount === 5_000);
  socket.destroy();
  await until(() => target.intake.byteCount === 0);
});

test('a full disk is told as such, before anything is stored', async () => {
  const message = 'Only 12 MB of disk are free.';
  const refusal = (): LinchpinError =>
    new LinchpinError('ingest.disk_full', { message, retryAfterSeconds: 30 });
  const address = await listen({ refusal });
  const answer = await post(address, batchBody('a', 1, 1));
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '30']);
  expect(await answer.json()).toMatchObject({ code: 'ingest.disk_full', message });
  expect(target.log.appendCount).toBe(0);
});
