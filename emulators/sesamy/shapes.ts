import { z } from 'zod';

/**
 * The vendor's resources after the types of `@sesamy/sdk` 1.22.0 (2026-11). Strict: a seed or a body with a
 * key that the vendor does not know is refused.
 */
const text = z.string();
const metadata = z.record(text, z.union([text, z.number()]));

export const addressSchema = z.strictObject({
  country: text.optional(),
  zip: text.optional(),
  city: text.optional(),
  street: text.optional(),
  co: text.optional(),
  firstName: text.optional(),
  lastName: text.optional(),
});

/** What may be written of a profile, by its owner or by the publisher. */
export const profileChangeSchema = z.strictObject({
  firstName: text.optional(),
  lastName: text.optional(),
  name: text.optional(),
  nickname: text.optional(),
  email: z.email().optional(),
  emailVerified: z.boolean().optional(),
  locale: text.optional(),
  picture: text.optional(),
  mobilePhone: text.optional(),
  workPhone: text.optional(),
  homePhone: text.optional(),
  phone_number: text.optional(),
  company: text.optional(),
  tags: z.array(text).optional(),
  user_metadata: metadata.optional(),
  billingAddress: addressSchema.optional(),
  deliveryAddress: addressSchema.optional(),
});
export type ProfileChange = z.output<typeof profileChangeSchema>;

export const profileSchema = profileChangeSchema.extend({ userId: text, createdAt: text, updatedAt: text });
export type Profile = z.output<typeof profileSchema>;

export const contractSchema = z.strictObject({
  id: text,
  name: text,
  userId: text,
  createdAt: text,
  updatedAt: text,
  price: z.number(),
  nextBillAt: text.nullable(),
  nextPrice: z.number().nullable(),
  currency: text,
  manageUrl: text.optional(),
  contractDuration: z.enum(['RECURRING', 'RENEWABLE', 'PERPETUAL']).optional(),
  issuesRemaining: z.number().optional(),
  items: z.array(
    z.strictObject({
      sku: text,
      purchaseOptionId: text.optional(),
      purchaseOptionName: text.optional(),
      name: text,
      cover: text.optional(),
      purchaseType: text.optional(),
    }),
  ),
  status: z.enum(['ACTIVE', 'CLOSED', 'OVERDUE', 'CANCELED', 'EXPIRED', 'DELETED']),
  isActive: z.boolean(),
  recurringInterval: z.enum(['DAY', 'WEEK', 'MONTH', 'YEAR']).optional(),
  recurringTime: z.number().optional(),
  willCancelAt: text.nullable(),
  expiresAt: text.optional(),
  paymentData: z
    .strictObject({ method: text.optional(), description: text.optional(), brand: text.optional() })
    .optional(),
  appliedDiscounts: z.array(z.strictObject({ code: text, name: text, description: text, id: text })),
});
export type Contract = z.output<typeof contractSchema>;

export const PRODUCT_TYPES = [
  'article',
  'audiobook',
  'ebook',
  'bundle',
  'podcast',
  'pass',
  'publication',
  'physical_issue',
] as const;

export const entitlementSchema = z.strictObject({
  id: text,
  /** Kept to answer "whose"; the vendor's own type does not show it, so neither does the emulator. */
  userId: text,
  sku: text,
  title: text,
  type: z.enum(PRODUCT_TYPES),
  purchaseOption: text.optional(),
  publisherContentId: text.optional(),
  origin: z
    .union([
      z.strictObject({ type: z.literal('EXTERNAL'), id: text, listId: text, name: text }),
      z.strictObject({ type: z.literal('PAYMENTS'), contractId: text }),
    ])
    .optional(),
  hasAccess: z.boolean(),
  createdAt: text,
  updatedAt: text,
  expiresAt: text.optional(),
});
export type Entitlement = z.output<typeof entitlementSchema>;

export const productSchema = z.strictObject({
  sku: text,
  title: text,
  productType: z.enum(PRODUCT_TYPES).default('publication'),
  language: text.default('sv'),
  cover: text.default('https://cdn.example/cover.png'),
  publisherContentId: text.optional(),
  createdAt: text.optional(),
  updatedAt: text.optional(),
});

/** The public product has no purchase options; the emulator needs them to sell, and does not show them. */
export const optionSchema = z.strictObject({
  id: text,
  title: text,
  price: z.number().default(99),
  currency: text.default('SEK'),
  interval: z.enum(['DAY', 'WEEK', 'MONTH', 'YEAR']).default('MONTH'),
  issues: z.int().optional(),
});
export type PurchaseOption = z.output<typeof optionSchema>;

export type Product = Omit<z.output<typeof productSchema>, 'createdAt' | 'updatedAt'> & {
  readonly createdAt: string;
  readonly updatedAt: string;
};

export interface Bill {
  readonly id: string;
  readonly contractId: string;
  readonly userId: string;
  readonly items: readonly {
    readonly sku: string;
    readonly title: string;
    readonly purchaseOptionId?: string;
  }[];
  readonly price: number;
  readonly currency: string;
  readonly receiptUrl: string;
  readonly paymentProvider: string;
  readonly paymentMethod: string;
  status: 'PENDING' | 'PAID' | 'RETRYING' | 'OVERDUE' | 'CANCELED' | 'EXPIRED';
  readonly createdAt: string;
  updatedAt: string;
}

export interface Transaction {
  readonly id: string;
  readonly amount: number;
  readonly currency: string;
  readonly contractId: string;
  readonly isRefund: boolean;
  readonly userId: string;
  readonly billId: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export const attributionSchema = z.strictObject({
  utmSource: text.optional(),
  utmMedium: text.optional(),
  utmCampaign: text.optional(),
  utmTerm: text.optional(),
  utmContent: text.optional(),
  source: z.enum(['CHECKOUT', 'PAYWALL', 'OTHER']).optional(),
  sourceId: text.optional(),
  itemSrc: text.optional(),
  publisherContentId: text.optional(),
  ref: text.optional(),
  referrer: text.optional(),
  _ga: text.optional(),
  _gid: text.optional(),
  _fbp: text.optional(),
  _fbc: text.optional(),
});

const paymentMethods = z.strictObject({ provider: text.optional(), methods: z.array(text) });

/** What a page sends to open a checkout. */
export const checkoutRequestSchema = z.strictObject({
  items: z
    .array(
      z.strictObject({
        sku: text.optional(),
        url: text.optional(),
        purchaseOptionId: text.optional(),
        price: z.number().optional(),
        currency: text.optional(),
        geoRestrictions: z
          .strictObject({ countries: z.array(text), type: z.enum(['ALLOW', 'BLOCK']) })
          .optional(),
      }),
    )
    .min(1),
  redirectUrl: z.url(),
  address: addressSchema.optional(),
  businessAddress: addressSchema.optional(),
  email: z.email().optional(),
  givenName: text.optional(),
  familyName: text.optional(),
  birthDate: text.optional(),
  phoneNumber: text.optional(),
  country: text.optional(),
  referralEmail: text.optional(),
  language: text.optional(),
  isBusiness: z.boolean().optional(),
  price: z.number().optional(),
  currency: text.optional(),
  anonymousUserId: text.optional(),
  attribution: attributionSchema.optional(),
  paymentMethodsFilter: z.array(paymentMethods).optional(),
  giftMode: z.boolean().optional(),
  requireAddress: z.boolean().optional(),
  metadata: z.record(text, text).optional(),
  requestedDiscountCodes: z.array(text).optional(),
  payerEmail: z.email().optional(),
});
export type CheckoutRequest = z.output<typeof checkoutRequestSchema>;

export const checkoutChangeSchema = checkoutRequestSchema.partial();
export type CheckoutChange = z.output<typeof checkoutChangeSchema>;

export interface Checkout extends Omit<CheckoutRequest, 'requestedDiscountCodes' | 'payerEmail'> {
  readonly id: string;
  readonly checkoutUrl: string;
  readonly status: 'PENDING' | 'WAITING_PAYMENT_CONFIRMATION' | 'COMPLETED';
  readonly type: 'RECURRING' | 'SINGLE';
  readonly itemsOwned: readonly {
    readonly sku: string;
    readonly purchaseOptionId: string;
    readonly title: string;
  }[];
  readonly appliedDiscountCodes: readonly {
    readonly code: string;
    readonly status: 'APPLIED' | 'UNAPPLICABLE';
  }[];
  readonly availablePaymentMethods: readonly {
    readonly provider: string;
    readonly methods: readonly string[];
  }[];
  readonly paymentData?: { readonly provider: string; readonly method: string };
  readonly payer?: { readonly id: string; readonly email: string };
  readonly createdAt: string;
  readonly updatedAt: string;
}

export const vendorSchema = z.strictObject({
  id: text.min(1),
  name: text.min(1),
  website: text.optional(),
  country: text.optional(),
});
export type Vendor = z.output<typeof vendorSchema>;
