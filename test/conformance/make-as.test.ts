import { makeAsEmulator } from '../../emulators/make-as/index.ts';
import { makeAs } from '../../src/connectors/make-as/index.ts';
import { describeConnector } from './describe-connector.ts';

const product = { external_id: 'MAG-001|po-123', name: 'Premium Magazine - Monthly' };

const subscription = (id: string) => ({
  external_id: id,
  product_external_id: product.external_id,
  status: 'active',
  start_date: '2026-01-31',
  end_date: null,
  price: 99,
});

const subscriber = (index: number) => ({
  email: `reader${String(index)}@example.com`,
  external_id: `email|${String(index)}`,
  tags: { set: ['sesamy_active_subscriber'] },
  products: [product],
  subscriptions: [subscription(`contract_${String(index)}`)],
});

describeConnector(makeAs, {
  emulator: makeAsEmulator,
  settings: (url) => ({
    user_id: 1001,
    api_key: 'sentinel-make-key',
    list_id: 12,
    base_url: url,
    calls_per_second: 1000,
  }),
  seed: {
    users: [{ userId: 1001, apiKey: 'sentinel-make-key' }],
    lists: [
      { id: 12, title: 'Newsletter' },
      { id: 13, title: 'Members' },
    ],
    subscribers: [{ lists: [12], row: { email: 'asa@example.com', tags: ['vip', 'sesamy_tag_old'] } }],
  },
  inputs: {
    'sync-subscriber': {
      required: { email: 'new@example.com' },
      full: {
        list_id: 13,
        email: 'asa@example.com',
        firstname: 'Åsa',
        lastname: 'Öberg',
        company: 'The Daily',
        external_id: 'email|u1',
        tags: {
          set: ['sesamy_active_subscriber', 'sesamy_active_sku_mag-001'],
          keep: ['sesamy_made_single_purchase'],
        },
        products: [product],
        subscriptions: [subscription('contract_789')],
      },
      many: subscriber,
      partial: [
        {
          name: 'one subscriber whom the vendor refuses',
          inputs: [subscriber(0), { ...subscriber(1), email: 'no address' }, subscriber(2)],
          outcomes: ['delivered', 'rejected', 'delivered'],
        },
        {
          name: 'a list that is not there',
          inputs: [subscriber(0), { ...subscriber(1), list_id: 99 }, subscriber(2)],
          outcomes: ['delivered', 'suspended', 'suspended'],
        },
        {
          name: 'one subscription whose call is refused whole',
          inputs: [
            subscriber(0),
            {
              ...subscriber(1),
              products: [],
              subscriptions: [{ ...subscription('c9'), product_external_id: 'gone' }],
            },
            subscriber(2),
          ],
          outcomes: ['delivered', 'rejected', 'delivered'],
        },
        {
          name: 'one subscription that is refused in a 200',
          arrange: ({ admin }) => admin.setLimits({ switches: { bulk_refusal: 'rows' } }),
          inputs: [
            subscriber(0),
            {
              ...subscriber(1),
              products: [],
              subscriptions: [{ ...subscription('c9'), product_external_id: 'gone' }],
            },
            subscriber(2),
          ],
          outcomes: ['delivered', 'rejected', 'delivered'],
        },
      ],
    },
  },
});
