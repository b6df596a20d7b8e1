/** The emulator, proven by calls that an independent client of OAuth 1.0a signs. */
import { createHmac } from 'node:crypto';
import Oauth from 'oauth-1.0a';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { startEmulator } from '../../emulators/core/index.ts';
import { xAdsEmulator } from '../../emulators/x-ads/index.ts';
import { DEFAULT_KEYS, DEFAULT_PIXEL, DEFAULT_PIXEL_TOKEN } from '../../emulators/x-ads/state.ts';

const start = () => startEmulator(xAdsEmulator);
let emulator: Awaited<ReturnType<typeof start>>;

beforeEach(async () => {
  emulator = await start();
});
afterEach(() => emulator.close());

const HASH = '5806dc6b2f04fb728708a8f7b81c14edcd4fba36f77914cf0c9368d9a3a25f76';

const aConversion = (change: object = {}) => ({
  conversion_time: '2026-11-21T11:00:00.000Z',
  event_id: 'tw-o8z6j-o87ne',
  identifiers: [{ hashed_email: HASH }],
  conversion_id: 'checkout_1',
  ...change,
});

function sign(url: string, keys: Partial<typeof DEFAULT_KEYS> = {}): Record<string, string> {
  const { consumerKey, consumerSecret, token, tokenSecret } = { ...DEFAULT_KEYS, ...keys };
  const oauth = new Oauth({
    consumer: { key: consumerKey, secret: consumerSecret },
    signature_method: 'HMAC-SHA1',
    hash_function: (base, key) => createHmac('sha1', key).update(base).digest('base64'),
  });
  const signed = oauth.authorize({ url, method: 'POST' }, { key: token, secret: tokenSecret });
  return { ...oauth.toHeader(signed) };
}

const urlOf = (pixel = DEFAULT_PIXEL, query = '') =>
  `${emulator.url}/12/measurement/conversions/${pixel}${query}`;

const errorsShape = z.object({
  errors: z.array(z.object({ code: z.string(), message: z.string(), parameter: z.string().optional() })),
});

async function post(conversions: readonly unknown[], headers: Record<string, string>, url = urlOf()) {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ conversions }),
  });
  const body: unknown = await answer.json();
  const parsed = errorsShape.safeParse(body);
  return {
    status: answer.status,
    headers: answer.headers,
    body,
    codes: parsed.success ? parsed.data.errors.map(({ code }) => code) : [],
    messages: parsed.success ? parsed.data.errors.map(({ message }) => message).join('\n') : '',
  };
}

const byToken = { 'x-pixel-token': DEFAULT_PIXEL_TOKEN };
const postByToken = (...conversions: readonly unknown[]) => post(conversions, byToken);

test('takes what another client of OAuth 1.0a signs, query and all', async () => {
  const answer = await post([aConversion()], sign(urlOf()));
  expect(answer).toMatchObject({
    status: 200,
    body: {
      request: { params: { account_id: expect.any(String) as string } },
      data: { conversions_processed: 1, debug_id: expect.stringMatching(/^[\da-f-]{36}$/) as string },
    },
  });
  const odd = urlOf(DEFAULT_PIXEL, "?b=2&a=it's%20(1)*!&a=%C3%A5");
  expect((await post([aConversion({ conversion_id: '2' })], sign(odd), odd)).status).toBe(200);
});

test.each<[string, Partial<Record<keyof typeof DEFAULT_KEYS, string>>]>([
  ['an unknown app', { consumerKey: 'who' }],
  ['a wrong secret of the app', { consumerSecret: 'guess' }],
  ['an unknown user', { token: 'who' }],
  ['a wrong secret of the user', { tokenSecret: 'guess' }],
])('refuses %s', async (_what, keys) => {
  const answer = await post([aConversion()], sign(urlOf(), keys as Partial<typeof DEFAULT_KEYS>));
  expect([answer.status, answer.codes]).toEqual([401, ['UNAUTHORIZED_ACCESS']]);
});

test('refuses no credentials, another token, a signature of another address, and one that was used', async () => {
  expect((await post([aConversion()], {})).status).toBe(401);
  expect((await post([aConversion()], { 'x-pixel-token': 'guess' })).status).toBe(401);
  expect((await post([aConversion()], sign(urlOf('other')))).status).toBe(401);
  const once = sign(urlOf());
  expect((await post([aConversion()], once)).status).toBe(200);
  expect((await post([aConversion()], once)).status).toBe(401);
});

test('refuses a user who may not report conversions', async () => {
  emulator.admin.seed({ users: [{ token: 'reader', secret: 'rs', role: 'ANALYST' }] });
  const keys = { ...DEFAULT_KEYS, token: 'reader', tokenSecret: 'rs' } as unknown as typeof DEFAULT_KEYS;
  const answer = await post([aConversion()], sign(urlOf(), keys));
  expect([answer.status, answer.codes]).toEqual([403, ['UNAUTHORIZED_CLIENT_APPLICATION']]);
});

test('refuses a signature of long ago when the switch says so', async () => {
  emulator.admin.setLimits({ switches: { clockSkewMsMax: 300_000 } });
  expect((await post([aConversion()], sign(urlOf()))).status).toBe(200);
  emulator.clock.advance(600_000);
  expect((await post([aConversion()], sign(urlOf()))).status).toBe(401);
});

test('a conversion counts once for its event', async () => {
  await postByToken(aConversion(), aConversion({ conversion_id: 'checkout_2' }));
  await postByToken(aConversion());
  expect(emulator.state.conversions.map(({ conversion_id }) => conversion_id)).toEqual([
    'checkout_1',
    'checkout_2',
  ]);
  expect(emulator.admin.state()).toMatchObject({ repetitionCount: 1 });
});

test('one bad row refuses the call, and every fault of every row is listed', async () => {
  const answer = await postByToken(
    aConversion(),
    aConversion({ conversion_time: undefined, identifiers: [{ ip_address: '192.0.2.7' }] }),
    aConversion({ identifiers: [{ hashed_email: 'asa@example.com' }] }),
  );
  expect([answer.status, answer.codes]).toEqual([
    400,
    ['MISSING_PARAMETER', 'INVALID_PARAMETER', 'INVALID_PARAMETER'],
  ]);
  expect(answer.messages).toContain('At least one user identifier must be provided');
  expect(answer.messages).toContain('is not a valid SHA-256 hash');
  expect(emulator.state.conversions).toEqual([]);
});

test.each<[string, object, string]>([
  ['a time without a zone', { conversion_time: '2026-11-21T11:00:00' }, 'conversion_time'],
  ['a currency by another name', { currency: 'SEK' }, 'currency'],
  ['a currency in words', { price_currency: 'kronor' }, 'price_currency'],
  ['a value in words', { value: 'much' }, 'value'],
  ['half an item', { number_items: 0.5 }, 'number_items'],
  ['a price as text', { contents: [{ content_price: '20.00' }] }, 'content_price'],
  ['an unhashed phone', { identifiers: [{ hashed_phone_number: '+46701234567' }] }, 'hashed_phone_number'],
  ['no event', { event_id: undefined }, 'event_id'],
])('refuses %s', async (_what, change, parameter) => {
  const answer = await postByToken(aConversion(change));
  expect(answer).toMatchObject({ status: 400, body: { errors: [{ parameter }] } });
});

test('takes a value as text, and the short form of the event', async () => {
  expect((await postByToken(aConversion({ value: '20.00', event_id: 'o87ne' }))).status).toBe(200);
});

test('tells an unknown pixel, an unknown event, and one that is not of a single kind', async () => {
  emulator.admin.seed({ pixels: [{ id: 'p2', events: [{ id: 'all', type: 'UWT' }], tokens: ['t2'] }] });
  const unknown = await post([aConversion()], sign(urlOf('p3')), urlOf('p3'));
  expect([unknown.status, unknown.codes]).toEqual([404, ['NOT_FOUND']]);
  const missing = await postByToken(aConversion({ event_id: 'o0000' }));
  expect([missing.status, missing.codes]).toEqual([404, ['WEB_EVENT_TAG_NOT_FOUND']]);
  const other = await post([aConversion({ event_id: 'all' })], { 'x-pixel-token': 't2' }, urlOf('p2'));
  expect([other.status, other.messages]).toEqual([400, 'Event tag all is not a single event tag (SET)']);
});

test('refuses 501 rows and none', async () => {
  const many = Array.from({ length: 501 }, (_, index) => aConversion({ conversion_id: String(index) }));
  expect((await postByToken(...many)).messages).toBe('Conversion count limit is 500');
  expect((await postByToken()).codes).toEqual(['MISSING_PARAMETER']);
});

test.each([
  ['events' as const, 2],
  ['requests' as const, 3],
])(
  'when it counts %s, the allowance is told in headers, and comes back at the reset',
  async (counts, left) => {
    emulator.clock.set(Date.parse('2026-11-21T12:05:00Z'));
    emulator.clock.freeze();
    emulator.admin.setLimits({ allowance: 4, switches: { counts } });
    const rows = [aConversion(), aConversion({ conversion_id: '2' })];
    const first = await postByToken(...rows);
    expect(first.headers.get('x-rate-limit-remaining')).toBe(String(left));
    expect(first.headers.get('x-rate-limit-reset')).toBe(String(Date.parse('2026-11-21T12:15:00Z') / 1000));
    expect(first.headers.get('date')).toBe('Sat, 21 Nov 2026 12:05:00 GMT');
    for (let spent = left; spent > 0; spent -= counts === 'events' ? 2 : 1) await postByToken(...rows);
    const refused = await postByToken(...rows);
    expect([refused.status, refused.codes]).toEqual([429, ['TOO_MANY_REQUESTS']]);
    emulator.clock.advance(600_000);
    expect((await postByToken(...rows)).status).toBe(200);
  },
);
