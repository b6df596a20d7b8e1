import { afterEach, beforeEach, expect, test } from 'vitest';
import { startHubspotEmulator } from '../../emulators/hubspot/index.ts';
import type { HubspotEmulator } from '../../emulators/hubspot/index.ts';
import { hubspot } from '../../src/connectors/hubspot/index.ts';
import { group } from '../../src/connectors/hubspot/presets/group.ts';
import { identify } from '../../src/connectors/hubspot/presets/identify.ts';
import { track } from '../../src/connectors/hubspot/presets/track.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { connectionsOf } from '../../src/flows/make-connection.ts';
import type { FlowDefinition } from '../../src/flows/workspace.ts';
import { makeRegistry } from '../../src/flows/registry.ts';
import { checkConnection } from '../../src/outbound/index.ts';

const PORTAL_ID = 1_000_001;
const scopesOf = (name: string): string[] =>
  ['read', 'write'].flatMap((verb) => [`crm.objects.${name}.${verb}`, `crm.schemas.${name}.${verb}`]);
const CONTACTS = scopesOf('contacts');
const TRACK = { preset: track.id };
const EVENTS = ['analytics.behavioral_events.send', 'behavioral_events.event_definitions.read_write'];

let emulator: HubspotEmulator;

beforeEach(async () => {
  emulator = await startHubspotEmulator();
});
afterEach(() => emulator.close());

type FlowOfTest = Partial<FlowDefinition>;

/** The lines of `connectors test` that are not in order, for a token of an account. */
async function wrong(
  token: object,
  { plan = 'enterprise', flows = [] as readonly FlowOfTest[] } = {},
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
      flows: flows.map((flow) => ({ name: 'any', from: 'site', to: 'hubspot', options: {}, ...flow })),
    },
    makeRegistry([hubspot]),
  );
  if (connection === undefined) throw new TypeError('The workspace declares one connection.');
  const results = await checkConnection(connection, systemClock);
  return results.flatMap(({ lines }) => lines).flatMap(({ ok, text }) => (ok ? [] : [text]));
}

test('a token in order has no line to mend', async () => {
  expect(await wrong({ scopes: [...CONTACTS, ...EVENTS] }, { flows: [TRACK] })).toEqual([]);
});

test('a missing scope has one line, with the action that needs it', async () => {
  expect(await wrong({ scopes: [...CONTACTS.slice(1), ...EVENTS] }, { flows: [TRACK] })).toEqual([
    'Scope crm.objects.contacts.read is missing, which hubspot/track needs',
  ]);
});

const DEALS = {
  action: 'hubspot/upsert-object',
  map: { object: 'deals', key: { by: 'number', value: 'D-1' }, properties: { dealname: 'First' } },
  options: { create_key: true },
};

test.each<[string, FlowOfTest, readonly string[], readonly string[]]>([
  [
    'the contacts that companies are associated with',
    { preset: group.id },
    scopesOf('companies'),
    ['crm.objects.contacts.read', 'crm.objects.contacts.write'],
  ],
  ['the deals that a mapping names', DEALS, CONTACTS, scopesOf('deals')],
])('scopes for %s are missed', async (_, flow, scopes, missing) => {
  const lines = await wrong({ scopes }, { flows: [flow] });
  expect(lines.toSorted()).toEqual(
    missing.map((scope) => `Scope ${scope} is missing, which ${idOf(flow)} needs`).toSorted(),
  );
});

test('a scope that no flow has a use for is not missed', async () => {
  const scopes = CONTACTS.filter((scope) => scope !== 'crm.schemas.contacts.write');
  expect(await wrong({ scopes }, { flows: [{ preset: identify.id }] })).toEqual([]);
});

function idOf({ preset, action }: FlowOfTest): string {
  return preset ?? action ?? '';
}

test('an expired token has one line', async () => {
  const expiresAt = emulator.clock.now() - 42_000;
  expect(await wrong({ kind: 'oauth', expiresAt }, { flows: [TRACK] })).toEqual([
    expect.stringMatching(/^Token expired 4\d seconds ago$/),
  ]);
});

test('a revoked token has one line', async () => {
  expect(await wrong({ isRevoked: true }, { flows: [TRACK] })).toEqual([
    'Token refused: it was revoked or replaced, or is not a token of HubSpot',
  ]);
});

test('an account of a smaller plan has a line for its rate, and one for what a flow cannot use there', async () => {
  const scopes = [...CONTACTS, ...EVENTS];
  expect(await wrong({ scopes }, { plan: 'starter', flows: [TRACK] })).toEqual([
    'Plan enterprise is configured for 190 calls in 10 s, but HubSpot allows 100',
    'Custom events need the Enterprise plan, which the account lacks',
  ]);
});
