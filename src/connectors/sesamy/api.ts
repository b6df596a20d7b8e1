import { z } from 'zod';
import { stringField } from '../../kit/index.ts';
import type { DescribeFailure } from '../../kit/index.ts';
import { isJsonObject } from '../../kernel/json.ts';

/**
 * The vendor's shapes, as far as we rely on them: the types of `@sesamy/sdk` 1.22.0 (2026-11), loosened
 * where the vendor's documents disagree. What is not listed is ignored.
 */
const text = z.string().nullish();
const amount = z.number().nullish();

const addressShape = z
  .object({
    country: text,
    zip: text,
    city: text,
    street: text,
    co: text,
    department: text,
    firstName: text,
    lastName: text,
  })
  .nullish();

// The management API's own short type says `id` where the profile says `userId`.
export const userShape = z.object({
  userId: text,
  id: text,
  firstName: text,
  lastName: text,
  given_name: text,
  family_name: text,
  name: text,
  email: text,
  emailVerified: z.boolean().nullish(),
  locale: text,
  company: text,
  mobilePhone: text,
  phone_number: text,
  workPhone: text,
  homePhone: text,
  tags: z.array(z.string()).nullish(),
  user_metadata: z.record(z.string(), z.unknown()).nullish(),
  billingAddress: addressShape,
  deliveryAddress: addressShape,
  createdAt: text,
  updatedAt: text,
});
export type ApiUser = z.output<typeof userShape>;

export const contractShape = z.object({
  id: z.string(),
  name: text,
  userId: z.string(),
  status: z.string(),
  isActive: z.boolean(),
  contractDuration: text,
  items: z.array(z.object({ sku: z.string(), purchaseOptionId: text, purchaseOptionName: text, name: text })),
  price: amount,
  currency: text,
  nextBillAt: text,
  nextPrice: amount,
  recurringInterval: text,
  recurringTime: amount,
  issuesRemaining: amount,
  willCancelAt: text,
  expiresAt: text,
  createdAt: text,
  updatedAt: text,
});
export type ApiContract = z.output<typeof contractShape>;

export const entitlementShape = z.object({
  id: z.string(),
  sku: z.string(),
  title: text,
  type: text,
  purchaseOption: text,
  hasAccess: z.boolean(),
  origin: z.object({ type: z.string(), contractId: text }).nullish(),
  createdAt: text,
  updatedAt: text,
  expiresAt: text,
});
export type ApiEntitlement = z.output<typeof entitlementShape>;

export const productShape = z.object({ sku: z.string(), title: text, productType: text, language: text });
export type ApiProduct = z.output<typeof productShape>;

export const billShape = z.object({
  id: z.string(),
  contractId: text,
  items: z.array(z.object({ sku: z.string(), title: text, purchaseOptionId: text })).nullish(),
  price: amount,
  currency: text,
  receiptUrl: text,
  paymentProvider: text,
  paymentMethod: text,
  status: text,
  createdAt: text,
  updatedAt: text,
});
export type ApiBill = z.output<typeof billShape>;

export const checkoutShape = z.object({
  id: z.string(),
  status: text,
  type: text,
  items: z
    .array(z.object({ sku: text, url: text, purchaseOptionId: text, price: amount, currency: text }))
    .nullish(),
  price: amount,
  currency: text,
  appliedDiscountCodes: z.array(z.object({ code: z.string(), status: text, name: text })).nullish(),
  email: text,
  givenName: text,
  familyName: text,
  phoneNumber: text,
  country: text,
  language: text,
  address: addressShape,
  businessAddress: addressShape,
  isBusiness: z.boolean().nullish(),
  giftMode: z.boolean().nullish(),
  payer: z.object({ id: text, email: text }).nullish(),
  referralEmail: text,
  anonymousUserId: text,
  // `ref` and `referrer` are sent by the vendor's browser library, but stand in no type.
  attribution: z
    .object({
      utmSource: text,
      utmMedium: text,
      utmCampaign: text,
      utmTerm: text,
      utmContent: text,
      source: text,
      sourceId: text,
      itemSrc: text,
      publisherContentId: text,
      ref: text,
      referrer: text,
      _ga: text,
      _gid: text,
      _fbp: text,
      _fbc: text,
    })
    .nullish(),
  paymentData: z.object({ provider: text, method: text }).nullish(),
  redirectUrl: text,
  metadata: z.record(z.string(), z.string()).nullish(),
  createdAt: text,
  updatedAt: text,
});
export type ApiCheckout = z.output<typeof checkoutShape>;

/** The resource itself: the API's overview shows `{data, meta}`, its reference and SDK a bare object. */
export function unwrap(body: unknown): unknown {
  return isJsonObject(body) && 'data' in body ? body['data'] : body;
}

const paginationShape = z.object({ total: z.number().nullish(), hasMore: z.boolean().nullish() });

export interface Page {
  readonly items: readonly unknown[];
  /** Whether the vendor says that more follows; `undefined` when it does not say. */
  readonly hasMore: boolean | undefined;
}

/** One page of a list in either form: a bare array, or `{data, pagination}`. */
export function readPage(body: unknown, offset: number): Page | undefined {
  const items = unwrap(body);
  if (!Array.isArray(items)) return undefined;
  const pagination = paginationShape.safeParse(isJsonObject(body) ? body['pagination'] : undefined).data;
  const total = pagination?.total;
  const hasMore =
    pagination?.hasMore ??
    (total === undefined || total === null ? undefined : offset + items.length < total);
  return { items, hasMore };
}

/** Error bodies: `{error: {code, message}}` after the API's overview, `{error, error_description}` for tokens. */
export const describeFailure: DescribeFailure = ({ status, body }) => {
  const inner = isJsonObject(body) && isJsonObject(body['error']) ? body['error'] : body;
  const code = stringField(inner, 'code') ?? stringField(body, 'error');
  const message = stringField(inner, 'message') ?? stringField(body, 'error_description');
  return {
    ...(code === undefined ? {} : { code: `sesamy.${code}` }),
    message:
      message === undefined
        ? `Sesamy answered ${String(status)}.`
        : `Sesamy answered ${String(status)}: ${message}`,
  };
};
