/**
 * A raw event of a subscription platform as readers see it, and what the resolver makes of it: by the functions that
 * Linchpin itself uses, without a store and without a platform.
 */
import type { LoggedEvent } from '../../src/kernel/event.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import { derivedEvents, subscriberEventSchema, toResolveInput } from '../../src/subscribers/index.ts';
import type { SubscriberInput } from '../../src/subscribers/index.ts';

export interface RawEvent {
  readonly eventType: string;
  readonly occurredAt: string;
  readonly contractId?: string;
  readonly entitlementId?: string;
  readonly checkoutId?: string;
  /** The whole picture at that moment. */
  readonly snapshot: SubscriberInput;
}

/** The raw event first, then what is derived from it. */
export function subscriberEvents({ occurredAt, snapshot, ...ids }: RawEvent): readonly LoggedEvent[] {
  const given = {
    ...ids,
    vendorId: 'acme',
    userId: snapshot.person.userId,
    occured_at: occurredAt,
    snapshot,
  };
  const parsed = subscriberEventSchema.parse(given);
  const raw = logged(
    {
      id: `raw-${ids.eventType}-${parsed.userId}`,
      type: 'subscriber',
      name: parsed.eventType,
      personKey: parsed.userId.toLowerCase(),
      occurredAt,
      payload: given,
    },
    1,
  );
  const resolve = toResolveInput(raw);
  if (resolve.kind !== 'input' || parsed.snapshot === null) throw new Error('The event is not resolved.');
  const derived = derivedEvents(resolve.input, parsed.snapshot);
  return [raw, ...derived.map((event, index) => logged(event, index + 2))];
}

function logged(
  event: Omit<LoggedEvent, 'source' | 'receivedAt' | 'position' | 'payload'> & { readonly payload: unknown },
  position: number,
): LoggedEvent {
  // Through JSON, as events come from the log.
  const payload = JSON.parse(JSON.stringify(event.payload)) as JsonObject;
  return { ...event, payload, source: 'sesamy', receivedAt: event.occurredAt, position };
}
