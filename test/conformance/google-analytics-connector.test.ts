/** The purchases preset and its action against the emulator: what is counted, what is refused before it leaves. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startEmulator } from '../../emulators/core/index.ts';
import { googleAnalyticsEmulator } from '../../emulators/google-analytics/index.ts';
import { DEFAULT_STREAM } from '../../emulators/google-analytics/state.ts';
import { sendPurchase } from '../../src/connectors/google-analytics/actions/send-purchase.ts';
import { clientIdOf } from '../../src/connectors/google-analytics/client-id.ts';
import { googleAnalytics } from '../../src/connectors/google-analytics/index.ts';
import { purchases } from '../../src/connectors/google-analytics/presets/purchases.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import type { Outcome } from '../../src/kernel/outcome.ts';
import { ConnectionClient, drive, preview, RecordClaims } from '../../src/outbound/index.ts';
import type { Exchange } from '../../src/outbound/index.ts';
import { checkoutConfirmedSchema } from '../../src/subscribers/index.ts';
import { aCache } from '../support/drive-steps.ts';
import { makeLeapingClock } from '../support/leaping-clock.ts';

const NOW = '2026-11-21T12:00:00.000Z';
const HOUR_MS = 3_600_000;

const clock = makeLeapingClock(Date.parse(NOW));
const start = () => startEmulator(googleAnalyticsEmulator, { clock });
let emulator: Awaited<ReturnType<typeof start>>;
let client: ConnectionClient;
let settings: ReturnType<typeof googleAnalytics.settings.parse>;
let exchanges: Exchange[] = [];

beforeAll(async () => {
  emulator = await start();
  const { measurementId: measurement_id, apiSecret: api_secret } = DEFAULT_STREAM;
  settings = googleAnalytics.settings.parse({ measurement_id, api_secret, base_url: emulator.url });
  client = new ConnectionClient({ connector: googleAnalytics, settings, clock, privateAddresses: true });
});
afterAll(async () => {
  await client.close();
  await emulator.close();
});
beforeEach(() => {
  emulator.admin.reset();
  exchanges = [];
});

const ATTRIBUTION = {
  gaCookie: 'GA1.1.1234567890.1700000000',
  utmSource: 'newsletter',
  utmMedium: 'email',
  utmCampaign: 'autumn',
  utmTerm: 'magazine',
  utmContent: 'top',
};

const CHECKOUT = {
  id: 'checkout_345',
  price: 118,
  currency: 'sek',
  tax: 7.08,
  items: [
    { sku: 'MAG-001', optionId: 'po-123', price: 99, currency: 'SEK' },
    { sku: 'ART-9', price: 19, currency: 'SEK' },
  ],
  discountCodes: [
    { code: 'AUTUMN', isApplied: true },
    { code: 'EXPIRED', isApplied: false },
    { code: 'FRIEND', isApplied: true },
  ],
};

const PRODUCTS = [
  {
    sku: 'MAG-001',
    title: 'Premium Magazine',
    type: 'publication',
    options: [{ id: 'po-123', title: 'Monthly' }],
  },
  { sku: 'ART-9', title: 'The long read', type: 'article' },
];

interface Given {
  readonly checkout?: object;
  readonly attribution?: object | null;
  readonly person?: object;
  readonly products?: readonly object[];
  readonly occurredAt?: string;
}

function inputOf(given: Given = {}): ReturnType<typeof sendPurchase.input.parse> {
  const {
    checkout = {},
    attribution = ATTRIBUTION,
    person = {},
    products = PRODUCTS,
    occurredAt = NOW,
  } = given;
  const confirmed = checkoutConfirmedSchema.parse({
    checkout: { ...CHECKOUT, ...checkout },
    products,
    attribution,
    person: { userId: 'email|u1', email: 'asa@example.com', ...person },
    phones: {},
    addresses: { billing: null, delivery: null },
    causes: [],
  });
  const payload = JSON.parse(JSON.stringify(confirmed)) as JsonObject;
  const place = { position: 1, id: 'e1', source: 'sesamy', name: null, personKey: 'email|u1' };
  const event = {
    ...place,
    type: 'checkout.confirmed' as const,
    occurredAt,
    receivedAt: occurredAt,
    payload,
  };
  const mapped = purchases.map(event, sendPurchase.options.parse({}));
  if (mapped.kind !== 'input') throw new Error('The preset mapped nothing.');
  return sendPurchase.input.parse(mapped.input);
}

function stepsOf(given: Given, options: object) {
  const context = {
    settings,
    options: sendPurchase.options.parse(options),
    cache: aCache(),
    nowMs: emulator.clock.now(),
  };
  return sendPurchase.deliver([{ input: inputOf(given), traceId: '1', attempt: 1 }], context);
}

async function deliver(given: Given = {}, options: object = {}): Promise<Outcome | undefined> {
  const driven = await drive(stepsOf(given, options), {
    client,
    claims: new RecordClaims(),
    signal: new AbortController().signal,
    onExchange: (exchange) => exchanges.push(exchange),
  });
  if (driven.kind === 'failed') return driven.failure;
  return driven.kind === 'returned' ? driven.result[0] : undefined;
}

const counted = () => [...emulator.state.purchases.values()];
const dropped = () => emulator.state.hits.filter(({ fate }) => fate === 'dropped');

test('a checkout is counted with items, tax, coupons and campaign, in the visit of its browser', async () => {
  expect(await deliver()).toEqual({ kind: 'delivered', remoteId: 'checkout_345' });
  expect(dropped()).toEqual([]);
  expect(counted()).toEqual([
    {
      measurementId: 'G-EMULATOR1',
      clientId: '1234567890.1700000000',
      userId: 'email|u1',
      at: NOW,
      repeats: 0,
      params: {
        transaction_id: 'checkout_345',
        engagement_time_msec: 1,
        value: 118,
        currency: 'SEK',
        tax: 7.08,
        coupon: 'AUTUMN,FRIEND',
        source: 'newsletter',
        medium: 'email',
        campaign: 'autumn',
        term: 'magazine',
        content: 'top',
        items: [
          {
            item_id: 'MAG-001',
            item_name: 'Premium Magazine',
            item_variant: 'Monthly',
            item_category: 'publication',
            price: 99,
            quantity: 1,
          },
          { item_id: 'ART-9', item_name: 'The long read', item_category: 'article', price: 19, quantity: 1 },
        ],
      },
    },
  ]);
});

test('what the checkout does not tell is left out, and the person is the client', async () => {
  const bare = { price: null, currency: null, tax: null, discountCodes: [], items: [{ sku: 'MAG-001' }] };
  const outcome = await deliver({ checkout: bare, attribution: null, products: [] });
  expect(outcome).toMatchObject({ kind: 'delivered', notes: [expect.stringContaining('no price')] });
  const [purchase] = counted();
  expect(purchase?.clientId).toMatch(/^\d+\.\d+$/);
  expect(purchase?.params).toEqual({
    transaction_id: 'checkout_345',
    engagement_time_msec: 1,
    items: [{ item_id: 'MAG-001', item_name: 'MAG-001', quantity: 1 }],
  });
});

test('a gift is a purchase of the one who pays, as is the browser whose cookie comes with it', async () => {
  const gift = (id: string, payer: object, attribution: object | null = ATTRIBUTION) =>
    deliver({ checkout: { id, payer }, attribution });
  await gift('for_a_friend', { id: 'email|giver', email: 'giver@example.com' });
  await gift('without_cookie', { id: 'email|giver', email: 'giver@example.com' }, null);
  await gift('by_a_stranger', { id: null, email: 'stranger@example.com' }, null);
  await gift('for_oneself', { id: 'email|u1', email: 'asa@example.com' }, null);
  expect(counted()).toMatchObject([
    { userId: 'email|giver', clientId: '1234567890.1700000000' },
    { userId: 'email|giver', clientId: clientIdOf('email|giver') },
    { userId: null, clientId: clientIdOf('by_a_stranger') },
    { userId: 'email|u1', clientId: clientIdOf('email|u1') },
  ]);
});

test('a price in another currency than that of the order is left out', async () => {
  await deliver({ checkout: { items: [{ sku: 'MAG-001', price: 9, currency: 'EUR' }] } });
  expect(counted()[0]?.params['items']).toEqual([
    { item_id: 'MAG-001', item_name: 'Premium Magazine', item_category: 'publication', quantity: 1 },
  ]);
});

test('sent again, a purchase is counted once, and its key is that of the checkout', async () => {
  await deliver();
  await deliver();
  expect(counted()).toMatchObject([{ repeats: 1 }]);
  expect(sendPurchase.once?.(inputOf(), sendPurchase.options.parse({}))).toBe('checkout_345');
});

test('an address in place of a user id does not leave, and long words are cut', async () => {
  const outcome = await deliver({
    person: { userId: 'asa@example.com' },
    attribution: { ...ATTRIBUTION, utmCampaign: 'x'.repeat(99) + '🎉' },
  });
  expect(outcome).toMatchObject({
    notes: [
      'user_id was left out: it looks like an e-mail address, which Google forbids.',
      'campaign was cut to 100 characters.',
    ],
  });
  expect(counted()).toMatchObject([{ userId: null, params: { campaign: 'x'.repeat(99) } }]);
});

test.each([
  ['no items', { items: [] }, 'events.params.items is required (VALUE_REQUIRED)'],
  [
    'a currency that is none',
    { currency: 'kronor' },
    'events.params.currency is no ISO 4217 code (VALUE_INVALID)',
  ],
  [
    'an id that is too long',
    { id: 'c'.repeat(101) },
    'events.params.transaction_id is longer than 100 characters (VALUE_OUT_OF_BOUNDS)',
  ],
  [
    'an item without a name',
    { items: [{}] },
    'events.params.items[0] needs item_id or item_name (VALUE_REQUIRED)',
  ],
  [
    'more items than Google takes',
    { items: Array.from({ length: 201 }, () => ({ sku: 'A' })) },
    'events.params.items has more than 200 items (EXCEEDED_MAX_ENTITIES)',
  ],
])('a purchase with %s never leaves', async (_what, checkout, said) => {
  expect(await deliver({ checkout })).toEqual({
    kind: 'rejected',
    fault: {
      code: 'google-analytics.invalid_purchase',
      message: `Google would count nothing of it: ${said}.`,
    },
  });
  expect(emulator.admin.countRequests()).toBe(0);
});

test('all that is wrong is said at once', async () => {
  const outcome = await deliver({
    checkout: { items: [], currency: '?' },
    person: { userId: 'u'.repeat(257) },
  });
  expect(outcome).toMatchObject({ kind: 'rejected' });
  const message = outcome?.kind === 'rejected' ? outcome.fault.message : '';
  expect(message.match(/\([A-Z_]+\)/g)).toEqual([
    '(VALUE_OUT_OF_BOUNDS)',
    '(VALUE_INVALID)',
    '(VALUE_REQUIRED)',
  ]);
});

test('a purchase older than 72 hours is rejected, or counted as one of 72 hours ago when the flow says so', async () => {
  const late = { occurredAt: new Date(Date.parse(NOW) - 73 * HOUR_MS).toISOString() };
  emulator.clock.freeze();
  emulator.clock.set(Date.parse(NOW));
  expect(await deliver(late)).toMatchObject({
    kind: 'rejected',
    fault: { message: expect.stringContaining('timestamp_micros is older than 72 hours') as string },
  });
  expect(await deliver(late, { older_than_72h: 'pull_forward' })).toMatchObject({ kind: 'delivered' });
  expect(counted()).toMatchObject([{ at: new Date(Date.parse(NOW) - 72 * HOUR_MS).toISOString() }]);
  expect(emulator.state.hits).toMatchObject([{ isPulledForward: true, fate: 'counted' }]);
});

test('a time of the future is now', async () => {
  emulator.clock.freeze();
  emulator.clock.set(Date.parse(NOW));
  await deliver({ occurredAt: '2026-11-21T12:05:00.000Z' });
  expect(counted()).toMatchObject([{ at: NOW }]);
});

test('a dry run asks Google, counts nothing, and may be followed by the real thing', async () => {
  expect(await deliver({}, { dry_run: true })).toMatchObject({
    kind: 'delivered',
    notes: ['Dry run: Google finds it valid; nothing was counted.'],
  });
  expect(emulator.admin.requests()).toMatchObject([
    { path: '/debug/mp/collect', body: { validation_behavior: 'ENFORCE_RECOMMENDATIONS' } },
  ]);
  expect(emulator.state.hits).toEqual([]);
  expect(sendPurchase.once?.(inputOf(), sendPurchase.options.parse({ dry_run: true }))).toBeUndefined();
});

test('what Google finds in a dry run is told by field and code, without the values that it quotes', async () => {
  const description = 'Event at index: [0] has invalid name [asa@example.com].';
  const found = { fieldPath: 'events', description, validationCode: 'NAME_INVALID' };
  emulator.admin.addFault({ path: '/debug/*', status: 200, body: { validationMessages: [found] } });
  expect(await deliver({}, { dry_run: true })).toMatchObject({
    kind: 'rejected',
    fault: { message: 'Google would count nothing of it: events: NAME_INVALID.' },
  });
});

test('no record of a call holds the secret, and Google gets it', async () => {
  await deliver();
  expect(emulator.admin.requests()).toMatchObject([
    { query: { measurement_id: 'G-EMULATOR1', api_secret: `…${DEFAULT_STREAM.apiSecret.slice(-4)}` } },
  ]);
  expect(exchanges[0]?.url).toContain('measurement_id=G-EMULATOR1');
  expect(JSON.stringify(exchanges)).not.toContain(DEFAULT_STREAM.apiSecret);
});

test('a preview shows the call, what was changed, and what Google would find, without any call', () => {
  const shown = (given: Given) => {
    const input = inputOf(given);
    return preview(stepsOf(given, {}), { connector: googleAnalytics, settings, input, answers: [] });
  };
  const { calls, end } = shown({ attribution: { ...ATTRIBUTION, gaCookie: 'nonsense' } });
  expect(calls).toMatchObject([{ method: 'POST', body: { events: [{ name: 'purchase' }] } }]);
  expect(JSON.stringify(calls)).not.toContain(DEFAULT_STREAM.apiSecret);
  expect(end).toMatchObject({ result: [{ notes: [expect.stringContaining('_ga cookie')] }] });
  expect(shown({ checkout: { items: [] } }).end).toMatchObject({
    result: [{ kind: 'rejected', fault: { code: 'google-analytics.invalid_purchase' } }],
  });
  expect(emulator.admin.countRequests()).toBe(0);
});

test.each([
  ['global', 'https://www.google-analytics.com'],
  ['eu', 'https://region1.google-analytics.com'],
])('the region %s is at %s', (region, url) => {
  const parsed = googleAnalytics.settings.parse({
    measurement_id: 'g-abc123',
    api_secret: 'x'.repeat(20),
    region,
  });
  expect(googleAnalytics.http.baseUrl(parsed)).toBe(url);
  expect(parsed.measurement_id).toBe('G-ABC123');
});

test('what buyers agreed to and the name of the shop stand on every purchase when the flow has them', async () => {
  await deliver({}, { affiliation: 'The Daily', consent: { ad_user_data: 'DENIED' } });
  expect(counted()).toMatchObject([{ params: { affiliation: 'The Daily' } }]);
  expect(emulator.admin.requests()).toMatchObject([{ body: { consent: { ad_user_data: 'DENIED' } } }]);
});
