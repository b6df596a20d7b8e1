import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { startLocalVendor } from '../../test/support/local-vendor.ts';
import type { Answering } from '../../test/support/local-vendor.ts';
import { HttpClient } from './http-client.ts';

function makeClient(timeoutMs = 2_000): HttpClient {
  const client = new HttpClient({ timeoutMs, privateAddresses: true });
  onTestFinished(() => client.close());
  return client;
}

async function ask(answer: Answering, timeoutMs?: number) {
  const { url } = await startLocalVendor(answer);
  return makeClient(timeoutMs).send({ method: 'GET', url: `${url}/path`, headers: {}, body: '' });
}

test('a JSON answer arrives parsed, with its headers in lower case', async () => {
  expect(await ask(() => ({ status: 201, headers: { 'X-Request-Id': 'r1' }, body: { a: 1 } }))).toMatchObject(
    {
      kind: 'response',
      text: '{"a":1}',
      response: { status: 201, headers: { 'x-request-id': 'r1' }, body: { a: 1 } },
    },
  );
});

test('an HTML answer arrives as the text it is', async () => {
  expect(await ask(() => ({ status: 502, body: '<html>Bad gateway' }))).toMatchObject({
    response: { status: 502, body: '<html>Bad gateway' },
  });
});

test('an empty answer has no body', async () => {
  const answer = await ask(() => ({ status: 204, body: '' }));
  expect(answer.kind === 'response' && answer.response.body === undefined).toBe(true);
});

test('a redirect is an answer like any other and is not followed', async () => {
  const vendor = await startLocalVendor(() => ({ status: 302, headers: { location: '/elsewhere' } }));
  const answer = await makeClient().send({ method: 'GET', url: vendor.url, headers: {}, body: '' });
  expect(answer).toMatchObject({ response: { status: 302 } });
  expect(vendor.requests.length).toBe(1);
});

test('a vendor that does not answer in time is a timeout', async () => {
  const never = new Promise<never>(() => undefined);
  expect(await ask(() => never, 100)).toMatchObject({ kind: 'network', code: 'timeout' });
});

test('a vendor that begins to answer and never ends is a timeout too', async () => {
  const server = createServer((_, response) => {
    response.writeHead(200).write('{"a":');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const answer = await makeClient(150).send({ method: 'GET', url, headers: {}, body: '' });
  expect(answer).toMatchObject({ kind: 'network', code: 'timeout' });
});

test('a connection that is reset, or refused, is a failure of the network', async () => {
  expect(await ask(() => 'reset')).toMatchObject({ kind: 'network' });
  const refused = await makeClient().send({
    method: 'GET',
    url: 'http://127.0.0.1:1',
    headers: {},
    body: '',
  });
  expect(refused).toMatchObject({ kind: 'network', code: 'econnrefused' });
});

test('an answer without end is cut off', async () => {
  const huge = 'x'.repeat(17 * 1024 * 1024);
  expect(await ask(() => ({ status: 200, body: huge }))).toMatchObject({ code: 'answer_too_large' });
});

test('of an answer that does not matter only the beginning is read, however much there is', async () => {
  const vendor = await startLocalVendor(() => ({ status: 200, body: 'x'.repeat(17 * 1024 * 1024) }));
  const client = new HttpClient({ timeoutMs: 2_000, privateAddresses: true, answerBytes: 1_000 });
  onTestFinished(() => client.close());
  const request = { method: 'POST', url: vendor.url, headers: {}, body: '' } as const;
  for (const _time of [1, 2]) {
    const answer = await client.send(request);
    expect(answer).toMatchObject({ kind: 'response', text: 'x'.repeat(1_000), response: { status: 200 } });
  }
  vendor.answer = () => ({ status: 200, body: { ok: true } });
  expect(await client.send(request)).toMatchObject({ response: { body: { ok: true } } });
});

test('an address that is none is a failure, not a crash', async () => {
  const answer = await makeClient().send({ method: 'GET', url: 'nowhere', headers: {}, body: '' });
  expect(answer).toMatchObject({ kind: 'network' });
});

test('what a vendor expects of a POST is sent as it is', async () => {
  const vendor = await startLocalVendor(() => ({ status: 200 }));
  const headers = { 'content-type': 'application/json', authorization: 'Bearer t' };
  await makeClient().send({ method: 'POST', url: vendor.url, headers, body: '{"ä":1}' });
  expect(vendor.requests[0]).toMatchObject({ method: 'POST', text: '{"ä":1}', headers });
});
