import type { ConnectionCache, Steps } from '../../kit/index.ts';
import type { Fault } from '../../kernel/outcome.ts';
import type { Subscriber } from '../../subscribers/index.ts';
import { billShape, checkoutShape, contractShape, entitlementShape, productShape, userShape } from './api.ts';
import type { ApiContract, ApiProduct } from './api.ts';
import { getAll, getOne } from './fetch.ts';
import type { Answer } from './fetch.ts';
import { toSubscriber } from './to-subscriber.ts';

export interface SubscriberRequest {
  readonly userId: string;
  /** Contracts and checkouts that the events name. */
  readonly contractIds: readonly string[];
  readonly checkoutIds: readonly string[];
  readonly cache: ConnectionCache;
}

/** The SDK leaves the query of `/management/entitlements` untyped; the name is that of its sister lists (2026-11). */
const ENTITLEMENTS_OF_USER = 'userId';

/**
 * Reads everything about one user and makes one snapshot of it; `undefined` when there is no such user. Any
 * call that fails fails the whole. Bills are read for the subscriptions that run and the contracts that the
 * events name: the API lists bills by contract, and a reader of articles may have hundreds of those.
 */
export function* fetchSubscriber(request: SubscriberRequest): Steps<Answer<Subscriber | undefined>> {
  const { userId, contractIds, checkoutIds, cache } = request;
  const user = yield* getOne(`/management/users/${encodeURIComponent(userId)}`, userShape, [404, 410]);
  if (!user.ok) return user;
  if (user.value === undefined) return { ok: true, value: undefined };

  const contracts = yield* getAll('/management/contracts', { userId }, contractShape);
  if (!contracts.ok) return contracts;
  if (contracts.value.some((contract) => contract.userId !== userId))
    return { ok: false, outcome: othersContracts };

  const entitlements = yield* getAll(
    '/management/entitlements',
    { [ENTITLEMENTS_OF_USER]: userId },
    entitlementShape,
  );
  if (!entitlements.ok) return entitlements;

  const running = contracts.value.filter(isRunningSubscription);
  const billed = new Set([...running.map(({ id }) => id), ...contractIds]);
  const bills = yield* each([...billed], (contractId) => billsOf(contractId));
  if (!bills.ok) return bills;

  const checkouts = yield* each(checkoutIds, (id) =>
    getOne(`/checkouts/${encodeURIComponent(id)}`, checkoutShape),
  );
  if (!checkouts.ok) return checkouts;

  const present = checkouts.value.filter((checkout) => checkout !== undefined);
  const skus = new Set([
    ...running.flatMap(({ items }) => items.map(({ sku }) => sku)),
    ...present
      .flatMap(({ items }) => (items ?? []).map(({ sku }) => sku))
      .filter((sku) => typeof sku === 'string'),
  ]);
  const products = yield* each([...skus], (sku) => productOf(sku, cache));
  if (!products.ok) return products;

  const value = toSubscriber({
    userId,
    user: user.value,
    contracts: contracts.value,
    entitlements: entitlements.value,
    bills: bills.value.flat(),
    products: products.value.filter((product) => product !== undefined),
    checkouts: present,
  });
  return value === undefined
    ? { ok: false, outcome: { kind: 'retry', fault: unreadable } }
    : { ok: true, value };
}

function isRunningSubscription({ isActive, contractDuration }: ApiContract): boolean {
  return isActive && contractDuration !== 'PERPETUAL';
}

function* billsOf(contractId: string) {
  const bills = yield* getAll('/management/bills', { contractId }, billShape);
  if (!bills.ok) return bills;
  // The SDK's bill does not say whose it is; the newer documents add `contractId`.
  return {
    ok: true as const,
    value: bills.value.map((bill) => ({ ...bill, contractId: bill.contractId ?? contractId })),
  };
}

// The vendor's own SDK keeps answers this long by default (@sesamy/sdk 1.22.0, cache mode NORMAL). A new
// title appears after it at the latest; a new product at once.
const PRODUCT_TTL_MS = 300_000;

/** A catalogue entry; `undefined` for one that was withdrawn, whose contracts still name it. */
function* productOf(sku: string, cache: ConnectionCache): Steps<Answer<ApiProduct | undefined>> {
  const key = `product:${sku}`;
  const cached = productShape.safeParse(cache.get(key));
  if (cached.success) return { ok: true, value: cached.data };
  const product = yield* getOne(`/management/products/${encodeURIComponent(sku)}`, productShape, [404, 410]);
  if (product.ok && product.value !== undefined) cache.set(key, product.value, PRODUCT_TTL_MS);
  return product;
}

/** Runs one conversation after the other; the first that fails ends them all. */
function* each<Key, Value>(
  keys: readonly Key[],
  read: (key: Key) => Steps<Answer<Value>>,
): Steps<Answer<readonly Value[]>> {
  const values: Value[] = [];
  for (const key of keys) {
    const answer = yield* read(key);
    if (!answer.ok) return answer;
    values.push(answer.value);
  }
  return { ok: true, value: values };
}

/** Worse than no answer: the contracts of somebody else in this person's snapshot. */
const othersContracts = {
  kind: 'rejected',
  fault: {
    code: 'sesamy.filter_ignored',
    message:
      'The list of contracts of one user names contracts of another: the API ignores its userId filter.',
  },
} as const;

const unreadable: Fault = {
  code: 'sesamy.unexpected_answer',
  message: 'Sesamy answered with a value that is no valid date, id or number.',
};
