import { afterEach, beforeEach, expect, test } from 'vitest';
import { startHubspotEmulator } from '../../emulators/hubspot/index.ts';
import type { HubspotEmulator } from '../../emulators/hubspot/index.ts';
import { hubspot } from '../../src/connectors/hubspot/index.ts';
import { track } from '../../src/connectors/hubspot/presets/track.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { connectionsOf } from '../../src/flows/make-connection.ts';
import { makeRegistry } from '../../src/flows/registry.ts';
import { checkConnection } from '../../src/outbound/index.ts';

const PORTAL_ID = 1_000_001;
const CONTACTS = ['read', 'write'].flatMap((verb) => [
  `crm.objects.contacts.${verb}`,
  `crm.schemas.contacts.${verb}`,
]);
const EVENTS = ['analytics.behavioral_events.send', 'behavioral_events.event_definitions.read_write'];

let emulator: HubspotEmulator;

beforeEach(async () => {
  emulator = await startHubspotEmulator();
});
afterEach(() => emulator.close());

/** The lines of `connectors test` that are not in order, for a token of an account. */
async function wrong(
  token: object,
  { plan = 'enterprise', flows = [] as readonly string[] } = {},
): Promise<readonly string[]> {
  emulator.admin.seed({
    portals: [
      { portalId: PORTAL_ID, plan: plan as 'enterprise', tokens: [{ token: 'pat-na1-checked', ...token }] },
    ],
  });
  const [connection] = connectionsOf(
    {
      name: 'acme',
      sources: [],
      connections: [
        {
          name: 'hubspot',
          connector: 'hubspot',
          settings: { base_url: emulator.url, plan: 'enterprise' },
          secrets: { access_token: 'pat-na1-checked' },
        },
      ],
      flows: flows.map((preset) => ({ name: preset, preset, from: 'site', to: 'hubspot', options: {} })),
    },
    makeRegistry([hubspot]),
  );
  if (connection === undefined) throw new TypeError('The workspace declares one connection.');
  const results = await checkConnection(connection, systemClock);
  return results.flatMap(({ lines }) => lines).flatMap(({ ok, text }) => (ok ? [] : [text]));
}

test('a token in order has no line to mend', async () => {
  expect(await wrong({ scopes: [...CONTACTS, ...EVENTS] }, { flows: [track.id] })).toEqual([]);
});

test('a missing scope has one line, with the action that needs it', async () => {
  expect(await wrong({ scopes: [...CONTACTS.slice(1), ...EVENTS] }, { flows: [track.id] })).toEqual([
    'Scope crm.objects.contacts.read is missing, which send-event needs',
  ]);
});

test('an expired token has one line', async () => {
  const expiresAt = emulator.clock.now() - 42_000;
  expect(await wrong({ kind: 'oauth', expiresAt }, { flows: [track.id] })).toEqual([
    expect.stringMatching(/^Token expired 4\d seconds ago$/),
  ]);
});

test('a revoked token has one line', async () => {
  expect(await wrong({ isRevoked: true }, { flows: [track.id] })).toEqual([
    'Token refused: it was revoked or replaced, or is not a token of HubSpot',
  ]);
});

test('an account of a smaller plan has a line for its rate, and one for what a flow cannot use there', async () => {
  const scopes = [...CONTACTS, ...EVENTS];
  expect(await wrong({ scopes }, { plan: 'starter', flows: [track.id] })).toEqual([
    'Plan enterprise is configured for 190 calls in 10 s, but HubSpot allows 100',
    'Custom events need the Enterprise plan, which the account lacks',
  ]);
});
