/** The calls that take many rows at once: products, and the subscriptions that refer to them. */
import { send } from '../../../kit/index.ts';
import type { ConnectionCache, Steps } from '../../../kit/index.ts';
import type { JsonObject } from '../../../kernel/json.ts';
import { API, isForeign, refusedRows } from '../api.ts';
import type { ProductRow, SubscriberInput, SyncOptions } from './subscriber-input.ts';

/** What became of rows: those refused in a 2xx, by `external_id`; `unreadable` when nobody understands the answer. */
export type RowVerdict = ReadonlySet<string> | 'unreadable';

// "bare JSON arrays of at most 1000 rows": pindena/make-api-sdk 1.0.2, read 2026-11.
const ROWS_MAX = 1000;

const PRODUCTS = `${API}/subscribers/subscriptions/products/bulkinsert`;
const SUBSCRIPTIONS = `${API}/subscribers/subscriptions/bulkinsert`;

// A product that somebody deletes in Make.as is back within the hour, or with the first retry. A new name is sent at
// once: what is remembered is the name.
const PRODUCT_TTL_MS = 3_600_000;

/** The products that the inputs name, each once; those known to be there are left out unless `isSure` is false. */
export function* putProducts(
  inputs: readonly SubscriberInput[],
  cache: ConnectionCache,
  isSure: boolean,
): Steps<RowVerdict> {
  const byId = new Map<string, ProductRow>();
  for (const product of inputs.flatMap(({ products }) => products)) byId.set(product.external_id, product);
  const isKnown = ({ external_id, name }: ProductRow): boolean =>
    isSure && cache.get(productKey(external_id)) === name;
  const rows = [...byId.values()].filter((product) => !isKnown(product));
  const verdict = yield* putRows(PRODUCTS, rows);
  if (verdict === 'unreadable') return verdict;
  for (const { external_id, name } of rows) {
    if (!verdict.has(external_id)) cache.set(productKey(external_id), name, PRODUCT_TTL_MS);
  }
  return verdict;
}

function productKey(externalId: string): string {
  return `product:${externalId}`;
}

/** The subscriptions of the inputs, each with its subscriber's address and the columns that the flow sends. */
export function putSubscriptions(
  inputs: readonly SubscriberInput[],
  columns: SyncOptions['subscription_columns'],
): Steps<RowVerdict> {
  const byId = new Map<string, JsonObject>();
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
  return putRows(SUBSCRIPTIONS, [...byId.values()]);
}

/** A call that is refused whole ends the batch here, and the engine finds the input at fault by halving it. */
function* putRows(path: string, rows: readonly JsonObject[] | readonly ProductRow[]): Steps<RowVerdict> {
  const refused = new Set<string>();
  for (let start = 0; start < rows.length; start += ROWS_MAX) {
    const body = rows.slice(start, start + ROWS_MAX);
    const response = yield* send({ method: 'POST', path, body });
    if (isForeign(response)) return 'unreadable';
    for (const externalId of refusedRows(response)) refused.add(externalId);
  }
  return refused;
}
