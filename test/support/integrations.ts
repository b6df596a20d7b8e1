/**
 * The ten integrations of a subscription platform, each against its emulator: what an operator writes to connect it, and
 * the preset that feeds it.
 */
import { settingsOf, VENDORS } from '../../demo/vendors.ts';
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

/** Of tools with tags: the seed of a reader that somebody else put there. */
const KNOWN_BEFORE: Readonly<Record<string, NonNullable<Integration['knownBefore']>>> = {
  mailchimp: (email_address, tags) => ({ lists: [{ members: [{ email_address, tags: [...tags] }] }] }),
  mailmojo: (email, tags) => ({ contacts: [{ email, tags: [...tags], lists: { '1': 'a' } }] }),
  'make-as': (email, tags) => ({ subscribers: [{ lists: ['1'], row: { email, tags: [...tags] } }] }),
  rule: (email, tags) => ({ subscribers: [{ email, tags: [...tags] }] }),
};

export const INTEGRATIONS: readonly Integration[] = Object.entries(VENDORS).map(([id, vendor]) => {
  const knownBefore = KNOWN_BEFORE[id];
  return {
    id,
    preset: vendor.preset,
    settings: (url) => ({ ...settingsOf(vendor, url), ...vendor.secrets }),
    ...(knownBefore === undefined ? {} : { knownBefore }),
  };
});

/** Every vendor's emulator, by id. */
export async function startVendors(
  ids: readonly string[] = INTEGRATIONS.map(({ id }) => id),
): Promise<ReadonlyMap<string, StartedEmulator>> {
  const started = await startEmulators([...ids], { port: 0 });
  return new Map(started.map((emulator) => [emulator.id, emulator]));
}
