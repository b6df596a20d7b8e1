import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { defineEmulator, empty, json, Refused, startEmulator } from './index.ts';
import type { RunningEmulator } from './index.ts';

interface Notes {
  readonly notes: string[];
  perDay: number;
}

const seedSchema = z.strictObject({ notes: z.array(z.string()).optional() });
const limitsSchema = z.strictObject({ perDay: z.int().optional() });

const notebook = defineEmulator({
  id: 'notebook',
  title: 'Notebook',
  seedSchema,
  makeState: (): Notes => ({ notes: [], perDay: 10 }),
  applySeed: (state, seed) => {
    state.notes.push(...(seed.notes ?? []));
  },
  showState: (state) => ({ notes: state.notes }),
  limits: {
    schema: limitsSchema,
    show: (state) => ({ perDay: state.perDay }),
    apply: (state, change) => {
      state.perDay = change.perDay ?? state.perDay;
    },
  },
  routes: [
    { method: 'GET', path: '/notes', handle: (_request, state) => json(200, { notes: state.notes }) },
    {
      method: 'POST',
      path: '/notes',
      handle: (request, state) => {
        const { text } = z.object({ text: z.string() }).parse(request.json());
        if (text === 'forbidden') throw new Refused(json(403, { oops: 'forbidden' }));
        state.notes.push(text);
        return json(201, { text });
      },
    },
    {
      method: 'DELETE',
      path: '/notes/:text',
      handle: (request) => json(200, { gone: request.param('text') }),
    },
  ],
  adminRoutes: [{ method: 'POST', path: '/burn', handle: () => empty(204) }],
  refuse: (reason) =>
    json({ unknown_route: 404, wrong_content_type: 415, internal: 500 }[reason as string] ?? 400, {
      oops: reason,
    }),
  faultPresets: { hiccup: () => json(477, { oops: 'hiccup' }) },
  finish: (reply) => ({ ...reply, headers: { ...reply.headers, 'x-vendor': 'notebook' } }),
  bodyBytesMax: 100,
});

let emulator: RunningEmulator<Notes, typeof seedSchema, typeof limitsSchema>;

beforeEach(async () => {
  emulator = await startEmulator(notebook);
});
afterEach(() => emulator.close());

const JSON_BODY = { 'content-type': 'application/json' };

function call(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(emulator.url + path, init);
}

function post(path: string, body: unknown): Promise<Response> {
  return call(path, { method: 'POST', headers: JSON_BODY, body: JSON.stringify(body) });
}

test('what is written is read back, and a reset empties it', async () => {
  await post('/notes', { text: 'one' });
  expect(await (await call('/notes')).json()).toEqual({ notes: ['one'] });
  expect((await post('/_emulator/reset', { notes: ['fresh'] })).status).toBe(204);
  expect(await (await call('/notes')).json()).toEqual({ notes: ['fresh'] });
});

test.each([
  ['an unknown path', '/nothing', { method: 'GET' }, 404, 'unknown_route'],
  ['a wrong method', '/notes', { method: 'PUT' }, 400, 'wrong_method'],
  ['a wrong content type', '/notes', { method: 'POST', body: '{}' }, 415, 'wrong_content_type'],
  ['broken JSON', '/notes', { method: 'POST', body: '{', headers: JSON_BODY }, 400, 'broken_json'],
  [
    'a body above the limit',
    '/notes',
    { method: 'POST', body: 'x'.repeat(101), headers: JSON_BODY },
    400,
    'body_too_large',
  ],
  ['a broken percent escape', '/notes/%zz', { method: 'DELETE' }, 400, 'wrong_method'],
  [
    'a mistake of the emulator',
    '/notes',
    { method: 'POST', body: '{}', headers: JSON_BODY },
    500,
    'internal',
  ],
])('%s is refused in the shape of the vendor', async (_what, path, init, status, oops) => {
  const response = await call(path, init);
  expect(response.status).toBe(status);
  expect(await response.json()).toEqual({ oops });
  expect(response.headers.get('x-vendor')).toBe('notebook');
});

test('a route that throws a refusal answers with it', async () => {
  expect((await post('/notes', { text: 'forbidden' })).status).toBe(403);
});

test('the journal keeps calls and answers and shows only the end of a secret', async () => {
  await call('/notes?b=1&api_secret=hush-4711', { headers: { authorization: 'Bearer pat-123456' } });
  await post('/notes', { text: 'two' });
  const { requests } = (await (await call('/_emulator/requests?method=get&path=/no*')).json()) as {
    requests: unknown[];
  };
  expect(requests).toMatchObject([
    {
      method: 'GET',
      path: '/notes',
      query: { b: '1', api_secret: '…4711' },
      status: 200,
      answer: { notes: [] },
      headers: { authorization: '…3456' },
    },
  ]);
  expect(JSON.stringify(emulator.admin.requests())).not.toMatch(/pat-12|hush/);
  expect(await (await call('/_emulator/requests?count&method=POST')).json()).toEqual({ count: 1 });
  await call('/_emulator/requests', { method: 'DELETE' });
  expect(emulator.admin.countRequests()).toBe(0);
});

test('faults play in order: a status for two calls, then a preset, then the vendor being down', async () => {
  await post('/_emulator/faults', [
    { path: '/notes', status: 502, body: { bad: 'gateway' }, headers: { 'retry-after': '7' }, times: 2 },
    { path: '/no*', preset: 'hiccup', times: 1 },
    { unavailable: true, times: 1 },
  ]);
  const first = await call('/notes');
  expect([first.status, first.headers.get('retry-after'), await first.json()]).toEqual([
    502,
    '7',
    { bad: 'gateway' },
  ]);
  const statuses = [];
  for (let n = 0; n < 4; n++) statuses.push((await call('/notes')).status);
  expect(statuses).toEqual([502, 477, 400, 200]);
  expect(emulator.admin.faults()).toEqual([]);
});

test('a fault after the call loses the answer, not the work', async () => {
  emulator.admin.addFault({ method: 'POST', reset: true, when: 'after', times: 1 });
  await expect(post('/notes', { text: 'kept' })).rejects.toThrow('fetch failed');
  expect(emulator.state.notes).toEqual(['kept']);
  expect(emulator.admin.requests().at(-1)).toMatchObject({ method: 'POST', fault: 'fault-1' });
});

test('a fault for a span ends with the emulator clock, and can hit only the call that carries a text', async () => {
  emulator.admin.addFault({ forMs: 5_000, bodyIncludes: 'poison', status: 503 });
  expect((await post('/notes', { text: 'fine' })).status).toBe(201);
  expect((await post('/notes', { text: 'poison' })).status).toBe(503);
  emulator.clock.advance(5_001);
  expect((await post('/notes', { text: 'poison' })).status).toBe(201);
});

test('a delayed call waits for the emulator clock', async () => {
  await post('/_emulator/clock', { freeze: true });
  emulator.admin.addFault({ delayMs: 60_000, slowBodyMs: 10_000, times: 1 });
  const slow = call('/notes');
  const other = await call('/notes');
  expect(other.status).toBe(200);
  // Every call moves time on until the slow one has been served: the delay, then ten pieces of the body.
  let isDone = false;
  const done = slow.then((response) => response.json()).finally(() => (isDone = true));
  while (!isDone) await post('/_emulator/clock', { advanceMs: 60_000 });
  expect(await done).toEqual({ notes: [] });
});

test.each([
  ['/_emulator/faults', { times: 3 }, 'give one of preset'],
  ['/_emulator/faults', { preset: 'nothing' }, 'unknown preset'],
  ['/_emulator/seed', { nots: [] }, 'nots'],
  ['/_emulator/limits', { perDay: 'x' }, 'perDay'],
  ['/_emulator/clock', { advanceMs: -1 }, 'advanceMs'],
])('a wrong admin call to %s is explained', async (path, body, words) => {
  const response = await post(path, body);
  expect(response.status).toBe(400);
  expect(((await response.json()) as { message: string }).message).toContain(words);
});

test('the clock can be set, advanced and put back', async () => {
  await post('/_emulator/clock', { freeze: true, setTo: '2026-03-01T10:00:00Z' });
  await post('/_emulator/clock', { advanceMs: 1_500 });
  expect(await (await call('/_emulator/clock')).json()).toMatchObject({
    now: '2026-03-01T10:00:01.500Z',
    mode: 'frozen',
  });
  expect(await (await post('/_emulator/clock', { reset: true })).json()).toMatchObject({
    mode: 'running',
    offsetMs: 0,
  });
});

test('limits are shown and overridden, and the vendor adds admin calls of its own', async () => {
  expect(await (await post('/_emulator/limits', { perDay: 3 })).json()).toEqual({ perDay: 3 });
  expect((await post('/_emulator/burn', {})).status).toBe(204);
});

test('a webhook is signed for each attempt and retried on the emulator clock until it is accepted', async () => {
  const seen: string[] = [];
  const receiver = createServer((incoming, outgoing) => {
    seen.push(String(incoming.headers['x-signature']));
    outgoing.writeHead(seen.length < 3 ? 500 : 200).end();
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const { port } = receiver.address() as AddressInfo;
  const signing = await startEmulator({
    ...notebook,
    webhooks: {
      sign: ({ body, attempt }) => ({ 'x-signature': `${body.length}-${attempt}` }),
      retryDelaysMs: [1_000, 60_000],
      timeoutMs: 2_000,
    },
  });
  signing.clock.freeze();
  signing.webhooks.deliver({ url: `http://127.0.0.1:${port}/`, body: '{}' });
  await signing.webhooks.settled();
  signing.clock.advance(1_000);
  await signing.webhooks.settled();
  signing.clock.advance(60_000);
  await signing.webhooks.settled();
  expect(seen).toEqual(['2-1', '2-2', '2-3']);
  expect(signing.admin.webhooks()).toMatchObject([
    { state: 'delivered', attempts: [{ status: 500 }, { status: 500 }, { status: 200 }] },
  ]);
  await signing.close();
  receiver.close();
});
