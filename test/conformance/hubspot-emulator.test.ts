import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startHubspotEmulator } from '../../emulators/hubspot/index.ts';
import type { HubspotEmulator } from '../../emulators/hubspot/index.ts';
import { clientApi, plainApi } from './hubspot-emulator-api.ts';
import type { HubspotApi } from './hubspot-emulator-api.ts';
import { BATCH_EXPECTATIONS } from './hubspot-emulator-batches.ts';
import { CONTACT_EXPECTATIONS } from './hubspot-emulator-contacts.ts';
import { PROPERTY_EXPECTATIONS } from './hubspot-emulator-properties.ts';

// One list of expectations, met through HubSpot's own client on v3 and by plain calls on each version.
const APIS: readonly [name: string, make: (emulator: HubspotEmulator) => HubspotApi][] = [
  ["HubSpot's client on v3", clientApi],
  ['plain calls on v3', (emulator) => plainApi(emulator, 'v3')],
  ['plain calls on 2026-03', (emulator) => plainApi(emulator, '2026-03')],
  ['plain calls on 2026-09', (emulator) => plainApi(emulator, '2026-09')],
];

let emulator: HubspotEmulator;

beforeAll(async () => {
  emulator = await startHubspotEmulator();
});
beforeEach(() => {
  emulator.admin.reset();
  // Frozen, so that times are the same on both sides of an expectation.
  emulator.clock.freeze();
});
afterAll(() => emulator.close());

describe.each(APIS)('%s', (_name, make) => {
  test.each([...CONTACT_EXPECTATIONS, ...BATCH_EXPECTATIONS, ...PROPERTY_EXPECTATIONS])(
    '$name',
    async ({ run }) => {
      expect.hasAssertions();
      await run(make(emulator), emulator);
    },
  );
});
