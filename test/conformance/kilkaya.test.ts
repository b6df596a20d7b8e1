import { DEFAULT_INSTALLATION, kilkayaEmulator } from '../../emulators/kilkaya/index.ts';
import { kilkaya } from '../../src/connectors/kilkaya/index.ts';
import { describeConnector } from './describe-connector.ts';

describeConnector(kilkaya, {
  emulator: kilkayaEmulator,
  settings: (url) => ({
    subdomain: 'cl-eu5',
    key: DEFAULT_INSTALLATION,
    default_domain: 'www.example.com',
    version: 2,
    user_agent: 'Mozilla/5.0 (compatible; Example)',
    base_url: url,
    calls_per_second: 1000,
  }),
  // The pixel has no id, so each call is one hit more: that there is one call a checkout is the work of `once`, which the
  // engine keeps. What a repetition must not do is make the collector complain.
  lasting: ({ state }) => state.report,
  inputs: {
    'send-conversion': {
      required: { checkout_id: 'checkout_345' },
      full: {
        checkout_id: 'checkout_345',
        tags: ['Monthly', 'autumn', 'newsletter'],
        url: 'https://www.example.com/thanks',
        referrer: 'https://search.example/?q=news',
        user_agent: 'Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/145.0',
      },
      trusts2xx: {
        '/': 'A collector answers the same to everything, so no answer proves more than another.',
      },
    },
  },
});
