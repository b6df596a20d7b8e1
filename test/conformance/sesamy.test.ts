import { run } from '../../emulators/sesamy/actions.ts';
import { sesamyEmulator } from '../../emulators/sesamy/index.ts';
import { sesamy } from '../../src/connectors/sesamy/index.ts';
import { describeConnector } from './describe-connector.ts';

const question = {
  source: 'sesamy',
  userId: 'email|u1',
  causes: [
    {
      eventType: 'contract.1#update',
      eventId: 'e1',
      occurredAt: '2026-11-21T12:00:00.000Z',
      ids: { contractId: null, entitlementId: null, checkoutId: null },
    },
  ],
  inline: null,
};

describeConnector(sesamy, {
  emulator: sesamyEmulator,
  settings: (url) => ({
    token: 'sentinel-sesamy-token',
    api_url: url,
    token_url: `${url}/oauth/token`,
    client_id: 'publisher',
    client_secret: 'sentinel-sesamy-secret',
  }),
  seed: {
    clients: [{ id: 'publisher', secret: 'sentinel-sesamy-secret' }],
    products: [{ sku: 'MAG-001', title: 'Premium Magazine', options: [{ id: 'po-123', title: 'Monthly' }] }],
  },
  inputs: {
    'resolve-subscriber': {
      required: question,
      full: question,
      arrange: ({ state }) => {
        run(state, 'create-user', { userId: 'email|u1', email: 'asa@example.com' });
        run(state, 'purchase', { userId: 'email|u1', sku: 'MAG-001' });
      },
    },
  },
  failures: [
    // The user is there, and the list of the user's contracts is not yet.
    {
      row: 'a record that the reads do not know of yet',
      fault: { path: '/management/contracts', status: 404 },
    },
  ],
});
