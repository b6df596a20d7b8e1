/** Which of the eight events reach which of the ten integrations, and that a purchase counts once however often it is told. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pictureOf } from '../../demo/pictures.ts';
import type { StartedEmulator } from '../../emulators/registry.ts';
import type { SubscriberInput } from '../../src/subscribers/index.ts';
import { makeAcme } from '../support/acme.ts';
import type { Acme } from '../support/acme.ts';
import { postJson, requestCount } from '../support/emulator-client.ts';
import { INTEGRATIONS, startVendors } from '../support/integrations.ts';
import type { LinchpinProcess } from '../support/linchpin-process.ts';
import { until } from '../support/until.ts';

let acme: Acme;
let linchpin: LinchpinProcess;
let vendors: ReadonlyMap<string, StartedEmulator>;

const CONVERSIONS = ['google-analytics', 'kilkaya', 'meta', 'x-ads'];

beforeAll(async () => {
  acme = await makeAcme();
  vendors = await startVendors();
  const connections = INTEGRATIONS.map(({ id, settings }) => {
    // A polite limit of ours would only make the test long.
    const rate = id === 'kilkaya' ? { calls_per_second: 1000 } : {};
    return `  ${id}: ${JSON.stringify({ connector: id, ...settings(urlOf(id)), ...rate })}\n`;
  });
  const flows = INTEGRATIONS.flatMap(({ id, preset }) => [
    `  - { preset: ${preset}, from: platform, to: ${id} }\n`,
    `  - { preset: ${preset}, from: asking, to: ${id}, consent: [advertising] }\n`,
    ...(CONVERSIONS.includes(id) ? [`  - { preset: ${preset}, from: shop, to: ${id} }\n`] : []),
  ]);
  acme.configure(`workspace: acme
sources:
  platform: { type: subscribers, token: whs_platform }
  shop:     { type: subscribers, token: whs_shop }
  asking:   { type: subscribers, token: whs_asking }
connections:
${connections.join('')}flows:
${flows.join('')}`);
  linchpin = await acme.up();
});

afterAll(async () => {
  await acme.close();
  await Promise.all([...vendors.values()].map((vendor) => vendor.close()));
});

function urlOf(id: string): string {
  const vendor = vendors.get(id);
  if (vendor === undefined) throw new Error(`${id} has no emulator.`);
  return vendor.url;
}

/** A reader who has just bought a magazine, as a platform without an API sends it along. */
function reader(name: string): SubscriberInput {
  const email = `${name}@publisher.no`;
  return {
    person: { userId: name, email, emailVerified: true, firstName: 'Ada' },
    products: [{ sku: 'MAG', title: 'Premium Magazine', type: 'publication' }],
    checkouts: [
      {
        id: `checkout-${name}`,
        status: 'completed',
        items: [{ sku: 'MAG', price: 99, currency: 'SEK' }],
        email,
        redirectUrl: 'https://www.publisher.no/thanks',
      },
    ],
  };
}

function event(eventType: string, name: string, eventId = `${eventType}-${name}`): object {
  return {
    eventType,
    eventId,
    checkoutId: `checkout-${name}`,
    occured_at: new Date().toISOString(),
    snapshot: reader(name),
  };
}

async function tell(token: string, events: readonly object[]): Promise<void> {
  await postJson(`${linchpin.url}/v1/subscriber-events`, events, { authorization: `Bearer ${token}` });
}

const MAIL = ['hubspot', 'mailchimp', 'mailmojo', 'make-as', 'rule'];

/** https://developers.sesamy.com/integrations/concepts.html, "Which integrations handle which events", read 2026-11. */
const MATRIX: readonly (readonly [event: string, reached: readonly string[]])[] = [
  ['userVendor.1#new', [...MAIL, 'webhook']],
  ['userVendor.1#update', [...MAIL, 'webhook']],
  ['contract.1#purchased', [...MAIL, 'webhook']],
  ['contract.1#update', [...MAIL, 'webhook']],
  ['contract#cancelRequest', [...MAIL, 'webhook']],
  ['entitlement.1#new', MAIL],
  ['entitlement.1#update', MAIL],
  ['checkout.1#confirm', [...MAIL, ...CONVERSIONS, 'webhook']],
];

test.each(MATRIX)('%s reaches whom the platform says, and nobody else', async (eventType, reached) => {
  const name = `reader-${eventType.replaceAll(/[^a-zA-Z]/g, '')}`;
  expect(await reachedBy('whs_platform', event(eventType, name))).toEqual(new Set(reached));
});

test('what a person has not consented to reaches nobody whose flow asks for it, the purchase no more than the rest', async () => {
  const buys = (name: string, advertising: boolean) => ({
    ...event('checkout.1#confirm', name),
    context: { consent: { categoryPreferences: { advertising } } },
  });
  expect(await reachedBy('whs_asking', buys('refusing', false))).toEqual(new Set());
  expect(await reachedBy('whs_asking', buys('agreeing', true))).toEqual(new Set(vendors.keys()));
});

async function reachedBy(token: string, told: object): Promise<ReadonlySet<string>> {
  const before = await callCounts();
  await tell(token, [told]);
  await acme.settled();
  const after = await callCounts();
  return new Set([...after].filter(([id, count]) => count > (before.get(id) ?? 0)).map(([id]) => id));
}

async function callCounts(): Promise<ReadonlyMap<string, number>> {
  const counts = [...vendors.values()].map(async ({ id, url }) => [id, await requestCount(url)] as const);
  return new Map(await Promise.all(counts));
}

const PURCHASES = 1_000;
const TOGETHER = 100;

test('a thousand purchases that are told twice and replayed twice count once each, with every vendor', async () => {
  const before = await purchaseCounts();
  for (let first = 0; first < PURCHASES; first += TOGETHER) {
    const names = Array.from({ length: TOGETHER }, (_none, index) => `buyer-${String(first + index)}`);
    await tell(
      'whs_shop',
      names.map((name) => event('checkout.1#confirm', name)),
    );
    await tell(
      'whs_shop',
      names.map((name) => event('checkout.1#confirm', name, `again-${name}`)),
    );
  }
  await acme.settled(120_000);
  for (let round = 0; round < 2; round += 1) {
    await Promise.all(CONVERSIONS.map(replayAll));
    await until(areReplaysDone, { timeoutMs: 120_000, what: 'replays that are done' });
  }
  const after = await purchaseCounts();
  for (const id of CONVERSIONS) expect((after.get(id) ?? 0) - (before.get(id) ?? 0), id).toBe(PURCHASES);
});

async function replayAll(connection: string): Promise<void> {
  const since = new Date(Date.now() - 3_600_000).toISOString();
  const args = ['deliveries', 'replay', connection, '--since', since, '--share', '1', '--yes'];
  expect(await acme.run(...args)).toMatchObject({ code: 0 });
}

async function areReplaysDone(): Promise<boolean> {
  const [list] = await acme.ask('replays', 'list');
  const { replays } = list as { readonly replays: readonly { readonly status: string }[] };
  return replays.every(({ status }) => status === 'done');
}

/** What the vendor counts: neither what it recognised as a repetition nor what it took for nonsense. */
async function purchaseCounts(): Promise<ReadonlyMap<string, number>> {
  const counts = CONVERSIONS.map(async (id) => {
    const { purchases } = await pictureOf(id, urlOf(id), '');
    return [id, purchases.length] as const;
  });
  return new Map(await Promise.all(counts));
}
