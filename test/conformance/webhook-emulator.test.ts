import { Webhook as SvixWebhook } from 'svix';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startEmulator } from '../../emulators/core/index.ts';
import { webhookEmulator } from '../../emulators/webhook/index.ts';

const start = () => startEmulator(webhookEmulator);
let emulator: Awaited<ReturnType<typeof start>>;

beforeEach(async () => {
  emulator = await start();
});
afterEach(() => emulator.close());

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const OTHER_SECRET = 'whsec_QjSK9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const RAW = JSON.stringify({
  eventType: 'checkout.1#confirm',
  vendorId: 'vendor_123',
  userId: 'user_456',
  checkoutId: 'checkout_345',
  occured_at: '2025-11-10T12:00:00Z',
});

interface Post {
  readonly path?: string;
  readonly id?: string;
  readonly body?: string;
  readonly secret?: string;
  readonly ageS?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Signed by the reference library of Standard Webhooks. */
function post({ path = '/hook', id = 'msg_1', body = RAW, secret = SECRET, ageS = 0, headers = {} }: Post) {
  const at = new Date(emulator.clock.now() - ageS * 1000);
  return fetch(`${emulator.url}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(secret).sign(id, at, body),
      ...headers,
    },
    body,
    redirect: 'manual',
  });
}

const problems = () => emulator.state.received.map((one) => one.problems);

test('a message that the reference libraries sign is taken, and nothing is wrong with it', async () => {
  emulator.admin.seed({ endpoints: [{ path: '/hook', secrets: [SECRET] }] });
  expect((await post({})).status).toBe(200);
  const at = new Date(emulator.clock.now());
  const signature = new SvixWebhook(SECRET).sign('msg_2', at, RAW);
  expect((await post({ id: 'msg_2', headers: { 'webhook-signature': signature } })).status).toBe(200);
  expect(emulator.state.received).toMatchObject([
    { isSigned: true, signatureCount: 1, problems: [], messageId: 'msg_1' },
    { isSigned: true, problems: [] },
  ]);
});

test.each<readonly [string, Post, string]>([
  ['with another secret', { secret: OTHER_SECRET }, 'no entry of webhook-signature fits'],
  ['too old', { ageS: 301 }, 'webhook-timestamp is 301 s old'],
  ['from the future', { ageS: -302 }, 'webhook-timestamp is -302 s old'],
  ['with a signature of another kind', { headers: { 'webhook-signature': 'v1a,AAAA' } }, 'no entry'],
  ['without a signature', { headers: { 'webhook-signature': '' } }, 'webhook-signature is missing'],
  ['with a time that is none', { headers: { 'webhook-timestamp': 'now' } }, 'not in whole seconds'],
  ['with a full stop in its id', { id: 'msg.1' }, 'full stop'],
])('a message %s is refused', async (_what, given, problem) => {
  emulator.clock.freeze();
  emulator.admin.seed({ endpoints: [{ path: '/hook', secrets: [SECRET] }] });
  expect((await post(given)).status).toBe(401);
  expect(problems()).toEqual([[expect.stringContaining(problem) as string]]);
});

test('one of two signatures is enough while a secret is being changed, and both count', async () => {
  emulator.admin.seed({ endpoints: [{ path: '/hook', secrets: [OTHER_SECRET] }] });
  const at = new Date(emulator.clock.now());
  const both = [SECRET, OTHER_SECRET].map((secret) => new Webhook(secret).sign('msg_1', at, RAW)).join(' ');
  expect((await post({ headers: { 'webhook-signature': both } })).status).toBe(200);
  expect(emulator.state.received).toMatchObject([{ isSigned: true, signatureCount: 2 }]);
});

test('an endpoint with headers of its own refuses a call that lacks them', async () => {
  emulator.admin.seed({ endpoints: [{ path: '/hook', headers: { Authorization: 'Bearer t' } }] });
  expect((await post({})).status).toBe(401);
  expect((await post({ headers: { authorization: 'Bearer t' } })).status).toBe(200);
  expect(problems()).toEqual([['the header authorization is missing or wrong'], []]);
});

test('every mode answers as it is called, in the order of the script, and then as usual', async () => {
  const answers = ['204', '301', '400', '408', '410', '429', '500', 'huge', 'slow'] as const;
  emulator.admin.seed({ endpoints: [{ path: '/hook', answers: [...answers], usual: '200' }] });
  emulator.clock.freeze();
  const statuses: number[] = [];
  for (const mode of answers) {
    const posted = post({ id: `msg_${mode}` });
    if (mode === 'slow') {
      await expect.poll(() => emulator.state.received.length).toBe(answers.length);
      emulator.clock.advance(2_000);
    }
    const answer = await posted;
    statuses.push(answer.status);
    const text = await answer.text();
    if (mode === 'huge') expect(text.length).toBe(1024 * 1024);
    if (mode === '301') expect(answer.headers.get('location')).toBe('/elsewhere');
    if (mode === '429') expect(answer.headers.get('retry-after')).toBe('5');
  }
  statuses.push((await post({ id: 'msg_last' })).status);
  expect(statuses).toEqual([204, 301, 400, 408, 410, 429, 500, 200, 200, 200]);
});

test('a receiver that hangs has what it was sent', async () => {
  emulator.admin.seed({ endpoints: [{ path: '/hook', usual: 'hang' }] });
  const leave = new AbortController();
  const posted = fetch(`${emulator.url}/hook`, { method: 'POST', body: RAW, signal: leave.signal });
  await expect.poll(() => emulator.state.received.length).toBe(1);
  leave.abort();
  await expect(posted).rejects.toThrow('aborted');
});

test('a message may come again, and not with another body', async () => {
  await post({});
  await post({});
  await post({ body: RAW.replace('user_456', 'user_457') });
  expect(problems()).toEqual([[], [], ['a message came again under its id with another body']]);
});

test.each([
  [
    'an event that is not forwarded',
    { eventType: 'entitlement.1#new', userId: 'u', occured_at: '2025-11-10T12:00:00Z' },
    'eventType',
  ],
  [
    'an event in another spelling',
    { eventType: 'contract.1#update', userId: 'u', occurred_at: 'x' },
    'occured_at',
  ],
  ['a type with a hash', { type: 'checkout.1#confirm', timestamp: '2025-11-10T12:00:00Z', data: {} }, 'type'],
])('%s is reported', async (_what, body, field) => {
  await post({ body: JSON.stringify(body) });
  expect(problems()).toEqual([[expect.stringContaining(field) as string]]);
});

test('the report counts calls, messages and problems of each endpoint', async () => {
  emulator.admin.seed({ endpoints: [{ path: '/hook', secrets: [SECRET], answers: ['500'] }] });
  await post({});
  await post({});
  await post({ path: '/elsewhere/deeper', secret: OTHER_SECRET });
  const answer = await fetch(`${emulator.url}/_emulator/report`);
  expect(await answer.json()).toEqual({
    endpoints: [
      { path: '/hook', calls: 2, messages: 1, signed: 2, statuses: { '500': 1, '200': 1 }, problems: {} },
      { path: '/elsewhere/deeper', calls: 1, messages: 1, signed: 0, statuses: { '200': 1 }, problems: {} },
    ],
  });
});
