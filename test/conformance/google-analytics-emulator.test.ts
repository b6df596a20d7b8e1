/** The emulator of the Measurement Protocol, rule by rule: Google publishes no client, so its reference speaks. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startEmulator } from '../../emulators/core/index.ts';
import { googleAnalyticsEmulator } from '../../emulators/google-analytics/index.ts';
import { getJson } from '../support/emulator-client.ts';

const NOW_MS = Date.parse('2026-11-21T12:00:00Z');
const HOUR_MICROS = 3_600_000_000;

const start = () => startEmulator(googleAnalyticsEmulator);
let emulator: Awaited<ReturnType<typeof start>>;

beforeAll(async () => {
  emulator = await start();
});
afterAll(() => emulator.close());
beforeEach(() => {
  emulator.admin.reset();
  emulator.clock.freeze();
  emulator.clock.set(NOW_MS);
});

const STREAM = '?measurement_id=G-EMULATOR1&api_secret=emulator-secret';

async function post(path: string, body: unknown, query = STREAM) {
  const answer = await fetch(emulator.url + path + query, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: answer.status, text: await answer.text() };
}

interface Message {
  readonly fieldPath?: string;
  readonly description: string;
  readonly validationCode: string;
}

async function debug(body: unknown, query = STREAM): Promise<readonly Message[]> {
  const { status, text } = await post('/debug/mp/collect', body, query);
  expect(status).toBe(200);
  return (JSON.parse(text) as { validationMessages: Message[] }).validationMessages;
}

const PARAMS = { transaction_id: 'T1', value: 9.5, currency: 'EUR', items: [{ item_id: 'A', price: 9.5 }] };
const hit = (params: object = PARAMS, more: object = {}) => ({
  client_id: '1.2',
  events: [{ name: 'purchase', params }],
  ...more,
});
const event = (name: string, params: object = {}) => ({ client_id: '1.2', events: [{ name, params }] });
const many = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${String(index)}`, 1]));

test('what is right has no messages', async () => {
  expect(await debug(hit())).toEqual([]);
});

test.each<[string, unknown, string, string | undefined]>([
  ['no JSON', '{"client_id": ', 'VALUE_INVALID', ''],
  ['no client', { events: [{ name: 'purchase', params: PARAMS }] }, 'VALUE_REQUIRED', 'client_id'],
  ['no events', { client_id: '1.2', events: [] }, 'VALUE_REQUIRED', 'events'],
  [
    '26 events',
    { client_id: '1.2', events: Array.from({ length: 26 }, () => ({ name: 'a' })) },
    'EXCEEDED_MAX_ENTITIES',
    'events',
  ],
  ['an unknown key', hit(PARAMS, { colour: 'red' }), 'VALUE_INVALID', 'colour'],
  ['a name that starts with a digit', event('1st'), 'NAME_INVALID', 'events'],
  ['a reserved name', event('session_start'), 'NAME_RESERVED', 'events'],
  ['a name of 41 letters', event('a'.repeat(41)), 'VALUE_OUT_OF_BOUNDS', 'events'],
  ['a reserved parameter', event('a', { ga_x: 1 }), 'NAME_RESERVED', 'events.params.ga_x'],
  ['26 parameters', event('a', many(26)), 'EXCEEDED_MAX_ENTITIES', 'events.params'],
  ['a value of 101 characters', event('a', { b: 'c'.repeat(101) }), 'VALUE_OUT_OF_BOUNDS', 'events.params.b'],
  ['a value that is an object', event('a', { b: {} }), 'VALUE_INVALID', 'events.params.b'],
  ['a value that is null', event('a', { b: null }), 'VALUE_INVALID', 'events.params.b'],
  [
    'no transaction',
    hit({ ...PARAMS, transaction_id: undefined }),
    'VALUE_REQUIRED',
    'events.params.transaction_id',
  ],
  [
    'a value without currency',
    hit({ ...PARAMS, currency: undefined }),
    'VALUE_REQUIRED',
    'events.params.currency',
  ],
  ['a currency that is none', hit({ ...PARAMS, currency: 'kr' }), 'VALUE_INVALID', 'events.params.currency'],
  ['a value in words', hit({ ...PARAMS, value: 'nine' }), 'VALUE_INVALID', 'events.params.value'],
  ['no items', hit({ ...PARAMS, items: [] }), 'VALUE_REQUIRED', 'events.params.items'],
  [
    'an item without name and id',
    hit({ ...PARAMS, items: [{ price: 1 }] }),
    'VALUE_REQUIRED',
    'events.params.items[0]',
  ],
  [
    'a price with its sign',
    hit({ ...PARAMS, items: [{ item_id: 'A', price: '$19' }] }),
    'INTERNAL_ERROR',
    undefined,
  ],
  ['a user id that is too long', hit(PARAMS, { user_id: 'u'.repeat(257) }), 'VALUE_OUT_OF_BOUNDS', 'user_id'],
  [
    'consent in other words',
    hit(PARAMS, { consent: { ad_user_data: 'YES' } }),
    'VALUE_INVALID',
    'consent.ad_user_data',
  ],
  [
    'a time of the future',
    hit(PARAMS, { timestamp_micros: NOW_MS * 1_000 + HOUR_MICROS }),
    'VALUE_OUT_OF_BOUNDS',
    'timestamp_micros',
  ],
  [
    'a time that is none',
    hit(PARAMS, { timestamp_micros: 'yesterday' }),
    'VALUE_INVALID',
    'timestamp_micros',
  ],
  [
    'a time of last week, strictly',
    hit(PARAMS, {
      timestamp_micros: NOW_MS * 1_000 - 168 * HOUR_MICROS,
      validation_behavior: 'ENFORCE_RECOMMENDATIONS',
    }),
    'VALUE_OUT_OF_BOUNDS',
    'timestamp_micros',
  ],
  [
    'a user property that is reserved',
    hit(PARAMS, { user_properties: { user_id: { value: 'x' } } }),
    'NAME_RESERVED',
    'user_properties.user_id',
  ],
  [
    'a user property that is too long',
    hit(PARAMS, { user_properties: { a: { value: 'x'.repeat(37) } } }),
    'VALUE_OUT_OF_BOUNDS',
    'user_properties.a',
  ],
])(
  '%s is told by the debug endpoint, and taken without a word by the collector',
  async (_what, body, code, path) => {
    expect(await debug(body)).toMatchObject([
      { validationCode: code, ...(path === undefined ? {} : { fieldPath: path }) },
    ]);
    expect(await post('/mp/collect', body)).toEqual({ status: 204, text: '' });
    expect(await getJson(`${emulator.url}/_emulator/report`)).toMatchObject({
      hits: 1,
      counted: 0,
      dropped: [{ violations: [{ validationCode: code }] }],
    });
  },
);

test('a bad name is told in the words of Google', async () => {
  const [message] = await debug(event('_bad'));
  expect(message?.description).toMatch(
    /^Event at index: \[0\] has invalid name \[_bad\]\. Names must start with/,
  );
});

test.each([
  ['an unknown stream', '?measurement_id=G-OTHER&api_secret=emulator-secret', 'no such stream'],
  ['another secret', '?measurement_id=G-EMULATOR1&api_secret=wrong', 'wrong api_secret'],
])('%s is no matter to the debug endpoint, and counts for nothing', async (_what, query, reason) => {
  expect(await debug(hit(), query)).toEqual([]);
  expect((await post('/mp/collect', hit(), query)).status).toBe(204);
  expect(await getJson(`${emulator.url}/_emulator/report`)).toMatchObject({
    counted: 0,
    dropped: [{ reason }],
  });
});

test('a purchase that comes twice is counted once, for each user apart', async () => {
  await post('/mp/collect', hit());
  await post('/mp/collect', hit());
  await post('/mp/collect', hit(PARAMS, { client_id: '3.4' }));
  expect(await getJson(`${emulator.url}/_emulator/report`)).toMatchObject({
    hits: 3,
    purchases: 2,
    repeats: 1,
  });
});

test('an old time is pulled forward to 72 hours ago', async () => {
  await post('/mp/collect', hit(PARAMS, { timestamp_micros: NOW_MS * 1_000 - 100 * HOUR_MICROS }));
  expect([...emulator.state.purchases.values()]).toMatchObject([{ at: '2026-11-18T12:00:00.000Z' }]);
});

test('a body of 130 kB is too large to be counted', async () => {
  const items = Array.from({ length: 199 }, () => ({
    ...Object.fromEntries(Array.from({ length: 7 }, (_, index) => [`p${String(index)}`, 'x'.repeat(99)])),
    item_id: 'A',
  }));
  expect(await debug(hit({ ...PARAMS, items }))).toMatchObject([
    { validationCode: 'VALUE_OUT_OF_BOUNDS', fieldPath: '' },
  ]);
});
