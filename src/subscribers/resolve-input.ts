import { z } from 'zod';
import type { Event } from '../kernel/event.ts';
import { audienceOf } from './audience.ts';
import { CHECKOUT_CONFIRMED_TYPE, isSubscriberEventType, SUBSCRIBER_EVENT_TYPES } from './event-types.ts';
import { causeSchema } from './resolution.ts';
import type { Cause } from './resolution.ts';
import { subscriberEventSchema } from './subscriber-event.ts';
import { subscriberSchema } from './subscriber.ts';
import type { Subscriber } from './subscriber.ts';

/** What the resolver is asked: the full picture of one user, in answer to these raw events. */
export const resolveInputSchema = z.object({
  /** The source that the events came from; part of the ids of what is derived from them. */
  source: z.string().min(1),
  userId: z.string().min(1),
  causes: z.array(causeSchema).min(1),
  /** The newest snapshot that an event brought along. */
  inline: z.object({ occurredAt: z.string(), snapshot: subscriberSchema }).nullable(),
});
export type ResolveInput = z.output<typeof resolveInputSchema>;

type Inline = NonNullable<ResolveInput['inline']>;

export type ResolveQuestion =
  | { readonly kind: 'input'; readonly input: ResolveInput }
  | { readonly kind: 'skip'; readonly reason: string };

/**
 * The question that one raw event asks. An unknown type that carries ids only says nothing that could be
 * looked up with confidence; with a snapshot, the snapshot speaks for itself, whatever the type is called.
 */
export function toResolveInput(event: Event): ResolveQuestion {
  const parsed = subscriberEventSchema.safeParse(event.payload);
  if (!parsed.success) return { kind: 'skip', reason: 'The event has not the form of a subscriber event.' };
  const { eventType, userId, contractId, entitlementId, checkoutId, snapshot } = parsed.data;
  if (snapshot === null && !isSubscriberEventType(eventType)) {
    const known = Object.keys(SUBSCRIBER_EVENT_TYPES).join(', ');
    return { kind: 'skip', reason: `The event type "${eventType}" is unknown; known are ${known}.` };
  }
  const cause: Cause = {
    eventType,
    eventId: event.id,
    occurredAt: event.occurredAt,
    ids: { contractId, entitlementId, checkoutId },
    ...audienceOf(event.payload),
  };
  const inline = snapshot === null ? null : { occurredAt: event.occurredAt, snapshot };
  return { kind: 'input', input: { source: event.source, userId, causes: [cause], inline } };
}

/**
 * Two waiting questions about one user become one: all causes, each once, and the newest snapshot. A snapshot holds the
 * checkouts of its own event only, so those of an older one are kept, or a purchase would go with it.
 */
export function mergeResolveInputs(older: ResolveInput, newer: ResolveInput): ResolveInput {
  const known = new Set(older.causes.map(({ eventId }) => eventId));
  return {
    ...newer,
    causes: [...older.causes, ...newer.causes.filter(({ eventId }) => !known.has(eventId))],
    inline: newest(older.inline, newer.inline),
  };
}

function newest(older: ResolveInput['inline'], newer: ResolveInput['inline']): ResolveInput['inline'] {
  if (older === null || newer === null) return newer ?? older;
  return Date.parse(newer.occurredAt) >= Date.parse(older.occurredAt)
    ? withCheckoutsOf(newer, older)
    : withCheckoutsOf(older, newer);
}

function withCheckoutsOf(kept: Inline, dropped: Inline): Inline {
  const { snapshot } = kept;
  const held = new Set(snapshot.checkouts.map(({ id }) => id));
  const checkouts = dropped.snapshot.checkouts.filter(({ id }) => !held.has(id));
  if (checkouts.length === 0) return kept;
  const described = new Set(snapshot.products.map(({ sku }) => sku));
  const bought = new Set(checkouts.flatMap(({ items }) => items.map(({ sku }) => sku)));
  const products = dropped.snapshot.products.filter(({ sku }) => bought.has(sku) && !described.has(sku));
  return {
    ...kept,
    snapshot: {
      ...snapshot,
      checkouts: [...snapshot.checkouts, ...checkouts],
      products: [...snapshot.products, ...products],
    },
  };
}

/** The snapshot that came along, unless a later event without one says that it is out of date. */
export function currentInlineSnapshot({ inline, causes }: ResolveInput): Subscriber | null {
  if (inline === null) return null;
  const changedSince = causes.some(
    ({ occurredAt }) => Date.parse(occurredAt) > Date.parse(inline.occurredAt),
  );
  return changedSince ? null : inline.snapshot;
}

/** The checkouts that the events speak of, each once. */
export function checkoutIdsOf(causes: readonly Cause[]): readonly string[] {
  return distinct(causes.map(({ ids }) => ids.checkoutId));
}

/** Those among them that were completed. The event is the authority: a read may lag behind it. */
export function confirmedCheckoutIdsOf(causes: readonly Cause[]): readonly string[] {
  return checkoutIdsOf(causes.filter(({ eventType }) => eventType === CHECKOUT_CONFIRMED_TYPE));
}

/** The contracts that the events speak of, each once. */
export function contractIdsOf(causes: readonly Cause[]): readonly string[] {
  return distinct(causes.map(({ ids }) => ids.contractId));
}

function distinct(ids: readonly (string | null)[]): readonly string[] {
  return [...new Set(ids.filter((id) => id !== null))];
}
