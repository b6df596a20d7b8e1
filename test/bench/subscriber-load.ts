/** What a subscription platform sends of people who buy: a checkout and four changes, each with the whole picture. */
import type { SubscriberInput } from '../../src/subscribers/index.ts';

/** The first of a person's events is a checkout, the others are changes that no vendor counts as a purchase. */
export const EVENTS_PER_PERSON = 5;

export function subscriberEvent(person: string, round: number): object {
  const eventType = round === 0 ? 'checkout.1#confirm' : 'userVendor.1#update';
  return {
    eventType,
    eventId: `${person}-${String(round)}`,
    checkoutId: round === 0 ? `checkout-${person}` : null,
    occured_at: new Date().toISOString(),
    snapshot: pictureOf(person, round),
  };
}

function pictureOf(person: string, round: number): SubscriberInput {
  const email = `${person}@publisher.no`;
  const magazine = { sku: 'MAG', title: 'Premium Magazine', optionId: 'monthly', optionTitle: 'Monthly' };
  return {
    person: {
      userId: person,
      email,
      emailVerified: true,
      firstName: 'Ada',
      lastName: `Number ${String(round)}`,
    },
    contracts: [{ id: `contract-${person}`, status: 'active', term: 'recurring', items: [magazine] }],
    entitlements: [
      { id: `right-${person}`, sku: 'MAG', title: 'Premium Magazine', type: 'publication', hasAccess: true },
    ],
    products: [{ sku: 'MAG', title: 'Premium Magazine', type: 'publication' }],
    checkouts:
      round > 0
        ? []
        : [
            {
              id: `checkout-${person}`,
              status: 'completed',
              items: [{ sku: 'MAG', optionId: 'monthly', price: 99, currency: 'SEK' }],
              email,
              redirectUrl: 'https://www.publisher.no/thanks',
            },
          ],
  };
}
