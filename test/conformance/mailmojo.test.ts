import { mailmojoEmulator } from '../../emulators/mailmojo/index.ts';
import { mailmojo } from '../../src/connectors/mailmojo/index.ts';
import { describeConnector } from './describe-connector.ts';

describeConnector(mailmojo, {
  emulator: mailmojoEmulator,
  settings: (url) => ({ api_token: 'sentinel-mailmojo-token', list_id: '1', base_url: url }),
  seed: { tokens: [{ token: 'sentinel-mailmojo-token' }] },
  inputs: {
    'sync-contact': {
      required: { email: 'asa@example.com' },
      full: {
        email: 'asa@example.com',
        list_id: '1',
        first_name: 'Åsa',
        last_name: 'Öberg',
        phone: '+46701234567',
        fields: { sesamy_user_id: 'email|u1', sesamy_active_subscriptions: '1' },
        tags: { set: ['sesamy_active_subscriber'], keep: ['sesamy_made_single_purchase'] },
      },
    },
  },
});
