import { z } from 'zod';
import { isJsonObject } from '../kernel/json.ts';
import type { JsonObject } from '../kernel/json.ts';
import { attributionSchema, checkoutSchema } from './checkout.ts';
import { productSchema } from './contract.ts';
import { optionalId } from './fields.ts';
import { addressSchema, personSchema, phonesSchema } from './person.ts';
import { subscriberSchema } from './subscriber.ts';

// As they came: what they mean is for those who read them to say.
const optionalObject = z.custom<JsonObject>(isJsonObject).nullable().default(null);

/** Who may hear of an event, as its sender says it in Segment's terms; null where it says nothing. */
export const audienceSchema = z.object({
  /** Of the event's context: what the person has consented to. */
  consent: optionalObject,
  integrations: optionalObject,
});
export type Audience = z.output<typeof audienceSchema>;

/** A raw event that led to a derived one. */
export const causeSchema = z.object({
  eventType: z.string(),
  eventId: z.string(),
  occurredAt: z.string(),
  ids: z.object({ contractId: optionalId, entitlementId: optionalId, checkoutId: optionalId }),
  ...audienceSchema.shape,
});
export type Cause = z.output<typeof causeSchema>;

/** What derived events say of who may hear of them, in the places where Segment's events do. */
const said = {
  context: audienceSchema.pick({ consent: true }).default({ consent: null }),
  integrations: optionalObject,
};

/** Payload of `subscriber.changed`: the full picture, and every raw event that it answers. */
export const subscriberChangedSchema = z.object({
  snapshot: subscriberSchema,
  causes: z.array(causeSchema),
  ...said,
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
  ...said,
});
export type CheckoutConfirmed = z.output<typeof checkoutConfirmedSchema>;
