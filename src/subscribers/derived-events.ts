import type { DerivedEvent } from '../kernel/outcome.ts';
import { inheritedAudience } from './audience.ts';
import type { Checkout } from './checkout.ts';
import { CHECKOUT_CONFIRMED_TYPE } from './event-types.ts';
import type { Cause, CheckoutConfirmed, SubscriberChanged } from './resolution.ts';
import { confirmedCheckoutIdsOf } from './resolve-input.ts';
import type { ResolveInput } from './resolve-input.ts';
import { digest } from './subscriber-event.ts';
import type { Subscriber } from './subscriber.ts';

/**
 * What follows from a snapshot: one `subscriber.changed` for all causes, and a `checkout.confirmed` for every
 * completed checkout that the snapshot holds. The ids are made from the causes and the checkout, so that a
 * repeat after a crash is recognised as the same events.
 */
export function derivedEvents(input: ResolveInput, snapshot: Subscriber): readonly DerivedEvent[] {
  const confirmed = confirmedCheckoutIdsOf(input.causes)
    .map((id) => snapshot.checkouts.find((checkout) => checkout.id === id))
    .filter((checkout) => checkout !== undefined);
  return [
    subscriberChanged(input, snapshot),
    ...confirmed.map((checkout) => checkoutConfirmed(input, snapshot, checkout)),
  ];
}

function subscriberChanged({ source, userId, causes }: ResolveInput, snapshot: Subscriber): DerivedEvent {
  const { consent, integrations } = inheritedAudience(causes);
  const payload: SubscriberChanged = { snapshot, causes: [...causes], context: { consent }, integrations };
  const eventIds = causes.map(({ eventId }) => eventId).toSorted();
  return {
    id: `changed_${digest([source, userId, eventIds])}`,
    type: 'subscriber.changed',
    name: null,
    personKey: personKey(userId),
    occurredAt: newestTime(causes),
    payload,
  };
}

function checkoutConfirmed(input: ResolveInput, snapshot: Subscriber, checkout: Checkout): DerivedEvent {
  const causes = input.causes.filter(
    ({ eventType, ids }) => eventType === CHECKOUT_CONFIRMED_TYPE && ids.checkoutId === checkout.id,
  );
  // What is said with the purchase counts for it; what is said beside it, only where the purchase says nothing.
  const [atPurchase, atAnyTime] = [inheritedAudience(causes), inheritedAudience(input.causes)];
  const skus = new Set(checkout.items.map(({ sku }) => sku));
  const payload: CheckoutConfirmed = {
    checkout,
    products: snapshot.products.filter(({ sku }) => skus.has(sku)),
    attribution: checkout.attribution,
    person: snapshot.person,
    phones: snapshot.phones,
    addresses: snapshot.addresses,
    causes,
    context: { consent: atPurchase.consent ?? atAnyTime.consent },
    integrations: atPurchase.integrations ?? atAnyTime.integrations,
  };
  return {
    id: `checkout_${digest([input.source, checkout.id])}`,
    type: 'checkout.confirmed',
    name: CHECKOUT_CONFIRMED_TYPE,
    personKey: personKey(input.userId),
    occurredAt: oldestTime(causes),
    payload,
  };
}

// The form that every event's person key has (kernel/event.ts).
function personKey(userId: string): string {
  return userId.trim().toLowerCase();
}

function newestTime(causes: readonly Cause[]): string {
  return times(causes).at(-1) ?? '';
}

// A purchase happened when it was first reported; a repeat of the report is no second purchase.
function oldestTime(causes: readonly Cause[]): string {
  return times(causes).at(0) ?? '';
}

function times(causes: readonly Cause[]): readonly string[] {
  return causes.map(({ occurredAt }) => occurredAt).toSorted((a, b) => Date.parse(a) - Date.parse(b));
}
