import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startHubspotEmulator } from '../../emulators/hubspot/index.ts';
import type { HubspotEmulator } from '../../emulators/hubspot/index.ts';
import { ENDING_EXPECTATIONS } from './hubspot-emulator-endings.ts';
import { OBJECT_TYPES, walkThrough } from './hubspot-emulator-object-types.ts';
import { OBJECT_EXPECTATIONS } from './hubspot-emulator-objects.ts';
import { clientObjects, plainObjects } from './hubspot-emulator-object-api.ts';
import type { ObjectApi } from './hubspot-emulator-object-api.ts';

// As for contacts: one list of expectations, met by HubSpot's own client and by plain calls on each version.
const APIS: readonly [name: string, make: (emulator: HubspotEmulator) => ObjectApi][] = [
  ["HubSpot's client on v3", clientObjects],
  ['plain calls on 2026-03', (emulator) => plainObjects(emulator, '2026-03')],
  ['plain calls on 2026-09', (emulator) => plainObjects(emulator, '2026-09')],
];

let emulator: HubspotEmulator;

beforeAll(async () => {
  emulator = await startHubspotEmulator();
});
beforeEach(() => {
  emulator.admin.reset({ switches: { searchLagMs: 0 } });
  emulator.clock.freeze();
});
afterAll(() => emulator.close());

describe.each(APIS)('%s', (_name, make) => {
  test.each(OBJECT_TYPES)('$plural are written, read, found and archived', async (type) => {
    expect.hasAssertions();
    await walkThrough(make(emulator), emulator, type);
  });

  test.each([...OBJECT_EXPECTATIONS, ...ENDING_EXPECTATIONS])('$name', async ({ run }) => {
    expect.hasAssertions();
    await run(make(emulator), emulator);
  });
});
