import { itemTitle } from '../../../subscribers/index.ts';
import type { Contract, Subscriber } from '../../../subscribers/index.ts';
import type { ProductRow, SubscriptionRow } from '../sync/subscriber-input.ts';

type Item = Contract['items'][number];

/**
 * `SKU|listPriceId`, in which the public API's nearest value to the price is the purchase option (inferred, confidence
 * medium, 2026-11). An item without an option is its SKU alone.
 */
export function productId({ sku, optionId }: Pick<Item, 'sku' | 'optionId'>): string {
  return optionId === null ? sku : `${sku}|${optionId}`;
}

/**
 * The products of the contracts that give access now, and those that the other contracts' records refer to, each once.
 * "Active products" might also mean the publisher's whole catalogue, which no event tells (confidence low, 2026-11).
 */
export function productsOf({ contracts, products }: Subscriber): readonly ProductRow[] {
  const items = contracts.flatMap((contract) =>
    contract.isActive ? contract.items : contract.items.slice(0, 1),
  );
  const byId = new Map(items.map((item) => [productId(item), item]));
  return [...byId].map(([external_id, item]) => ({ external_id, name: itemTitle(item, products) }));
}

/** One record per contract: of its first product, for a record has room for one. */
export function subscriptionsOf({ contracts }: Subscriber): {
  readonly rows: readonly SubscriptionRow[];
  readonly notes: readonly string[];
} {
  const rows = contracts.flatMap((contract) => {
    const [first] = contract.items;
    return first === undefined ? [] : [toRow(contract, first)];
  });
  const missing = contracts.length - rows.length;
  const notes =
    missing === 0 ? [] : [`${String(missing)} of the contracts name no product and were left out.`];
  return { rows, notes };
}

function toRow(contract: Contract, item: Item): SubscriptionRow {
  const start = dayOf(contract.createdAt);
  return {
    external_id: contract.id,
    product_external_id: productId(item),
    status: contract.status,
    ...(start === null ? {} : { start_date: start }),
    end_date: endOf(contract),
    ...(contract.price === null ? {} : { price: contract.price }),
  };
}

/**
 * When it ends or ended; `null` while it just runs on. While it runs, `canceledAt` is when somebody asked for the end, and
 * not the end. A platform that tells no end was last heard of then.
 */
function endOf({ isActive, canceledAt, willCancelAt, expiresAt, updatedAt }: Contract): string | null {
  const end = willCancelAt ?? expiresAt;
  return dayOf(isActive ? end : (canceledAt ?? end ?? updatedAt));
}

/** The day in UTC. */
function dayOf(time: string | null): string | null {
  return time === null ? null : new Date(time).toISOString().slice(0, 'YYYY-MM-DD'.length);
}
