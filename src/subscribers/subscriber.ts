import { z } from 'zod';
import { checkoutSchema } from './checkout.ts';
import { billSchema, contractSchema, entitlementSchema, productSchema } from './contract.ts';
import { list } from './fields.ts';
import { optionalAddress, personSchema, phonesSchema } from './person.ts';

/**
 * The full picture of one person with contracts and entitlements, the same for every platform. A connector
 * maps its vendor's shapes into it; senders without a connector put it into their events as `snapshot`.
 * Unknown keys are ignored, missing lists are empty, missing values are null.
 */
export const subscriberSchema = z.object({
  person: personSchema,
  addresses: z
    .object({ billing: optionalAddress, delivery: optionalAddress })
    .nullish()
    .transform((addresses) => addresses ?? { billing: null, delivery: null }),
  phones: phonesSchema
    .nullish()
    .transform((phones) => phones ?? { mobile: null, default: null, work: null, home: null }),
  /** The platform's own labels on the person, not the `sesamy_` tags derived from the whole picture. */
  tags: list(z.string()),
  contracts: list(contractSchema),
  entitlements: list(entitlementSchema),
  products: list(productSchema),
  bills: list(billSchema),
  /** Those that the causing events name; a platform's whole history of checkouts is not looked up. */
  checkouts: list(checkoutSchema),
});
export type Subscriber = z.output<typeof subscriberSchema>;
/** The form that senders may use: everything but the user id, and the ids in lists, can be left out. */
export type SubscriberInput = z.input<typeof subscriberSchema>;
