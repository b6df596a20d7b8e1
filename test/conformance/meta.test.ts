import { DEFAULT_DATASET } from '../../emulators/meta/state.ts';
import { metaEmulator } from '../../emulators/meta/index.ts';
import { meta } from '../../src/connectors/meta/index.ts';
import { describeConnector } from './describe-connector.ts';

const TOKEN = 'sentinel-meta-token';

const required = {
  event_name: 'Purchase',
  event_time: '2026-11-21T11:00:00.000Z',
  event_id: 'checkout_1',
  action_source: 'other',
  user_data: { em: 'asa@example.com' },
  custom_data: { value: 99.5, currency: 'SEK' },
};

const many = (index: number) => ({ ...required, event_id: `checkout_${String(index)}` });

describeConnector(meta, {
  emulator: metaEmulator,
  settings: (url) => ({
    pixel_id: DEFAULT_DATASET,
    access_token: TOKEN,
    base_url: url,
    api_version: 'v26.0',
    test_event_code: 'TEST12345',
  }),
  seed: { tokens: [{ token: TOKEN }] },
  // Repetitions arrive, and are dropped.
  lasting: ({ state }) => state.events,
  inputs: {
    'send-event': {
      required,
      full: {
        ...required,
        action_source: 'website',
        event_source_url: 'https://www.example.com/thanks',
        referrer_url: 'https://www.example.com/article',
        opt_out: false,
        user_data: {
          em: ['asa@example.com', 'asa@work.example'],
          ph: '070-123 45 67',
          fn: 'Åse-Marie',
          ln: 'af Ekenstam',
          ge: 'Female',
          db: '1990-05-17',
          ct: 'Malmö',
          st: 'Skåne',
          zp: '211 22',
          country: 'SE',
          external_id: 'email|84cccf985de28a2a84824786',
          client_ip_address: '192.0.2.7',
          client_user_agent: 'Mozilla/5.0',
          fbc: 'fb.1.1763720000000.AbCd',
          fbp: 'fb.1.1763720000000.123456',
          subscription_id: 's1',
          fb_login_id: '1',
          lead_id: '2',
          madid: '3',
          anon_id: '4',
        },
        custom_data: { ...required.custom_data, contents: [{ id: 'MAG-001', quantity: 1 }], own: true },
      },
      many,
      partial: [
        {
          name: 'one that is too old, one of nobody, and one without a currency',
          inputs: [
            many(0),
            { ...many(1), event_time: '2026-11-14T11:00:00.000Z' },
            { ...many(2), user_data: { em: 'nobody', ph: '123', ct: 'Malmö' } },
            { ...many(3), custom_data: { value: 1, currency: 'kronor' } },
            many(4),
          ],
          outcomes: ['delivered', 'rejected', 'skipped', 'rejected', 'delivered'],
        },
      ],
    },
  },
  failures: [
    { row: 'a page of the edge', fault: { preset: 'page_of_the_edge' } },
    { row: 'a throttle that comes as 400', fault: { preset: 'user_throttled' }, waitMs: 300_000 },
    { row: 'an error that says it will pass', fault: { preset: 'transient' } },
    { row: 'a void token that comes as 500', fault: { preset: 'expired_token_as_500' } },
    { row: 'a missing permission', fault: { preset: 'not_permitted' } },
    {
      row: 'a dataset that is gone',
      arrange: ({ state }) => {
        state.datasets.clear();
      },
    },
    { row: 'terms that nobody accepted', fault: { preset: 'terms_not_accepted' } },
    { row: 'a data set that is not ready', fault: { preset: 'not_ready' } },
    { row: 'a wrong parameter that comes as 500', fault: { preset: 'bad_parameter_as_500' } },
  ],
});
