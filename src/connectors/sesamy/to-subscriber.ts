import { subscriberSchema } from '../../subscribers/index.ts';
import type { Checkout, Subscriber, SubscriberInput } from '../../subscribers/index.ts';
import type { ApiBill, ApiCheckout, ApiContract, ApiEntitlement, ApiProduct, ApiUser } from './api.ts';

/** All that was fetched about one user. */
export interface Fetched {
  readonly userId: string;
  readonly user: ApiUser;
  readonly contracts: readonly ApiContract[];
  readonly entitlements: readonly ApiEntitlement[];
  readonly bills: readonly ApiBill[];
  readonly products: readonly ApiProduct[];
  readonly checkouts: readonly ApiCheckout[];
}

/** The vendor's shapes as a snapshot; `undefined` when a value is none that a snapshot can hold. */
export function toSubscriber(fetched: Fetched): Subscriber | undefined {
  const { user } = fetched;
  const input: SubscriberInput = {
    person: {
      userId: fetched.userId,
      email: user.email,
      emailVerified: user.emailVerified,
      firstName: user.firstName ?? user.given_name,
      lastName: user.lastName ?? user.family_name,
      name: user.name,
      locale: user.locale,
      company: user.company,
      createdAt: user.createdAt,
      updatedAt: user.updatedAt,
      metadata: scalarsOf(user.user_metadata ?? {}),
    },
    addresses: { billing: user.billingAddress, delivery: user.deliveryAddress },
    // The vendor speaks of a "default" phone without naming its field; OpenID's `phone_number` is the only
    // one without a kind (inferred, confidence medium, 2026-11).
    phones: {
      mobile: user.mobilePhone,
      default: user.phone_number,
      work: user.workPhone,
      home: user.homePhone,
    },
    tags: user.tags,
    contracts: fetched.contracts.map(toContract),
    entitlements: fetched.entitlements.map(toEntitlement),
    products: toProducts(fetched),
    bills: fetched.bills.map(toBill),
    checkouts: fetched.checkouts.map(toCheckout),
  };
  return subscriberSchema.safeParse(input).data;
}

type Input<Name extends 'contracts' | 'entitlements' | 'products' | 'bills' | 'checkouts'> = NonNullable<
  SubscriberInput[Name]
>[number];

const TERMS = { RECURRING: 'recurring', RENEWABLE: 'renewable', PERPETUAL: 'perpetual' } as const;
const INTERVALS = { DAY: 'day', WEEK: 'week', MONTH: 'month', YEAR: 'year' } as const;

function toContract(contract: ApiContract): Input<'contracts'> {
  const { contractDuration, recurringInterval, recurringTime, items, ...same } = contract;
  return {
    ...same,
    term: wordIn(TERMS, contractDuration),
    intervalUnit: wordIn(INTERVALS, recurringInterval),
    intervalCount: recurringTime,
    items: items.map(({ sku, name, purchaseOptionId, purchaseOptionName }) => ({
      sku,
      title: name,
      optionId: purchaseOptionId,
      optionTitle: purchaseOptionName,
    })),
  };
}

const ORIGINS = { EXTERNAL: 'external', PAYMENTS: 'contract' } as const;

function toEntitlement({ origin, purchaseOption, ...same }: ApiEntitlement): Input<'entitlements'> {
  return {
    ...same,
    optionId: purchaseOption,
    origin: wordIn(ORIGINS, origin?.type),
    contractId: origin?.contractId,
  };
}

/**
 * The fetched catalogue entries, and what entitlements tell about the rest. The public product type has no
 * purchase options, so they come from the contracts.
 */
function toProducts({ products, entitlements, contracts }: Fetched): Input<'products'>[] {
  const known = new Map<string, Input<'products'>>();
  for (const { sku, title, type } of entitlements) known.set(sku, { sku, title, type });
  for (const { sku, title, productType, language } of products)
    known.set(sku, { sku, title, type: productType, language });
  const items = contracts.flatMap((contract) => contract.items);
  return [...known.values()].map((product) => {
    const options = new Map<string, string | null>();
    for (const { sku, purchaseOptionId, purchaseOptionName } of items) {
      if (sku === product.sku && purchaseOptionId) options.set(purchaseOptionId, purchaseOptionName ?? null);
    }
    return { ...product, options: [...options].map(([id, title]) => ({ id, title })) };
  });
}

function toBill({ items, ...same }: ApiBill): Input<'bills'> {
  return {
    ...same,
    items: (items ?? []).map(({ sku, title, purchaseOptionId }) => ({
      sku,
      title,
      optionId: purchaseOptionId,
    })),
  };
}

const KINDS = { RECURRING: 'recurring', SINGLE: 'single' } as const satisfies Record<
  string,
  Checkout['kind']
>;

function toCheckout(checkout: ApiCheckout): Input<'checkouts'> {
  const { attribution, items, appliedDiscountCodes, paymentData, ...same } = checkout;
  return {
    ...same,
    kind: wordIn(KINDS, checkout.type),
    items: (items ?? []).map(({ purchaseOptionId, ...item }) => ({ ...item, optionId: purchaseOptionId })),
    discountCodes: (appliedDiscountCodes ?? []).map(({ code, status, name }) => ({
      code,
      name,
      isApplied: status === 'APPLIED',
    })),
    firstName: checkout.givenName,
    lastName: checkout.familyName,
    phone: checkout.phoneNumber,
    isGift: checkout.giftMode,
    anonymousId: checkout.anonymousUserId,
    attribution: attribution && {
      ...attribution,
      gaCookie: attribution._ga,
      gidCookie: attribution._gid,
      fbpCookie: attribution._fbp,
      fbcCookie: attribution._fbc,
    },
    paymentProvider: paymentData?.provider,
    paymentMethod: paymentData?.method,
  };
}

/** The word for one of the vendor's, or none for one that it added since. */
function wordIn<Word extends string>(
  words: Readonly<Record<string, Word>>,
  given: string | null | undefined,
): Word | null {
  return typeof given === 'string' && Object.hasOwn(words, given) ? (words[given] ?? null) : null;
}

function scalarsOf(
  metadata: Readonly<Record<string, unknown>>,
): Record<string, string | number | boolean | null> {
  return Object.fromEntries(
    Object.entries(metadata).filter(
      (entry): entry is [string, string | number | boolean | null] =>
        entry[1] === null || typeof entry[1] !== 'object',
    ),
  );
}
