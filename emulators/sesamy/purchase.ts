import { Refused } from '../core/index.ts';
import { periodAfter } from './period.ts';
import { problem } from './problem.ts';
import type { Checkout, CheckoutRequest, Contract, Entitlement } from './shapes.ts';
import type { SesamyState } from './state.ts';
import { createUser } from './users.ts';

export function openCheckout(
  state: SesamyState,
  request: CheckoutRequest,
  payer?: Checkout['payer'],
): Checkout {
  const { requestedDiscountCodes, payerEmail, ...same } = request;
  const id = state.makeId('checkout');
  const isSingle = request.items.every(({ sku }) => (state.options.get(sku ?? '') ?? []).length === 0);
  const checkout: Checkout = {
    ...same,
    id,
    checkoutUrl: `https://checkout3.sesamy.com/checkout/${id}`,
    status: 'PENDING',
    type: isSingle ? 'SINGLE' : 'RECURRING',
    itemsOwned: [],
    appliedDiscountCodes: (requestedDiscountCodes ?? []).map((code) => ({
      code,
      status: 'APPLIED' as const,
    })),
    availablePaymentMethods: [{ provider: 'STRIPE', methods: ['CARD'] }],
    ...(payer === undefined ? {} : { payer }),
    ...(payer === undefined && payerEmail !== undefined
      ? { payer: { id: payerOf(state, payerEmail), email: payerEmail } }
      : {}),
    createdAt: state.now(),
    updatedAt: state.now(),
  };
  state.checkouts.set(id, checkout);
  return checkout;
}

function payerOf(state: SesamyState, email: string): string {
  return (
    [...state.users.values()].find((user) => user.email === email)?.userId ??
    createUser(state, { email }).userId
  );
}

export interface Bought {
  readonly checkout: Checkout;
  readonly contract: Contract;
  readonly entitlements: readonly Entitlement[];
}

/** Completes a checkout for a user: a paid contract, its rights, and the events of a purchase. */
export function confirmCheckout(state: SesamyState, checkoutId: string, userId: string): Bought {
  const opened = state.checkout(checkoutId);
  if (opened.status === 'COMPLETED')
    throw new Refused(problem(409, 'conflict', 'The checkout is completed already'));
  state.user(userId);
  const contract = makeContract(state, opened, userId);
  const checkout: Checkout = {
    ...opened,
    status: 'COMPLETED',
    items: opened.items.map((item) => withPrice(state, item)),
    paymentData: { provider: 'STRIPE', method: 'CARD' },
    itemsOwned: contract.items.map(({ sku, name, purchaseOptionId }) => ({
      sku,
      title: name,
      purchaseOptionId: purchaseOptionId ?? '',
    })),
    updatedAt: state.now(),
  };
  state.checkouts.set(checkoutId, checkout);
  charge(state, contract, 'PAID');
  const entitlements = contract.items.map((item) => entitle(state, contract, item));
  state.raise({ eventType: 'contract.1#purchased', userId, contractId: contract.id, checkoutId });
  for (const { id } of entitlements) {
    state.raise({ eventType: 'entitlement.1#new', userId, entitlementId: id, contractId: contract.id });
  }
  state.raise({ eventType: 'checkout.1#confirm', userId, contractId: contract.id, checkoutId });
  return { checkout, contract, entitlements };
}

type Item = Checkout['items'][number];

/** With what the catalogue knows and the request left out: inferred, for the type has these fields as optional. */
function withPrice(state: SesamyState, item: Item): Item {
  const option = optionOf(state.options.get(item.sku ?? '') ?? [], item.purchaseOptionId);
  return {
    ...item,
    purchaseOptionId: item.purchaseOptionId ?? option?.id,
    price: item.price ?? option?.price,
    currency: item.currency ?? option?.currency,
  };
}

/** The one that was asked for; the first when none was. */
function optionOf<Option extends { readonly id: string }>(
  options: readonly Option[],
  id: string | undefined,
): Option | undefined {
  return id === undefined ? options[0] : options.find((option) => option.id === id);
}

function makeContract(state: SesamyState, checkout: Checkout, userId: string): Contract {
  const lines = checkout.items.map((item) => {
    const product = state.product(item.sku ?? '');
    const options = state.options.get(product.sku) ?? [];
    const option = optionOf(options, item.purchaseOptionId);
    if (item.purchaseOptionId !== undefined && option === undefined) {
      throw new Refused(problem(404, 'not_found', 'No such purchase option'));
    }
    return { item, product, option };
  });
  const option = lines[0]?.option;
  const price =
    checkout.price ?? lines.reduce((sum, { item, option: own }) => sum + (item.price ?? own?.price ?? 0), 0);
  const nextBillAt = option === undefined ? null : periodAfter(state.now(), option.interval);
  const contract: Contract = {
    id: state.makeId('contract'),
    name: lines.map(({ product }) => product.title).join(', '),
    userId,
    createdAt: state.now(),
    updatedAt: state.now(),
    price,
    nextBillAt,
    nextPrice: option === undefined ? null : price,
    currency: checkout.currency ?? lines[0]?.item.currency ?? option?.currency ?? 'SEK',
    manageUrl: 'https://account.sesamy.com/contracts',
    contractDuration: option === undefined ? 'PERPETUAL' : 'RECURRING',
    items: lines.map(({ product, option: own }) => ({
      sku: product.sku,
      name: product.title,
      ...(own === undefined ? {} : { purchaseOptionId: own.id, purchaseOptionName: own.title }),
      purchaseType: 'OWN',
    })),
    // "Closed": bought once, permanent, nothing more to bill (support.sesamy.com article 10147280, read 2026-11).
    status: option === undefined ? 'CLOSED' : 'ACTIVE',
    isActive: true,
    ...(option === undefined ? {} : { recurringInterval: option.interval, recurringTime: 1 }),
    ...(option?.issues === undefined ? {} : { issuesRemaining: option.issues }),
    willCancelAt: null,
    paymentData: { method: 'CARD', brand: 'visa' },
    appliedDiscounts: [],
  };
  state.contracts.set(contract.id, contract);
  return contract;
}

function entitle(state: SesamyState, contract: Contract, item: Contract['items'][number]): Entitlement {
  const entitlement: Entitlement = {
    id: state.makeId('entitlement'),
    userId: contract.userId,
    sku: item.sku,
    title: item.name,
    type: state.product(item.sku).productType,
    ...(item.purchaseOptionId === undefined ? {} : { purchaseOption: item.purchaseOptionId }),
    origin: { type: 'PAYMENTS', contractId: contract.id },
    hasAccess: true,
    createdAt: state.now(),
    updatedAt: state.now(),
    ...(contract.nextBillAt === null ? {} : { expiresAt: contract.nextBillAt }),
  };
  state.entitlements.set(entitlement.id, entitlement);
  return entitlement;
}

/** A bill, and the transaction when it is paid. */
export function charge(state: SesamyState, contract: Contract, status: 'PAID' | 'RETRYING'): void {
  const { id: contractId, userId, price, currency, items } = contract;
  const stamps = { createdAt: state.now(), updatedAt: state.now() };
  const id = state.makeId('bill');
  state.bills.set(id, {
    id,
    contractId,
    userId,
    items: items.map(({ sku, name, purchaseOptionId }) => ({
      sku,
      title: name,
      ...(purchaseOptionId === undefined ? {} : { purchaseOptionId }),
    })),
    price,
    currency,
    receiptUrl: `https://receipts.sesamy.com/${id}`,
    paymentProvider: 'STRIPE',
    paymentMethod: 'CARD',
    status,
    ...stamps,
  });
  if (status !== 'PAID') return;
  const transactionId = state.makeId('transaction');
  state.transactions.set(transactionId, {
    id: transactionId,
    amount: price,
    currency,
    contractId,
    isRefund: false,
    userId,
    billId: id,
    ...stamps,
  });
}
