import { afterEach, beforeEach, expect, test } from 'vitest';
import { startEmulator } from '../../emulators/core/index.ts';
import { sesamyEmulator } from '../../emulators/sesamy/index.ts';
import { run } from '../../emulators/sesamy/actions.ts';
import { issueToken } from '../../emulators/sesamy/tokens.ts';
import { sesamy } from '../../src/connectors/sesamy/index.ts';
import type { Call, Steps } from '../../src/kit/index.ts';
import type { LoggedEvent } from '../../src/kernel/event.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import type { Outcome } from '../../src/kernel/outcome.ts';
import {
  activeProductTitles,
  checkoutConfirmedSchema,
  countArticlesPurchased,
  countIssuesRemaining,
  countSubscriptions,
  sesamyTags,
  subscriberChangedSchema,
} from '../../src/subscribers/index.ts';
import type { Subscriber } from '../../src/subscribers/index.ts';

const start = () => startEmulator(sesamyEmulator);
let emulator: Awaited<ReturnType<typeof start>>;

beforeEach(async () => {
  emulator = await start();
  emulator.admin.seed({
    products: [
      { sku: 'MAG-001', title: 'Premium Magazine', options: [{ id: 'po-123', title: 'Monthly', issues: 8 }] },
      {
        sku: 'DIG-001',
        title: 'Digital Access',
        options: [{ id: 'po-456', title: 'Annual', interval: 'YEAR' }],
      },
    ],
  });
  act('create-user', {
    userId: 'email|u1',
    email: 'asa@example.com',
    mobilePhone: '+46701234567',
    tags: ['VIP'],
  });
});
afterEach(() => emulator.close());

const act = (verb: string, input: object) => run(emulator.state, verb, input).body as never;

/** Resolves the events that the emulator has raised since the last call, as one delivery. */
async function resolveNew(): Promise<Outcome | undefined> {
  const [preset] = sesamy.presets;
  const inputs = emulator.state.events.splice(0).map((raw, index): unknown => {
    const event: LoggedEvent = {
      position: index,
      id: `e${String(index)}`,
      source: 'sesamy',
      type: 'subscriber',
      name: raw.eventType,
      personKey: raw.userId,
      occurredAt: raw.occured_at,
      receivedAt: raw.occured_at,
      payload: JSON.parse(JSON.stringify(raw)) as JsonObject,
    };
    const mapped = preset?.map(event, {});
    return mapped?.kind === 'input' ? mapped.input : undefined;
  });
  const action = preset?.action;
  const input = inputs.reduce((older, newer) => action?.coalesce?.(older, newer, {}));
  const cache = { get: () => undefined, set: () => undefined, delete: () => undefined };
  const context = { settings: {}, options: {}, cache, nowMs: emulator.clock.now() };
  const steps = action?.deliver([{ input, traceId: '1', attempt: 1 }], context) as Steps<readonly Outcome[]>;
  return (await converse(steps))[0];
}

async function converse(steps: Steps<readonly Outcome[]>): Promise<readonly Outcome[]> {
  const token = issueToken(emulator.state, 'vendor_123', null);
  let step = steps.next();
  while (step.done !== true) {
    const call = step.value as Call;
    const query = call.query === undefined ? '' : `?${new URLSearchParams(call.query).toString()}`;
    const answer = await fetch(emulator.url + call.path + query, {
      headers: { authorization: `Bearer ${token}` },
    });
    const body: unknown = await answer.json();
    expect([200, ...(call.accept ?? [])], `${call.path}${query}: ${JSON.stringify(body)}`).toContain(
      answer.status,
    );
    step = steps.next({ status: answer.status, headers: {}, body });
  }
  return step.value;
}

async function snapshotNow(): Promise<Subscriber> {
  const outcome = await resolveNew();
  const changed = outcome?.kind === 'delivered' ? outcome.emit?.[0] : undefined;
  return subscriberChangedSchema.parse(changed?.payload).snapshot;
}

test.each(['bare', 'wrapped'] as const)(
  'a life at a publisher is read right at every turn, from %s answers',
  async (envelope) => {
    emulator.admin.seed({ envelope });
    const bought: { contract: { id: string } } = act('purchase', { userId: 'email|u1', sku: 'MAG-001' });
    act('purchase', { userId: 'email|u1', sku: 'DIG-001' });
    act('buy-article', { userId: 'email|u1', sku: 'ART-1', title: 'The long read' });
    const first = await snapshotNow();
    expect(first.phones.mobile).toBe('+46701234567');
    expect(countSubscriptions(first.contracts)).toEqual({ active: 2, canceled: 0, expired: 0, ended: 0 });
    expect(activeProductTitles(first)).toEqual(['Premium Magazine - Monthly', 'Digital Access - Annual']);
    expect([countArticlesPurchased(first), countIssuesRemaining(first.contracts)]).toEqual([1, 8]);
    expect(first.bills).toHaveLength(3);
    expect(sesamyTags(first)).toEqual([
      'sesamy_active_subscriber',
      'sesamy_active_entitlement_publication-premium-magazine',
      'sesamy_active_entitlement_publication-digital-access',
      'sesamy_active_entitlement_article-the-long-read',
      'sesamy_active_sku_mag-001',
      'sesamy_active_sku_dig-001',
      'sesamy_active_sku_art-1',
      'sesamy_active_sku_po_mag-001-po-123',
      'sesamy_active_sku_po_dig-001-po-456',
      'sesamy_made_single_purchase',
      'sesamy_tag_vip',
    ]);

    act('request-cancel', { contractId: bought.contract.id });
    expect(countSubscriptions((await snapshotNow()).contracts)).toMatchObject({ active: 2, ended: 0 });

    act('cancel', { contractId: bought.contract.id });
    const last = await snapshotNow();
    expect(countSubscriptions(last.contracts)).toEqual({ active: 1, canceled: 1, expired: 0, ended: 1 });
    expect(activeProductTitles(last)).toEqual(['Digital Access - Annual']);
  },
);

test('a purchase gives the change and the checkout, with products and attribution', async () => {
  act('purchase', {
    userId: 'email|u1',
    sku: 'MAG-001',
    attribution: { utmCampaign: 'autumn', _ga: 'GA1.1.2.3' },
  });
  const outcome = await resolveNew();
  const emitted = outcome?.kind === 'delivered' ? (outcome.emit ?? []) : [];
  expect(emitted.map(({ type }) => type)).toEqual(['subscriber.changed', 'checkout.confirmed']);
  const confirmed = checkoutConfirmedSchema.parse(emitted[1]?.payload);
  expect(confirmed.products).toMatchObject([{ sku: 'MAG-001', title: 'Premium Magazine' }]);
  expect(confirmed.attribution).toMatchObject({ utmCampaign: 'autumn', gaCookie: 'GA1.1.2.3' });
});

test('a gift is seen by the one who receives it', async () => {
  act('create-user', { userId: 'email|giver', email: 'giver@example.com' });
  emulator.state.events.splice(0);
  act('gift', { userId: 'email|u1', payerId: 'email|giver', sku: 'MAG-001' });
  expect(sesamyTags(await snapshotNow())).toContain('sesamy_has_gifted_subscription');
});

test('a deleted user is first tried again and then a dead letter', async () => {
  act('delete-user', { userId: 'email|u1' });
  const [event] = emulator.state.events;
  expect(await resolveNew()).toMatchObject({ kind: 'retry', fault: { code: 'sesamy.user_unknown' } });
  emulator.clock.advance(3_600_000);
  if (event !== undefined) emulator.state.events.push(event);
  expect(await resolveNew()).toMatchObject({ kind: 'rejected', fault: { code: 'sesamy.user_unknown' } });
});
