/** The emulator, proven by Meta's own client. */
import businessSdk from 'facebook-nodejs-business-sdk';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { startEmulator } from '../../emulators/core/index.ts';
import { metaEmulator } from '../../emulators/meta/index.ts';
import { DEFAULT_DATASET, DEFAULT_TOKEN } from '../../emulators/meta/state.ts';

const { CrashReporter, CustomData, EventRequest, FacebookAdsApi, ServerEvent, UserData } = businessSdk;

const start = () => startEmulator(metaEmulator);
let emulator: Awaited<ReturnType<typeof start>>;

beforeEach(async () => {
  emulator = await start();
  Object.defineProperty(FacebookAdsApi, 'GRAPH', { configurable: true, get: () => emulator.url });
});
afterEach(async () => {
  // It would report this process's crashes to Meta.
  CrashReporter.disable();
  await emulator.close();
});

const DAY_S = 86_400;
const nowS = () => Math.floor(emulator.clock.now() / 1000);

function aPurchase(id: string) {
  return new ServerEvent()
    .setEventName('Purchase')
    .setEventTime(nowS())
    .setEventId(id)
    .setActionSource('website')
    .setEventSourceUrl('https://www.example.com/thanks')
    .setUserData(new UserData().setEmail('asa@example.com').setClientUserAgent('Mozilla/5.0'))
    .setCustomData(new CustomData().setValue(99.5).setCurrency('SEK'));
}

function send(events: InstanceType<typeof ServerEvent>[], token = DEFAULT_TOKEN, testCode?: string) {
  const request = new EventRequest(token, DEFAULT_DATASET, events);
  if (testCode !== undefined) request.setTestEventCode(testCode);
  return request.execute();
}

const refusal = z.object({
  status: z.number(),
  response: z.object({
    message: z.string(),
    type: z.string(),
    code: z.number(),
    error_subcode: z.number().optional(),
    error_user_title: z.string().optional(),
    fbtrace_id: z.string(),
  }),
});

async function refused(sending: Promise<unknown>) {
  return sending.then(
    () => expect.unreachable('the call was taken'),
    (error: unknown) => refusal.parse(error),
  );
}

test('takes what the client sends, and counts each event once within two days', async () => {
  const answer = await send([aPurchase('checkout_1'), aPurchase('checkout_2')]);
  expect(answer.events_received).toBe(2);
  await send([aPurchase('checkout_1')]);
  expect(emulator.state.events.map(({ event_id }) => event_id)).toEqual(['checkout_1', 'checkout_2']);
  expect(emulator.state.repetitions).toHaveLength(1);
  emulator.clock.advance(2 * DAY_S * 1000);
  await send([aPurchase('checkout_1')]);
  expect(emulator.state.events).toHaveLength(3);
  expect(emulator.admin.requests().map(({ path }) => path)).toContain(`/v24.0/${DEFAULT_DATASET}/events`);
  expect(emulator.state.remarks).toEqual([]);
});

test('shows what came with a test code, which counts too', async () => {
  await send([aPurchase('checkout_1')], DEFAULT_TOKEN, 'TEST1');
  expect(emulator.admin.state()).toMatchObject({
    events: [{ event_id: 'checkout_1' }],
    testEvents: [{ testEventCode: 'TEST1' }],
  });
});

test('one bad event refuses its whole request', async () => {
  const stale = aPurchase('stale').setEventTime(nowS() - 7 * DAY_S - 60);
  const answer = await refused(send([aPurchase('good'), stale]));
  expect(answer).toMatchObject({
    status: 400,
    response: { code: 100, error_subcode: 2804003, error_user_title: 'Event Timestamp Too Old' },
  });
  expect(emulator.state.events).toEqual([]);
});

test.each<[string, (event: InstanceType<typeof ServerEvent>) => unknown, number]>([
  ['no value', (event) => event.setCustomData(new CustomData().setCurrency('SEK')), 2804009],
  ['nobody', (event) => event.setUserData(new UserData().setCity('malmö').setClientUserAgent('x')), 2804050],
  ['no browser', (event) => event.setUserData(new UserData().setEmail('asa@example.com')), 2804048],
  ['a time ahead', (event) => event.setEventTime(nowS() + 3600), 2804007],
  ['a time in milliseconds', (event) => event.setEventTime(nowS() * 1000), 2804007],
])('refuses an event with %s', async (_what, spoil, subcode) => {
  const event = aPurchase('checkout_1');
  spoil(event);
  expect((await refused(send([event]))).response).toMatchObject({ code: 100, error_subcode: subcode });
});

test('refuses a thousand and one events, unknown tokens, expired ones, and datasets of others', async () => {
  const many = Array.from({ length: 1001 }, (_, index) => aPurchase(String(index)));
  expect((await refused(send(many))).response.code).toBe(100);
  expect((await refused(send([aPurchase('1')], 'nonsense'))).response.code).toBe(190);
  emulator.admin.seed({
    tokens: [
      { token: 'old', state: 'expired' },
      { token: 'other', datasets: ['1'] },
    ],
  });
  expect((await refused(send([aPurchase('1')], 'old'))).response.error_subcode).toBe(463);
  expect((await refused(send([aPurchase('1')], 'other'))).response.error_subcode).toBe(33);
});

test('throttles with a status that is no 429, and the minutes to wait', async () => {
  emulator.admin.setLimits({ callsPerHour: 1 });
  await send([aPurchase('1')]);
  expect(await refused(send([aPurchase('2')]))).toMatchObject({ status: 400, response: { code: 17 } });
  emulator.clock.advance(3_600_000);
  await send([aPurchase('2')]);
});

async function post(body: unknown, headers: Record<string, string> = {}) {
  const answer = await fetch(`${emulator.url}/v26.0/${DEFAULT_DATASET}/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${DEFAULT_TOKEN}`, 'content-type': 'application/json', ...headers },
    body: body instanceof URLSearchParams ? body : JSON.stringify(body),
  });
  const answered: unknown = await answer.json();
  return { status: answer.status, body: answered };
}

const plain = () => ({
  event_name: 'Lead',
  event_time: nowS(),
  action_source: 'other',
  user_data: { em: 'asa@example.com', fbp: 'nonsense', external_id: 'user_456' },
});

test('remarks on values that help nobody, and takes hashes with a mark behind them', async () => {
  expect((await post({ data: [plain()] })).status).toBe(200);
  const fields = emulator.state.remarks.map(({ field }) => field);
  expect(fields).toEqual(['event_id', 'user_data.em', 'user_data.fbp']);
  const marked = { ...plain(), event_id: '1', user_data: { em: [`${'a1'.repeat(32)}.AQQCAQMC`] } };
  await post({ data: [marked] });
  expect(emulator.state.remarks).toHaveLength(3);
});

test('takes a form whose data is JSON, with the token in it', async () => {
  const form = new URLSearchParams({ data: JSON.stringify([plain()]), access_token: DEFAULT_TOKEN });
  const type = { 'content-type': 'application/x-www-form-urlencoded', authorization: '' };
  expect(await post(form, type)).toMatchObject({ status: 200, body: { events_received: 1 } });
  expect(
    (await post(new URLSearchParams({ data: 'x' }), { ...type, authorization: `Bearer ${DEFAULT_TOKEN}` }))
      .status,
  ).toBe(400);
});

test('website events without a browser are remarked on only, when the switch says so', async () => {
  emulator.admin.setLimits({ switches: { requireUserAgent: false } });
  const event = { ...plain(), action_source: 'website', event_source_url: 'https://example.com' };
  expect((await post({ data: [event] })).status).toBe(200);
  expect(emulator.state.remarks).toContainEqual(
    expect.objectContaining({ field: 'user_data.client_user_agent' }),
  );
});
