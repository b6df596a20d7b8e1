/** Subscribers: the snapshot, what can be derived from it, and the events about it. Pure. */
export { buyerOf } from './buyer.ts';
export type { Checkout } from './checkout.ts';
export type { Contract } from './contract.ts';
export {
  countArticlesPurchased,
  countIssuesRemaining,
  countSubscriptions,
  isActiveSubscription,
  isOneTime,
} from './counts.ts';
export { derivedEvents } from './derived-events.ts';
export { isSubscriberEventType } from './event-types.ts';
export { lastSeenDay } from './last-seen.ts';
export { mailRecipient } from './mail-recipient.ts';
export { activeProductTitles, itemTitle, optionTitle } from './products.ts';
export { checkoutAmount, checkoutItems } from './purchase.ts';
export { checkoutConfirmedSchema, subscriberChangedSchema } from './resolution.ts';
export type { CheckoutConfirmed, SubscriberChanged } from './resolution.ts';
export {
  checkoutIdsOf,
  confirmedCheckoutIdsOf,
  contractIdsOf,
  currentInlineSnapshot,
  mergeResolveInputs,
  resolveInputSchema,
  toResolveInput,
} from './resolve-input.ts';
export type { ResolveInput } from './resolve-input.ts';
export { subscriberEventId, subscriberEventSchema, subscriberEventTime } from './subscriber-event.ts';
export { subscriberSchema } from './subscriber.ts';
export type { Subscriber, SubscriberInput } from './subscriber.ts';
export { sesamyTags, tagDifference, tagsToKeep } from './tags.ts';
export { USER_AGENT_FIELD, userAgentOf } from './user-agent.ts';
export { mergeWantedTags } from './wanted-tags.ts';
