import { z } from 'zod';
import { attributionSchema, checkoutSchema } from './checkout.ts';
import { productSchema } from './contract.ts';
import { optionalId } from './fields.ts';
import { addressSchema, personSchema, phonesSchema } from './person.ts';
import { subscriberSchema } from './subscriber.ts';

/** A raw event that led to a derived one. */
export const causeSchema = z.object({
  eventType: z.string(),
  eventId: z.string(),
  occurredAt: z.string(),
  ids: z.object({ contractId: optionalId, entitlementId: optionalId, checkoutId: optionalId }),
});
export type Cause = z.output<typeof causeSchema>;

/** Payload of `subscriber.changed`: the full picture, and every raw event that it answers. */
export const subscriberChangedSchema = z.object({
  snapshot: subscriberSchema,
  causes: z.array(causeSchema),
});
export type SubscriberChanged = z.output<typeof subscriberChangedSchema>;

/** Payload of `checkout.confirmed`: one purchase with all that analytics and advertising ask about it. */
export const checkoutConfirmedSchema = z.object({
  checkout: checkoutSchema,
  /** Those that the checkout's items name, as far as the platform knows them. */
  products: z.array(productSchema),
  attribution: attributionSchema.nullable(),
  person: personSchema,
  phones: phonesSchema,
  addresses: z.object({ billing: addressSchema.nullable(), delivery: addressSchema.nullable() }),
  causes: z.array(causeSchema),
});
export type CheckoutConfirmed = z.output<typeof checkoutConfirmedSchema>;
