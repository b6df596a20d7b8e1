/** What a raw subscriber event may point at besides the user. */
export type SubscriberEventIdName = 'contractId' | 'entitlementId' | 'checkoutId';

interface SubscriberEventType {
  readonly meaning: string;
  /** The ids that it likely carries; the vendor lists all but the user's as "when applicable". */
  readonly ids: readonly SubscriberEventIdName[];
}

/**
 * The eight events of the subscription platform, spelled as it spells them (`contract#cancelRequest` has no
 * version): https://developers.sesamy.com/integrations/concepts.html, read 2026-11. Which ids each one
 * carries is inferred from its meaning (confidence medium), so nothing relies on an id being there.
 */
export const SUBSCRIBER_EVENT_TYPES = {
  'userVendor.1#new': { meaning: 'A new user registered with a vendor', ids: [] },
  'userVendor.1#update': { meaning: 'A user profile was updated', ids: [] },
  'contract.1#purchased': {
    meaning: 'A subscription contract was purchased',
    ids: ['contractId', 'checkoutId'],
  },
  'contract.1#update': { meaning: 'A contract status changed', ids: ['contractId'] },
  'contract#cancelRequest': { meaning: 'A user requested cancellation', ids: ['contractId'] },
  'entitlement.1#new': {
    meaning: 'A new entitlement was created for a user',
    ids: ['entitlementId', 'contractId'],
  },
  'entitlement.1#update': {
    meaning: 'An existing entitlement was updated',
    ids: ['entitlementId', 'contractId'],
  },
  'checkout.1#confirm': { meaning: 'A checkout was completed', ids: ['checkoutId', 'contractId'] },
} as const satisfies Record<string, SubscriberEventType>;

export type SubscriberEventTypeName = keyof typeof SUBSCRIBER_EVENT_TYPES;

/** The one event that stands for a purchase, and so becomes an event of its own. */
export const CHECKOUT_CONFIRMED_TYPE: SubscriberEventTypeName = 'checkout.1#confirm';

export function isSubscriberEventType(name: string): name is SubscriberEventTypeName {
  return Object.hasOwn(SUBSCRIBER_EVENT_TYPES, name);
}
