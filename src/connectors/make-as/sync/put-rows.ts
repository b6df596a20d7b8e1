/** The calls that take many rows at once: products, and the subscriptions that refer to them. */
import { send } from '../../../kit/index.ts';
import type { ConnectionCache, Steps } from '../../../kit/index.ts';
import type { JsonObject } from '../../../kernel/json.ts';
import { API, isForeign, refusedRows } from '../api.ts';
import type { ProductRow, SubscriberInput, SyncOptions } from './subscriber-input.ts';

/** The rows that were refused in a 2xx, by `external_id`; `unreadable` when nobody understands an answer. */
export type RowVerdicts =
  { readonly products: ReadonlySet<string>; readonly subscriptions: ReadonlySet<string> } | 'unreadable';

/** Of one call or several; `refused` when one was refused whole and the caller wants to hear of it. */
type RowVerdict = ReadonlySet<string> | 'unreadable' | 'refused';

// "bare JSON arrays of at most 1000 rows": pindena/make-api-sdk 1.0.2, read 2026-11.
const ROWS_MAX = 1000;

const PRODUCTS = `${API}/subscribers/subscriptions/products/bulkinsert`;
const SUBSCRIPTIONS = `${API}/subscribers/subscriptions/bulkinsert`;

// A new name is sent at once, for what is remembered is the name. A product that somebody deletes in Make.as is back with
// the next subscription to it, and within the hour where nobody has one.
const PRODUCT_TTL_MS = 3_600_000;

// What a row that refers to nothing may be refused with: 422 is "validation" and 404 "not found" (apidocs.make.as, read
// 2026-11); 400 is what many APIs say in place of 422.
const REFUSALS: readonly number[] = [400, 404, 422];

interface RowOptions {
  readonly columns: SyncOptions['subscription_columns'];
  readonly cache: ConnectionCache;
  /** Whether what is remembered of products may be believed. */
  readonly isSure: boolean;
}

/**
 * The products that the inputs name, then the subscriptions that refer to them. Products known to be there are left out.
 * Should a subscription be refused then, one of them may be gone: all are sent, and the subscriptions once more.
 */
export function* putRows(inputs: readonly SubscriberInput[], options: RowOptions): Steps<RowVerdicts> {
  const { columns, cache, isSure } = options;
  const named = productsOf(inputs);
  const isKnown = ({ external_id, name }: ProductRow): boolean =>
    isSure && cache.get(productKey(external_id)) === name;
  const isLeftOut = named.some(isKnown);
  const products = yield* putProducts(
    named.filter((product) => !isKnown(product)),
    cache,
  );
  if (typeof products === 'string') return 'unreadable';
  const rows = subscriptionsOf(inputs, columns).filter((row) => !products.has(row.product_external_id));
  const subscriptions = yield* sendRows(SUBSCRIPTIONS, rows, isLeftOut ? REFUSALS : []);
  if (subscriptions === 'unreadable') return 'unreadable';
  if (subscriptions === 'refused' || (isLeftOut && subscriptions.size > 0)) {
    return yield* putRows(inputs, { ...options, isSure: false });
  }
  return { products, subscriptions };
}

function* putProducts(rows: readonly ProductRow[], cache: ConnectionCache): Steps<RowVerdict> {
  const verdict = yield* sendRows(PRODUCTS, rows);
  if (typeof verdict === 'string') return verdict;
  for (const { external_id, name } of rows) {
    if (!verdict.has(external_id)) cache.set(productKey(external_id), name, PRODUCT_TTL_MS);
  }
  return verdict;
}

function productKey(externalId: string): string {
  return `product:${externalId}`;
}

/** Each product once. */
function productsOf(inputs: readonly SubscriberInput[]): readonly ProductRow[] {
  const products = inputs.flatMap((input) => input.products);
  return [...new Map(products.map((product) => [product.external_id, product])).values()];
}

type SentSubscription = JsonObject & { readonly product_external_id: string };

/** Each subscription once, with its subscriber's address and the columns that the flow sends. */
function subscriptionsOf(
  inputs: readonly SubscriberInput[],
  columns: SyncOptions['subscription_columns'],
): readonly SentSubscription[] {
  const byId = new Map<string, SentSubscription>();
  for (const { email, subscriptions } of inputs) {
    for (const subscription of subscriptions) {
      const { external_id, product_external_id } = subscription;
      const chosen = columns.flatMap((column) => {
        const value = subscription[column];
        return value === undefined ? [] : [[column, value] as const];
      });
      byId.set(external_id, { external_id, email, product_external_id, ...Object.fromEntries(chosen) });
    }
  }
  return [...byId.values()];
}

/**
 * A call that is refused whole with another status than those accepted ends the batch here, and the engine finds the
 * input at fault by halving it.
 */
function* sendRows(
  path: string,
  rows: readonly JsonObject[] | readonly ProductRow[],
  accept: readonly number[] = [],
): Steps<RowVerdict> {
  const refused = new Set<string>();
  for (let start = 0; start < rows.length; start += ROWS_MAX) {
    const body = rows.slice(start, start + ROWS_MAX);
    const response = yield* send({ method: 'POST', path, body, accept });
    if (response.status >= 300) return 'refused';
    if (isForeign(response)) return 'unreadable';
    for (const externalId of refusedRows(response)) refused.add(externalId);
  }
  return refused;
}
