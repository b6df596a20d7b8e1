import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startHubspotEmulator } from '../../emulators/hubspot/index.ts';
import type { HubspotEmulator } from '../../emulators/hubspot/index.ts';
import { ASSOCIATION_EXPECTATIONS } from './hubspot-associations.ts';
import { DEFINITION_EXPECTATIONS } from './hubspot-definitions.ts';
import { LIST_EXPECTATIONS } from './hubspot-lists.ts';
import { clientCaller, plainCaller } from './hubspot-relations-api.ts';
import type { Caller } from './hubspot-relations-api.ts';

// One list of expectations, met through HubSpot's own client on v3 and v4 and by plain calls on each version.
const CALLERS: readonly [name: string, make: (emulator: HubspotEmulator) => Caller][] = [
  ["HubSpot's client on v3 and v4", clientCaller],
  ['plain calls on 2025-09', (emulator) => plainCaller(emulator, '2025-09')],
  ['plain calls on 2026-03', (emulator) => plainCaller(emulator, '2026-03')],
  ['plain calls on 2026-09', (emulator) => plainCaller(emulator, '2026-09')],
];

let emulator: HubspotEmulator;

beforeAll(async () => {
  emulator = await startHubspotEmulator();
});
beforeEach(() => {
  emulator.admin.reset();
  emulator.clock.freeze();
});
afterAll(() => emulator.close());

describe.each(CALLERS)('%s', (_name, make) => {
  test.each([...ASSOCIATION_EXPECTATIONS, ...DEFINITION_EXPECTATIONS, ...LIST_EXPECTATIONS])(
    '$name',
    async ({ run }) => {
      expect.hasAssertions();
      await run(make(emulator), emulator);
    },
  );
});
