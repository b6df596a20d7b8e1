import { z } from 'zod';
import {
  list,
  optionalFlag,
  optionalId,
  optionalNumber,
  optionalText,
  optionalTime,
  requiredId,
} from './fields.ts';
import { optionalAddress } from './person.ts';

/** Where a purchase came from: the campaign, the page, and the cookies that tie it to advertising. */
export const attributionSchema = z.object({
  utmSource: optionalText,
  utmMedium: optionalText,
  utmCampaign: optionalText,
  utmTerm: optionalText,
  utmContent: optionalText,
  source: optionalText,
  sourceId: optionalText,
  itemSrc: optionalText,
  publisherContentId: optionalText,
  ref: optionalText,
  referrer: optionalText,
  /** Values of the cookies `_ga`, `_gid`, `_fbp` and `_fbc`, as the browser held them. */
  gaCookie: optionalText,
  gidCookie: optionalText,
  fbpCookie: optionalText,
  fbcCookie: optionalText,
  /** X's id of the click that led here. */
  twclid: optionalText,
  /** Of the browser that paid, for platforms that tell; advertising asks for both. */
  userAgent: optionalText,
  ipAddress: optionalText,
});

/** A checkout session. */
export const checkoutSchema = z.object({
  id: requiredId,
  status: z.string().trim().toLowerCase().nullable().default(null),
  kind: z.enum(['recurring', 'single']).nullable().default(null),
  items: list(
    z.object({
      sku: optionalId,
      url: optionalText,
      optionId: optionalId,
      price: optionalNumber,
      currency: optionalText,
    }),
  ),
  /** Of the whole order; wins over the prices of the items. */
  price: optionalNumber,
  currency: optionalText,
  /** Of the whole order, for platforms that tell; Sesamy's public types have none (npm @sesamy/sdk 1.22.0, 2026-11). */
  tax: optionalNumber,
  discountCodes: list(z.object({ code: z.string(), isApplied: z.boolean(), name: optionalText })),
  email: optionalText,
  firstName: optionalText,
  lastName: optionalText,
  phone: optionalText,
  country: optionalText,
  language: optionalText,
  address: optionalAddress,
  businessAddress: optionalAddress,
  isBusiness: optionalFlag,
  isGift: optionalFlag,
  /** Who pays when it is not the subscriber. */
  payer: z.object({ id: optionalId, email: optionalText }).nullable().default(null),
  referralEmail: optionalText,
  anonymousId: optionalId,
  attribution: attributionSchema.nullable().default(null),
  paymentProvider: optionalText,
  paymentMethod: optionalText,
  redirectUrl: optionalText,
  metadata: z
    .record(z.string(), z.string())
    .nullish()
    .transform((metadata) => metadata ?? {}),
  createdAt: optionalTime,
  updatedAt: optionalTime,
});
export type Checkout = z.output<typeof checkoutSchema>;
