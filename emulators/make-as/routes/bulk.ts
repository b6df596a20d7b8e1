import { empty, json } from '../../core/index.ts';
import type { EmulatorRequest, Reply } from '../../core/index.ts';
import type { z } from 'zod';
import { call, rowsOf, writeOrders } from '../caller.ts';
import type { MakeAsRoute } from '../caller.ts';
import { errorsOf, refuseFields } from '../refusal.ts';
import { productSchema, subscriptionByEmailSchema, subscriptionByExternalIdSchema } from '../shapes.ts';
import type { Subscriber } from '../shapes.ts';
import type { MakeAsState } from '../state.ts';
import { findOf, judgeRow, upsert, write } from '../write-subscriber.ts';

type Errors = Readonly<Record<string, readonly string[]>>;

/** A row's write, still to be done, or why it cannot be. */
type Judgement =
  | { readonly ok: true; readonly carryOut: () => 'inserted' | 'updated' }
  | { readonly ok: false; readonly errors: Errors };

/** Up to a thousand rows a call. */
export const bulkRoutes: readonly MakeAsRoute[] = [
  call('POST', '/subscribers/bulkinsert', (request, state) => writeMany(request, state, 'insert')),
  call('PUT', '/subscribers/bulkupdate', (request, state) => writeMany(request, state, 'update')),
  call('PUT', '/subscribers/bulkupdate_by_external_id', (request, state) =>
    writeMany(request, state, 'update_by_external_id'),
  ),
  call('POST', '/subscribers/bulkremove', (request, state) => {
    const { listIds } = writeOrders(request, state, true);
    return settle(request, state, (row) => {
      const judged = judgeRow(row, state);
      if (!judged.ok) return judged;
      const subscriber = findOf(judged.row, state);
      if (subscriber === undefined) return refused('email', 'The subscriber does not exist.');
      return changed(() => {
        subscriber.lists = subscriber.lists.filter((id) => !listIds.includes(id));
      });
    });
  }),
  call('POST', '/subscribers/subscriptions/products/bulkinsert', (request, state) =>
    settle(request, state, (row) => {
      const parsed = productSchema.safeParse(row);
      if (!parsed.success) return { ok: false, errors: errorsOf(parsed.error) };
      const product = parsed.data;
      return put(state.products, product.external_id, product);
    }),
  ),
  call('POST', '/subscribers/subscriptions/bulkinsert', (request, state) =>
    settle(request, state, (row) =>
      judgeSubscription(row, subscriptionByEmailSchema, state, ({ email }) => state.findByEmail(email)),
    ),
  ),
  call('POST', '/subscribers/subscriptions/bulkinsert_by_external_id', (request, state) =>
    settle(request, state, (row) =>
      judgeSubscription(row, subscriptionByExternalIdSchema, state, (given) =>
        state.findByExternalId(given.subscriber_external_id),
      ),
    ),
  ),
];

type Mode = 'insert' | 'update' | 'update_by_external_id';

function writeMany(request: EmulatorRequest, state: MakeAsState, mode: Mode): Reply {
  const orders = writeOrders(request, state, mode !== 'update_by_external_id');
  return settle(request, state, (value) => {
    const judged = judgeRow(value, state);
    if (!judged.ok) return judged;
    const { row } = judged;
    if (mode === 'insert') {
      if (typeof row.email !== 'string' && typeof row.phone !== 'string')
        return refused('email', 'The email field is required.');
      return { ok: true, carryOut: () => (upsert(row, orders, state).isNew ? 'inserted' : 'updated') };
    }
    const subscriber = mode === 'update' ? findOf(row, state) : state.findByExternalId(row.external_id ?? '');
    if (subscriber === undefined) {
      return refused(mode === 'update' ? 'email' : 'external_id', 'The subscriber does not exist.');
    }
    return changed(() => {
      write(subscriber, row, orders, state);
    });
  });
}

/** A subscription needs its subscriber and its product; that it is refused without them is inferred (2026-11). */
function judgeSubscription<
  Row extends { readonly external_id: string; readonly product_external_id: string },
>(
  value: unknown,
  schema: z.ZodType<Row>,
  state: MakeAsState,
  find: (row: Row) => Subscriber | undefined,
): Judgement {
  const parsed = schema.safeParse(value);
  if (!parsed.success) return { ok: false, errors: errorsOf(parsed.error) };
  const { external_id, product_external_id, ...columns } = parsed.data;
  const subscriber = find(parsed.data);
  if (subscriber === undefined) return refused('email', 'The subscriber does not exist.');
  if (!state.products.has(product_external_id))
    return refused('product_external_id', 'The product does not exist.');
  const row = { external_id, product_external_id, subscriber_id: subscriber.id, ...columns };
  return put(state.subscriptions, external_id, row);
}

/**
 * Judges all rows before any is written. What a bulk call answers is not documented: by default all or nothing, with
 * counts; `bulk_refusal: rows` takes the sound rows and tells of the others in a 200.
 */
function settle(request: EmulatorRequest, state: MakeAsState, judge: (row: unknown) => Judgement): Reply {
  const rows = rowsOf(request);
  const judgements = rows.map((row) => judge(row));
  const errors: Record<string, readonly string[]> = {};
  for (const [index, judgement] of judgements.entries()) {
    if (judgement.ok) continue;
    for (const [field, texts] of Object.entries(judgement.errors))
      errors[`${String(index)}.${field}`] = texts;
  }
  const isRefused = Object.keys(errors).length > 0;
  if (isRefused && state.switches.bulk_refusal === 'whole') return refuseFields(errors);
  const done = judgements.map((judgement) => (judgement.ok ? judgement.carryOut() : 'refused'));
  if (isRefused)
    return json(
      200,
      rows.map((row, index) => verdictOn(row, judgements[index])),
    );
  if (state.switches.bulk_answer === 'empty') return empty(200);
  const count = (word: string): number => done.filter((one) => one === word).length;
  return json(200, { inserted: count('inserted'), updated: count('updated') });
}

function verdictOn(row: unknown, judgement: Judgement | undefined): object {
  const { external_id } = row as { readonly external_id?: unknown };
  return judgement?.ok === false
    ? { external_id, status: 'error', message: Object.values(judgement.errors).flat().join(' ') }
    : { external_id, status: 'ok' };
}

function put<Row>(kept: Map<string, Row>, key: string, row: Row): Judgement {
  return {
    ok: true,
    carryOut: () => {
      const word = kept.has(key) ? 'updated' : 'inserted';
      kept.set(key, row);
      return word;
    },
  };
}

function changed(act: () => void): Judgement {
  return {
    ok: true,
    carryOut: () => {
      act();
      return 'updated';
    },
  };
}

function refused(field: string, message: string): Judgement {
  return { ok: false, errors: { [field]: [message] } };
}
