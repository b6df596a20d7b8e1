/** Subscribers: the snapshot, what can be derived from it, and the events about it. Pure. */
export type { Attribution, Checkout } from './checkout.ts';
export type { Bill, Contract, Entitlement, Product } from './contract.ts';
export {
  countArticlesPurchased,
  countIssuesRemaining,
  countSubscriptions,
  isActiveSubscription,
  isOneTime,
} from './counts.ts';
export type { SubscriptionCounts } from './counts.ts';
export { derivedEvents } from './derived-events.ts';
export { CHECKOUT_CONFIRMED_TYPE, isSubscriberEventType, SUBSCRIBER_EVENT_TYPES } from './event-types.ts';
export type { SubscriberEventIdName, SubscriberEventTypeName } from './event-types.ts';
export type { Address, Person, Phones } from './person.ts';
export { choosePhone } from './phone.ts';
export { activeProductTitles, activeSkus } from './products.ts';
export { checkoutConfirmedSchema, subscriberChangedSchema } from './resolution.ts';
export type { Cause, CheckoutConfirmed, SubscriberChanged } from './resolution.ts';
export {
  checkoutIdsOf,
  confirmedCheckoutIdsOf,
  contractIdsOf,
  currentInlineSnapshot,
  mergeResolveInputs,
  resolveInputSchema,
  toResolveInput,
} from './resolve-input.ts';
export type { ResolveInput, ResolveQuestion } from './resolve-input.ts';
export { subscriberEventId, subscriberEventSchema, subscriberEventTime } from './subscriber-event.ts';
export type { SubscriberEvent } from './subscriber-event.ts';
export { subscriberSchema } from './subscriber.ts';
export type { Subscriber, SubscriberInput } from './subscriber.ts';
export { sesamyTags, tagDifference, tagsToKeep } from './tags.ts';
