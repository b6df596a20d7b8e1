/**
 * The ten integrations of a subscription platform, each against its emulator: what an operator writes to connect it, and
 * the preset that feeds it.
 */
import { startEmulators } from '../../emulators/index.ts';
import type { StartedEmulator } from '../../emulators/registry.ts';

export interface Integration {
  /** The connector's, and the emulator's. */
  readonly id: string;
  readonly preset: string;
  /** As in linchpin.yaml, for a vendor at `url`. */
  readonly settings: (url: string) => Readonly<Record<string, unknown>>;
  /** Of a tool with tags: the seed of its emulator with a reader that somebody else put there. */
  readonly knownBefore?: (email: string, tags: readonly string[]) => unknown;
}

export const INTEGRATIONS: readonly Integration[] = [
  {
    id: 'google-analytics',
    preset: 'google-analytics/purchases',
    settings: (base_url) => ({ measurement_id: 'G-EMULATOR1', api_secret: 'emulator-secret', base_url }),
  },
  {
    id: 'hubspot',
    preset: 'hubspot/subscribers',
    settings: (base_url) => ({ access_token: 'pat-na1-emulator', plan: 'professional', base_url }),
  },
  {
    id: 'kilkaya',
    preset: 'kilkaya/purchases',
    settings: (base_url) => ({
      subdomain: 'cl-eu5',
      key: '0123456789abcdef01234567',
      default_domain: 'www.example.com',
      base_url,
    }),
  },
  {
    id: 'mailchimp',
    preset: 'mailchimp/subscribers',
    settings: (base_url) => ({ api_key: 'emulator-us6', list_id: 'a1b2c3d4e5', base_url }),
    knownBefore: (email_address, tags) => ({ lists: [{ members: [{ email_address, tags: [...tags] }] }] }),
  },
  {
    id: 'mailmojo',
    preset: 'mailmojo/subscribers',
    settings: (base_url) => ({ api_token: 'mailmojo-emulator-token', list_id: '1', base_url }),
    knownBefore: (email, tags) => ({ contacts: [{ email, tags: [...tags], lists: { '1': 'a' } }] }),
  },
  {
    id: 'make-as',
    preset: 'make-as/subscribers',
    settings: (base_url) => ({ user_id: '1001', api_key: 'make-emulator-key', list_id: '1', base_url }),
    knownBefore: (email, tags) => ({ subscribers: [{ lists: ['1'], row: { email, tags: [...tags] } }] }),
  },
  {
    id: 'meta',
    preset: 'meta/purchases',
    settings: (base_url) => ({ pixel_id: '1234567890123456', access_token: 'EAAemulator', base_url }),
  },
  {
    id: 'rule',
    preset: 'rule/subscribers',
    settings: (base_url) => ({ api_key: 'rule-emulator-key', base_url }),
    knownBefore: (email, tags) => ({ subscribers: [{ email, tags: [...tags] }] }),
  },
  {
    id: 'webhook',
    preset: 'webhook/events',
    settings: (url) => ({ url: `${url}/hooks/paper`, allow_private_addresses: true }),
  },
  {
    id: 'x-ads',
    preset: 'x-ads/purchases',
    settings: (base_url) => ({
      pixel_id: 'o8z6j',
      event_id: 'tw-o8z6j-o87ne',
      pixel_token: 'pixel-token',
      base_url,
    }),
  },
];

/** Every vendor's emulator, by id. */
export async function startVendors(
  ids: readonly string[] = INTEGRATIONS.map(({ id }) => id),
): Promise<ReadonlyMap<string, StartedEmulator>> {
  const started = await startEmulators([...ids], { port: 0 });
  return new Map(started.map((emulator) => [emulator.id, emulator]));
}
