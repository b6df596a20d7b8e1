import type { Contract, Product } from './contract.ts';
import { isActiveSubscription } from './counts.ts';
import type { Subscriber } from './subscriber.ts';

type ContractItem = Contract['items'][number];

/**
 * The products of the active subscriptions as `Title - Option`, oldest contract first, each once. One-time
 * purchases and rights granted from outside are no subscription types: every article ever bought would
 * become an option of HubSpot's `subscription_type`. Inferred, confidence medium (2026-11).
 */
export function activeProductTitles(subscriber: Subscriber): readonly string[] {
  const titles = oldestFirst(subscriber.contracts.filter(isActiveSubscription)).flatMap(({ items }) =>
    items.map((item) => itemTitle(item, subscriber.products)),
  );
  return [...new Set(titles)];
}

/**
 * What was bought, as `Title - Option`, or the title alone without an option. The catalogue is asked first: a contract
 * keeps the names of the day it was made.
 */
export function itemTitle(item: ContractItem, products: readonly Product[]): string {
  const { sku, title } = item;
  const option = optionTitle(item, products, [item]);
  const name = products.find((known) => known.sku === sku)?.title ?? title ?? sku;
  return option === null ? name : `${name} - ${option}`;
}

/** The title of a purchase option: that of the catalogue, else that of one of the items that were bought with it. */
export function optionTitle(
  { sku, optionId }: Pick<ContractItem, 'sku' | 'optionId'>,
  products: readonly Product[],
  items: readonly ContractItem[],
): string | null {
  const product = products.find((known) => known.sku === sku);
  const option = product?.options.find(({ id }) => id === optionId);
  const named = items.find(
    (item) => item.sku === sku && item.optionId === optionId && item.optionTitle !== null,
  );
  return option?.title ?? named?.optionTitle ?? null;
}

// The order in which a platform lists contracts is not promised; the same state must give the same value.
function oldestFirst(contracts: readonly Contract[]): readonly Contract[] {
  return contracts.toSorted((a, b) => startOf(a) - startOf(b));
}

function startOf(contract: Contract): number {
  return contract.createdAt === null ? 0 : Date.parse(contract.createdAt);
}
