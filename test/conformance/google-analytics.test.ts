import { googleAnalyticsEmulator } from '../../emulators/google-analytics/index.ts';
import { googleAnalytics } from '../../src/connectors/google-analytics/index.ts';
import { describeConnector } from './describe-connector.ts';

const required = {
  transaction_id: 'checkout_1',
  occurred_at: '2026-11-21T11:59:00.000Z',
  items: [{ item_id: 'MAG-001' }],
};

describeConnector(googleAnalytics, {
  emulator: googleAnalyticsEmulator,
  settings: (url) => ({
    measurement_id: 'G-SENTINEL1',
    api_secret: 'sentinel-analytics-secret',
    base_url: url,
  }),
  seed: { streams: [{ measurementId: 'G-SENTINEL1', apiSecret: 'sentinel-analytics-secret' }] },
  // A repeat is counted as one, and reports show the same.
  lasting: ({ state }) => [...state.purchases.values()].map(({ params }) => params),
  inputs: {
    'send-purchase': {
      required,
      full: {
        ...required,
        user_id: 'email|u1',
        ga_cookie: 'GA1.1.1234567890.1700000000',
        value: 118,
        currency: 'SEK',
        tax: 7.08,
        shipping: 0,
        coupon: 'AUTUMN,FRIEND',
        items: [
          {
            item_id: 'MAG-001',
            item_name: 'Premium Magazine',
            item_variant: 'Monthly',
            item_category: 'publication',
            price: 118,
            quantity: 1,
          },
        ],
        source: 'newsletter',
        medium: 'email',
        campaign: 'autumn',
        term: 'magazine',
        content: 'top',
      },
    },
  },
});
