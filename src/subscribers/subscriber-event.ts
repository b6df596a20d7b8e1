import { createHash } from 'node:crypto';
import { z } from 'zod';
import { optionalId } from './fields.ts';
import { subscriberSchema } from './subscriber.ts';

/**
 * A raw event as `POST /v1/subscriber-events` takes it: ids only, or with the whole picture inline. Only the
 * type, the user and the time are needed, and the user may be named by the snapshot alone. Types beyond the
 * eight known ones are valid: they are stored, and the resolver says why it skipped them.
 */
export const subscriberEventSchema = z
  .object({
    eventType: z.string().trim().min(1).max(200),
    vendorId: optionalId,
    userId: optionalId,
    contractId: optionalId,
    entitlementId: optionalId,
    checkoutId: optionalId,
    /** Spelled with one `r`, as the platform's documentation does. A time without a zone is UTC. */
    occured_at: z.iso.datetime({ offset: true, local: true }),
    /** The sender's own id of the event, for senders that have one. */
    eventId: optionalId,
    snapshot: subscriberSchema.nullable().default(null),
  })
  .transform((event, context) => {
    const userId = event.userId ?? event.snapshot?.person.userId;
    if (userId === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['userId'],
        message: 'is required unless a snapshot names the user',
      });
      return z.NEVER;
    }
    if (event.snapshot !== null && event.snapshot.person.userId !== userId) {
      context.addIssue({
        code: 'custom',
        path: ['snapshot', 'person', 'userId'],
        message: 'is not the userId of the event',
      });
      return z.NEVER;
    }
    return { ...event, userId };
  });
export type SubscriberEvent = z.output<typeof subscriberEventSchema>;

/** When it happened, ISO 8601 in UTC with milliseconds. */
export function subscriberEventTime(event: Pick<SubscriberEvent, 'occured_at'>): string {
  const hasZone = /(?:Z|[+-]\d\d:\d\d)$/i.test(event.occured_at);
  return new Date(hasZone ? event.occured_at : `${event.occured_at}Z`).toISOString();
}

/**
 * The id under which a repeated delivery of the same event is recognised: the sender's own, or one made from
 * all that the event says. `null` when two different events may look alike: the platform gives no event id,
 * and with times in whole seconds a second change within one second equals the first. Resolving a repeat
 * again costs a few reads; dropping a real change would leave a contact wrong until the next one.
 */
export function subscriberEventId(event: SubscriberEvent): string | null {
  if (event.eventId !== null) return event.eventId;
  if (event.snapshot === null && !/:\d\d\.\d*[1-9]/.test(event.occured_at)) return null;
  const said = [
    event.vendorId,
    event.eventType,
    event.userId,
    event.contractId,
    event.entitlementId,
    event.checkoutId,
    subscriberEventTime(event),
    event.snapshot,
  ];
  return `sub_${digest(said)}`;
}

// 160 bits: far beyond chance collisions, and short enough to read in a log.
const DIGEST_HEX_LENGTH = 40;

/** A short fingerprint of a JSON value; equal values with keys in the same order have the same one. */
export function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, DIGEST_HEX_LENGTH);
}
