import { expect, test } from 'vitest';
import { aContract, aSubscriber } from '../../test/support/a-subscriber.ts';
import type { Event } from '../kernel/event.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { DerivedEvent } from '../kernel/outcome.ts';
import { derivedEvents } from './derived-events.ts';
import { checkoutConfirmedSchema, subscriberChangedSchema } from './resolution.ts';
import type { SubscriberChanged } from './resolution.ts';
import { currentInlineSnapshot, mergeResolveInputs, toResolveInput } from './resolve-input.ts';
import type { ResolveInput } from './resolve-input.ts';

function anEvent(parts: { id: string; second?: number; eventType?: string } & JsonObject): Event {
  const { id, second = 0, eventType = 'contract.1#update', ...ids } = parts;
  const occurredAt = `2025-11-10T12:00:0${String(second)}.000Z`;
  return {
    id,
    source: 'sesamy',
    type: 'subscriber',
    name: eventType,
    personKey: 'user_456',
    occurredAt,
    receivedAt: occurredAt,
    payload: { eventType, vendorId: 'vendor_123', userId: 'User_456', occured_at: occurredAt, ...ids },
  };
}

function question(parts: Parameters<typeof anEvent>[0]): ResolveInput {
  const asked = toResolveInput(anEvent(parts));
  if (asked.kind === 'skip') throw new Error(asked.reason);
  return asked.input;
}

const snapshotOf = (firstName: string): JsonObject => ({ person: { userId: 'User_456', firstName } });

test('a raw event asks for its user, with the event as the cause', () => {
  expect(question({ id: 'e1', contractId: 'contract_789' })).toEqual({
    source: 'sesamy',
    userId: 'User_456',
    causes: [
      {
        eventType: 'contract.1#update',
        eventId: 'e1',
        occurredAt: '2025-11-10T12:00:00.000Z',
        ids: { contractId: 'contract_789', entitlementId: null, checkoutId: null },
        consent: null,
        integrations: null,
      },
    ],
    inline: null,
  });
});

test('an unknown type with ids only is skipped by name; with a snapshot it is taken', () => {
  expect(toResolveInput(anEvent({ id: 'e1', eventType: 'refund.2#new' }))).toMatchObject({
    kind: 'skip',
    reason: expect.stringContaining('"refund.2#new"') as string,
  });
  expect(
    question({ id: 'e1', eventType: 'refund.2#new', snapshot: snapshotOf('Åsa') }).inline,
  ).not.toBeNull();
});

test('waiting questions merge to all causes, each once, and the newest snapshot', () => {
  const first = question({ id: 'e1', second: 2, snapshot: snapshotOf('newest') });
  const second = question({ id: 'e2', second: 1, snapshot: snapshotOf('late but older') });
  const merged = mergeResolveInputs(mergeResolveInputs(first, second), second);
  expect(merged.causes.map(({ eventId }) => eventId)).toEqual(['e1', 'e2']);
  expect(merged.inline?.snapshot.person.firstName).toBe('newest');
});

test.each(['first', 'last'])(
  'a purchase is not lost when a snapshot without its checkout takes the place of its own, which came %s',
  (when) => {
    const bought = question({
      id: 'e1',
      eventType: 'checkout.1#confirm',
      checkoutId: 'checkout_345',
      snapshot: {
        person: { userId: 'User_456', firstName: 'before' },
        products: [{ sku: 'MAG-001', title: 'Premium Magazine' }, { sku: 'OTHER' }],
        checkouts: [{ id: 'checkout_345', items: [{ sku: 'MAG-001' }] }],
      },
    });
    const changed = question({ id: 'e2', second: 1, snapshot: snapshotOf('after') });
    const merged =
      when === 'first' ? mergeResolveInputs(bought, changed) : mergeResolveInputs(changed, bought);
    const snapshot = currentInlineSnapshot(merged);
    if (snapshot === null) throw new Error('The snapshot is lost.');
    expect(snapshot.person.firstName).toBe('after');
    const [, confirmed] = derivedEvents(merged, snapshot);
    expect(checkoutConfirmedSchema.parse(confirmed?.payload)).toMatchObject({
      checkout: { id: 'checkout_345' },
      products: [{ sku: 'MAG-001' }],
    });
  },
);

test('a snapshot is out of date once a later event came without one', () => {
  const inline = question({ id: 'e1', second: 1, snapshot: snapshotOf('Åsa') });
  expect(currentInlineSnapshot(inline)?.person.firstName).toBe('Åsa');
  expect(currentInlineSnapshot(mergeResolveInputs(question({ id: 'e0', second: 0 }), inline))).not.toBeNull();
  expect(currentInlineSnapshot(mergeResolveInputs(inline, question({ id: 'e2', second: 2 })))).toBeNull();
});

const snapshot = aSubscriber({
  person: { userId: 'User_456', email: 'asa@example.com' },
  contracts: [aContract()],
  products: [{ sku: 'MAG-001', title: 'Premium Magazine' }, { sku: 'OTHER' }],
  checkouts: [{ id: 'checkout_345', items: [{ sku: 'MAG-001' }], attribution: { utmCampaign: 'autumn' } }],
});
const confirm = (id: string, second: number): ResolveInput =>
  question({ id, second, eventType: 'checkout.1#confirm', checkoutId: 'checkout_345' });

test('a snapshot becomes one subscriber.changed with every cause', () => {
  const input = mergeResolveInputs(question({ id: 'e1', second: 3 }), question({ id: 'e2', second: 1 }));
  const [changed, ...more] = derivedEvents(input, snapshot);
  expect(more).toEqual([]);
  expect(changed).toMatchObject({ type: 'subscriber.changed', name: null, personKey: 'user_456' });
  expect(changed?.occurredAt).toBe('2025-11-10T12:00:03.000Z');
  expect(subscriberChangedSchema.parse(changed?.payload)).toEqual({
    snapshot,
    causes: input.causes,
    context: { consent: null },
    integrations: null,
  });
});

test('a confirmed checkout becomes an event of its own, with its products and attribution', () => {
  const [, confirmed] = derivedEvents(mergeResolveInputs(question({ id: 'e1' }), confirm('e2', 1)), snapshot);
  expect(confirmed).toMatchObject({ type: 'checkout.confirmed', occurredAt: '2025-11-10T12:00:01.000Z' });
  const payload = checkoutConfirmedSchema.parse(confirmed?.payload);
  expect(payload.products.map(({ sku }) => sku)).toEqual(['MAG-001']);
  expect(payload.attribution?.utmCampaign).toBe('autumn');
  expect(payload.person.email).toBe('asa@example.com');
  expect(payload.causes.map(({ eventId }) => eventId)).toEqual(['e2']);
});

const asked = (advertising: boolean): JsonObject => ({
  context: { consent: { categoryPreferences: { advertising } } },
});
const saidOf = (event: DerivedEvent | undefined) => {
  const { context, integrations } = (event?.payload ?? {}) as Partial<SubscriberChanged>;
  return { consent: context?.consent, integrations };
};

test('what the newest event says of consent and integrations counts for what is derived, and what a purchase says for it', () => {
  const only = { Meta: false };
  const bought = question({
    id: 'e1',
    eventType: 'checkout.1#confirm',
    checkoutId: 'checkout_345',
    ...asked(false),
  });
  const agreed = question({ id: 'e2', second: 1, integrations: only, ...asked(true) });
  const silent = question({ id: 'e3', second: 2 });
  const input = mergeResolveInputs(mergeResolveInputs(silent, bought), agreed);
  const [changed, confirmed] = derivedEvents(input, snapshot);
  const given = (advertising: boolean) => ({ categoryPreferences: { advertising } });
  expect(saidOf(changed)).toEqual({ consent: given(true), integrations: only });
  expect(saidOf(confirmed)).toEqual({ consent: given(false), integrations: only });
});

test('a repeat has the same ids whatever the order, and a purchase the same id whatever its company', () => {
  const [changed, bought] = derivedEvents(
    mergeResolveInputs(question({ id: 'e1' }), confirm('e2', 1)),
    snapshot,
  );
  const [again, boughtAgain] = derivedEvents(
    mergeResolveInputs(confirm('e2', 1), question({ id: 'e1' })),
    snapshot,
  );
  const [alone, boughtAlone] = derivedEvents(confirm('e3', 2), snapshot);
  expect(again?.id).toBe(changed?.id);
  expect(alone?.id).not.toBe(changed?.id);
  expect([boughtAgain?.id, boughtAlone?.id]).toEqual([bought?.id, bought?.id]);
});
