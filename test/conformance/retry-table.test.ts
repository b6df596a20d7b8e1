/**
 * What becomes of an answer, for every integration: 2xx is delivered, 429 waits as long as the vendor asks, 5xx and a
 * broken or silent line are tried again, any other 4xx is final. Each cell is a call to the vendor's emulator, through
 * the engine's own client. Where vendors deviate, the tests of their connectors have it, and `UNLIKE` names it here.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { StartedEmulator } from '../../emulators/registry.ts';
import { connectors } from '../../src/connectors/registry.ts';
import { runBatch } from '../../src/delivery/run-batch.ts';
import type { Flow } from '../../src/flows/workspace.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import type { Outcome } from '../../src/kernel/outcome.ts';
import type { AnyConnector, AnyPreset } from '../../src/kit/index.ts';
import { ConnectionClient, LIVE_CLAIMANT, RecordClaims } from '../../src/outbound/index.ts';
import { aCache } from '../support/drive-steps.ts';
import { connectionOf, worksOf } from './connector-suite/engine-parts.ts';
import { postJson } from '../support/emulator-client.ts';
import { INTEGRATIONS, startVendors } from '../support/integrations.ts';
import type { Integration } from '../support/integrations.ts';
import { subscriberEvents } from '../support/subscriber-events.ts';

let vendors: ReadonlyMap<string, StartedEmulator>;
let client: ConnectionClient | undefined;

beforeAll(async () => {
  vendors = await startVendors();
});
afterEach(async () => {
  await client?.close();
  client = undefined;
});
afterAll(async () => {
  await Promise.all([...vendors.values()].map((vendor) => vendor.close()));
});

// Far above an answer on this machine, far below what a test may take.
const TIMEOUT_MS = 300;

interface Case {
  readonly answer: string;
  readonly fault?: Readonly<Record<string, unknown>>;
  readonly outcome: Outcome['kind'];
  readonly waitMs?: number;
}

const CASES: readonly Case[] = [
  { answer: '200', outcome: 'delivered' },
  { answer: '429', fault: { status: 429 }, outcome: 'deferred' },
  {
    // Longer than HubSpot's rolling window, which its connector waits for at the least.
    answer: '429 with Retry-After',
    fault: { status: 429, headers: { 'retry-after': '12' } },
    outcome: 'deferred',
    waitMs: 12_000,
  },
  { answer: '400', fault: { status: 400 }, outcome: 'rejected' },
  { answer: '404', fault: { status: 404 }, outcome: 'rejected' },
  { answer: '500', fault: { status: 500 }, outcome: 'retry' },
  { answer: '503', fault: { status: 503 }, outcome: 'retry' },
  { answer: 'a reset', fault: { reset: true }, outcome: 'retry' },
  { answer: 'no answer in time', fault: { delayMs: 2 * TIMEOUT_MS }, outcome: 'retry' },
];

/** Where the address holds settings alone, a 404 is about every input, and none is lost to it. */
const UNLIKE: Readonly<Record<string, Readonly<Record<string, Outcome['kind']>>>> = {
  'x-ads': { '404': 'suspended' },
};

/** The call that writes, where others come before it: of some reads a 404 is an answer like any other. */
const WRITE: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  hubspot: { path: '*/batch/*' },
  mailchimp: { method: 'PUT' },
  mailmojo: { method: 'POST' },
  rule: { method: 'POST' },
};

describe.each(INTEGRATIONS)('$id', (integration) => {
  const cases = CASES.map((one) => ({
    ...one,
    outcome: UNLIKE[integration.id]?.[one.answer] ?? one.outcome,
  }));
  test.each(cases)('$answer is $outcome', async ({ fault, outcome, waitMs }) => {
    const vendor = vendors.get(integration.id);
    if (vendor === undefined) throw new Error(`${integration.id} has no emulator.`);
    await postJson(`${vendor.url}/_emulator/reset`, {});
    if (fault !== undefined) {
      await postJson(`${vendor.url}/_emulator/faults`, { ...WRITE[integration.id], ...fault });
    }
    expect(await deliver(integration, vendor.url)).toMatchObject({
      kind: outcome,
      ...(waitMs === undefined ? {} : { waitMs }),
    });
  });
});

/** A subscriber's first purchase, as every preset is given it. */
const EVENTS = subscriberEvents({
  eventType: 'checkout.1#confirm',
  occurredAt: new Date(systemClock.now()).toISOString(),
  checkoutId: 'checkout_1',
  snapshot: {
    person: { userId: 'user_1', email: 'ada@publisher.no', emailVerified: true, firstName: 'Ada' },
    products: [{ sku: 'MAG', title: 'Premium Magazine', type: 'publication' }],
    checkouts: [
      {
        id: 'checkout_1',
        status: 'completed',
        items: [{ sku: 'MAG', price: 99, currency: 'SEK' }],
        email: 'ada@publisher.no',
        redirectUrl: 'https://www.publisher.no/thanks',
        attribution: { gaCookie: 'GA1.1.1234567890.1700000000' },
      },
    ],
  },
});

async function deliver(integration: Integration, url: string): Promise<Outcome | undefined> {
  const { connector, preset } = find(integration);
  const patient: AnyConnector = { ...connector, http: { ...connector.http, timeoutMs: TIMEOUT_MS } };
  const settings = connector.settings.parse(integration.settings(url));
  const options: unknown = preset.action.options.parse(preset.options);
  const event = EVENTS.find(
    ({ type, name }) => preset.when.types.includes(type) && (preset.when.names?.includes(name ?? '') ?? true),
  );
  const mapped = event === undefined ? undefined : preset.map(event, options);
  if (mapped?.kind !== 'input') {
    throw new Error(`${preset.id} takes nothing: ${JSON.stringify(mapped)}`);
  }
  const flow: Flow = { name: preset.id, preset, source: 'sesamy', options };
  client = new ConnectionClient({ connector: patient, settings, clock: systemClock, privateAddresses: true });
  const outcomes: Outcome[] = [];
  const runs = runBatch(flow, worksOf(flow, [mapped.input]), {
    connection: connectionOf(patient, settings, flow),
    client,
    claims: new RecordClaims(),
    claimant: LIVE_CLAIMANT,
    cache: aCache(),
    clock: systemClock,
    signal: new AbortController().signal,
    onConnectorBug: (error) => {
      throw error;
    },
  });
  for await (const run of runs) outcomes.push(...run.outcomes);
  expect(outcomes).toHaveLength(1);
  return outcomes[0];
}

function find({ id, preset: presetId }: Integration): { connector: AnyConnector; preset: AnyPreset } {
  const connector = connectors.find((each) => each.id === id);
  const preset = connector?.presets.find((each) => each.id === presetId);
  if (connector === undefined || preset === undefined) throw new Error(`There is no ${presetId}.`);
  return { connector, preset };
}
