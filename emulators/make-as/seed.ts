import { z } from 'zod';
import { seedPart } from '../core/index.ts';
import { refuseFields } from './refusal.ts';
import { customFieldSchema, productSchema } from './shapes.ts';
import type { MakeAsState } from './state.ts';
import { judgeRow, shown, upsert } from './write-subscriber.ts';

const text = z.string().trim().min(1);
const id = z.union([text, z.int()]).transform(String);

/** What the vendor does where it does not say what it does. */
export const switchesSchema = z.strictObject({
  unknown_keys: z.enum(['refuse', 'ignore']).optional(),
  match_external_id: z.boolean().optional(),
  bulk_refusal: z.enum(['whole', 'rows']).optional(),
  bulk_answer: z.enum(['counts', 'empty']).optional(),
});

export const seedSchema = z.strictObject({
  users: z.array(z.strictObject({ userId: id, apiKey: text })).optional(),
  lists: z.array(z.strictObject({ id, title: text })).optional(),
  customFields: z.array(customFieldSchema).optional(),
  products: z.array(productSchema).optional(),
  /** Rows as the API takes them, each with the lists it is in. */
  subscribers: z
    .array(
      z.strictObject({
        lists: z.array(id).default([]),
        status: z.enum(['active', 'unsubscribed', 'bounce']).default('active'),
        row: z.record(z.string(), z.unknown()),
      }),
    )
    .optional(),
  switches: switchesSchema.optional(),
});

export function applySeed(state: MakeAsState, seed: z.output<typeof seedSchema>): void {
  applySwitches(state, seed.switches ?? {});
  for (const { userId, apiKey } of seed.users ?? []) state.users.set(userId, apiKey);
  for (const list of seed.lists ?? []) state.addList(list.title, list.id);
  for (const field of seed.customFields ?? []) state.addCustomField(field);
  for (const product of seed.products ?? []) state.products.set(product.external_id, product);
  for (const [index, { lists, status, row }] of (seed.subscribers ?? []).entries()) {
    seedPart(['subscribers', index], () => {
      for (const listId of lists) state.list(listId);
      const judged = judgeRow(row, state);
      if (!judged.ok) return refuseFields(judged.errors);
      return upsert(judged.row, { listIds: lists, status, statusMobile: status, tag: 'replace' }, state);
    });
  }
}

export function applySwitches(state: MakeAsState, given: z.output<typeof switchesSchema>): void {
  const { switches } = state;
  switches.unknown_keys = given.unknown_keys ?? switches.unknown_keys;
  switches.match_external_id = given.match_external_id ?? switches.match_external_id;
  switches.bulk_refusal = given.bulk_refusal ?? switches.bulk_refusal;
  switches.bulk_answer = given.bulk_answer ?? switches.bulk_answer;
}

/** Everything; `?email=…` narrows the subscribers to one, with the subscriptions. */
export function showState(state: MakeAsState, query: URLSearchParams): unknown {
  const email = query.get('email');
  const subscribers = [...state.subscribers.values()].filter(
    (subscriber) => email === null || subscriber.email === email,
  );
  const ids = new Set(subscribers.map((subscriber) => subscriber.id));
  return {
    lists: [...state.lists.values()],
    subscribers: subscribers.map(shown),
    products: [...state.products.values()],
    subscriptions: [...state.subscriptions.values()].filter(({ subscriber_id }) => ids.has(subscriber_id)),
    tags: [...state.tags.values()],
    switches: state.switches,
  };
}
