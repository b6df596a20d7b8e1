/** The ten vendors that a subscriber's life reaches: what an operator writes to connect each to its emulator. */
import type { ConnectionDefinition } from '../src/flows/workspace.ts';
import type { JsonObject } from '../src/kernel/json.ts';

export interface Vendor {
  readonly preset: string;
  readonly settings: JsonObject;
  readonly secrets: JsonObject;
  /** The setting that holds the vendor's address, for one whose emulator is at `url`; `base_url` when absent. */
  readonly address?: (url: string) => JsonObject;
}

/** By connector; each emulator knows these credentials from the start. */
export const VENDORS: Readonly<Record<string, Vendor>> = {
  'google-analytics': {
    preset: 'google-analytics/purchases',
    settings: { measurement_id: 'G-EMULATOR1' },
    secrets: { api_secret: 'emulator-secret' },
  },
  hubspot: {
    preset: 'hubspot/subscribers',
    settings: { plan: 'professional' },
    secrets: { access_token: 'pat-na1-emulator' },
  },
  kilkaya: {
    preset: 'kilkaya/purchases',
    settings: { subdomain: 'cl', key: '0123456789abcdef01234567', default_domain: 'www.example.com' },
    secrets: {},
  },
  mailchimp: {
    preset: 'mailchimp/subscribers',
    settings: { list_id: 'a1b2c3d4e5' },
    secrets: { api_key: 'emulator-us6' },
  },
  mailmojo: {
    preset: 'mailmojo/subscribers',
    settings: { list_id: '1' },
    secrets: { api_token: 'mailmojo-emulator-token' },
  },
  'make-as': {
    preset: 'make-as/subscribers',
    settings: { user_id: '1001', list_id: '1' },
    secrets: { api_key: 'make-emulator-key' },
  },
  meta: {
    preset: 'meta/purchases',
    settings: { pixel_id: '1234567890123456' },
    secrets: { access_token: 'EAAemulator' },
  },
  rule: { preset: 'rule/subscribers', settings: {}, secrets: { api_key: 'rule-emulator-key' } },
  webhook: {
    preset: 'webhook/events',
    settings: { allow_private_addresses: true },
    secrets: {},
    // The receiver's own path is a page for humans.
    address: (url) => ({ url: `${url}/hooks/paper` }),
  },
  'x-ads': {
    preset: 'x-ads/purchases',
    settings: { pixel_id: 'o8z6j', event_id: 'tw-o8z6j-o87ne' },
    secrets: { pixel_token: 'pixel-token' },
  },
};

/** The settings of a connection to the vendor whose emulator is at `url`, without its secrets. */
export function settingsOf({ settings, address }: Vendor, url: string): JsonObject {
  return { ...settings, ...(address?.(url) ?? { base_url: url }) };
}

/** The connection to the vendor whose emulator is at `url`, under the vendor's own name. */
export function connectionTo(id: string, url: string): ConnectionDefinition {
  const vendor = vendorOf(id);
  return { name: id, connector: id, settings: settingsOf(vendor, url), secrets: vendor.secrets };
}

export function vendorOf(id: string): Vendor {
  const vendor = VENDORS[id];
  if (vendor === undefined) throw new Error(`No vendor is called ${id}.`);
  return vendor;
}
