import { webhookEmulator } from '../../emulators/webhook/index.ts';
import type { ReceiverState } from '../../emulators/webhook/state.ts';
import { webhook } from '../../src/connectors/webhook/index.ts';
import { describeConnector } from './describe-connector.ts';

const SECRET = 'whsec_c2VudGluZWwtd2ViaG9vay1zZWNyZXQtb2Ytbm93';
const PREVIOUS = 'whsec_c2VudGluZWwtd2ViaG9vay1zZWNyZXQtYmVmb3Jl';
const TOKEN = 'Bearer sentinel-hook-token';

const TRUSTED = { '*': 'Standard Webhooks: any 2xx is a success, whatever the body says.' };

const event = {
  id: 'sub_1',
  key: 'user_456',
  type: 'checkout.1#confirm',
  timestamp: '2025-11-10T12:00:00.000Z',
  payload: {
    eventType: 'checkout.1#confirm',
    vendorId: 'vendor_123',
    userId: 'user_456',
    checkoutId: 'checkout_345',
    occured_at: '2025-11-10T12:00:00Z',
  },
};

/** The messages by their ids: a receiver acts once on each. */
function messages({ received }: ReceiverState): unknown {
  return [...new Map(received.map(({ messageId, method, path, body }) => [messageId, [method, path, body]]))];
}

describeConnector(webhook, {
  emulator: webhookEmulator,
  settings: (url) => ({
    url: `${url}/hook`,
    headers: { Authorization: TOKEN },
    secret: SECRET,
    previous_secret: PREVIOUS,
    previous_secret_until: '2999-01-01T00:00:00Z',
    allow_private_addresses: true,
  }),
  seed: { endpoints: [{ path: '/hook', secrets: [SECRET], headers: { authorization: TOKEN } }] },
  lasting: ({ state }) => messages(state),
  inputs: {
    'forward-event': {
      required: event,
      full: event,
      trusts2xx: TRUSTED,
    },
    post: {
      required: {},
      full: {
        method: 'PUT',
        path: '/orders/7',
        query: { dry: true },
        headers: { 'X-Brand': 'acme' },
        body: { total: 12 },
        id: 'order-7',
        key: 'user_456',
      },
      more: [{ body: '<order/>', headers: { 'Content-Type': 'application/xml' } }, { method: 'GET' }],
      trusts2xx: TRUSTED,
    },
  },
  failures: [
    {
      row: 'a receiver that redirects',
      arrange: ({ admin }) => {
        admin.seed({ endpoints: [{ path: '/hook', usual: '301' }] });
      },
    },
    {
      row: 'a receiver that is gone',
      arrange: ({ admin }) => {
        admin.seed({ endpoints: [{ path: '/hook', usual: '410' }] });
      },
    },
  ],
});
