import { DEFAULT_PIXEL } from '../../emulators/x-ads/state.ts';
import { xAdsEmulator } from '../../emulators/x-ads/index.ts';
import { xAds } from '../../src/connectors/x-ads/index.ts';
import { describeConnector } from './describe-connector.ts';

const KEYS = {
  consumer_key: 'sentinel-x-consumer-key',
  consumer_secret: 'sentinel-x-consumer-secret',
  access_token: 'sentinel-x-access-token',
  access_token_secret: 'sentinel-x-access-token-secret',
};

const required = {
  conversion_id: 'checkout_1',
  conversion_time: '2026-11-21T11:00:00.000Z',
  identifiers: { email: 'asa@example.com' },
};

const many = (index: number) => ({ ...required, conversion_id: `checkout_${String(index)}` });

describeConnector(xAds, {
  emulator: xAdsEmulator,
  settings: (url) => ({
    ...KEYS,
    pixel_id: DEFAULT_PIXEL,
    event_id: 'tw-o8z6j-o87ne',
    base_url: url,
    api_version: '12',
  }),
  seed: {
    consumers: [{ key: KEYS.consumer_key, secret: KEYS.consumer_secret }],
    users: [{ token: KEYS.access_token, secret: KEYS.access_token_secret }],
  },
  // Repetitions arrive, and are dropped.
  lasting: ({ state }) => state.conversions,
  inputs: {
    'send-conversion': {
      required,
      full: {
        ...required,
        identifiers: {
          email: 'Asa@Example.com',
          phone: '070-123 45 67',
          country: 'SE',
          twclid: 'abc',
          ip_address: '192.0.2.7',
          user_agent: 'Mozilla/5.0',
        },
        value: 99.5,
        price_currency: 'sek',
        number_items: 1,
        description: 'Order',
        contents: [
          {
            content_id: 'MAG-001',
            content_name: 'Premium Magazine',
            content_type: 'publication',
            content_group_id: 'po-123',
            content_price: 99.5,
            num_items: 1,
          },
        ],
      },
      many,
      partial: [
        {
          name: 'one of nobody',
          inputs: [many(0), { ...many(1), identifiers: { ip_address: '192.0.2.7' } }, many(2)],
          outcomes: ['delivered', 'skipped', 'delivered'],
        },
        {
          name: 'one that X refuses',
          inputs: [many(0), many(1), many(2)],
          fault: {
            bodyIncludes: '"conversion_id":"checkout_1"',
            status: 400,
            body: { errors: [{ code: 'INVALID_PARAMETER', message: 'No.', parameter: 'value' }] },
          },
          outcomes: ['delivered', 'rejected', 'delivered'],
        },
      ],
    },
  },
  failures: [
    { row: 'a cancelled call', fault: { preset: 'cancelled' } },
    { row: 'a locked account', fault: { preset: 'locked' } },
    {
      row: 'an allowance that is spent',
      arrange: ({ state }) => {
        state.spend(state.allowance);
      },
    },
    {
      row: 'a pixel that is gone',
      arrange: ({ state }) => {
        state.pixels.clear();
      },
    },
    {
      row: 'an event of another kind',
      arrange: ({ state }) => {
        state.pixels.set(DEFAULT_PIXEL, new Map([['o87ne', 'UWT' as const]]));
      },
    },
  ],
});
