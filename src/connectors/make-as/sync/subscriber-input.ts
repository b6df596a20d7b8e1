import { z } from 'zod';
import { mergeWantedTags } from '../../../subscribers/index.ts';

const text = z.string().trim().min(1);
const optional = text.optional();
const listId = z.union([text, z.int()]).transform(String).optional();

export const productSchema = z.object({ external_id: text, name: text });

/**
 * The first two columns are documented (developers.sesamy.com/integrations/built-in/make.html, read 2026-11). The others
 * are inferred from what a subscription has: the vendor's description of its rows is not public.
 */
export const subscriptionSchema = z.object({
  external_id: text,
  product_external_id: text,
  status: optional,
  start_date: z.iso.date().optional(),
  /** `null` takes away the date of a cancellation that was withdrawn. */
  end_date: z.iso.date().nullable().optional(),
  price: z.number().optional(),
});

/** One person as Make.as should have them. What is left out stays as it is there. */
export const subscriberInputSchema = z.object({
  list_id: listId.describe('The subscriber list; that of the flow, or of the connection, when absent.'),
  email: text,
  firstname: optional,
  lastname: optional,
  company: optional,
  external_id: optional.describe("The sender's own id of the person."),
  tags: z
    .object({
      set: z.array(text),
      keep: z.array(text).default([]).describe('Stay when they are there, and are not put on.'),
    })
    .optional()
    .describe(
      'Replaces the tags with the prefix sesamy_ and leaves others alone; absent: all are left alone.',
    ),
  products: z.array(productSchema).default([]),
  subscriptions: z.array(subscriptionSchema).default([]),
});
export type SubscriberInput = z.output<typeof subscriberInputSchema>;
export type ProductRow = z.output<typeof productSchema>;
export type SubscriptionRow = z.output<typeof subscriptionSchema>;

export const INFERRED_COLUMNS = ['status', 'start_date', 'end_date', 'price'] as const;

export const syncOptionsSchema = z.object({
  list_id: listId.describe(
    'The subscriber list that this flow feeds, in place of the one of the connection.',
  ),
  guests: z
    .enum(['skip', 'keep'])
    .default('skip')
    .describe('What the preset does with accounts that nobody has confirmed.'),
  subscription_columns: z
    .array(z.enum(INFERRED_COLUMNS))
    .default([...INFERRED_COLUMNS])
    .describe('What is sent of a subscription besides its ids; leave out what the account refuses.'),
});
export type SyncOptions = z.output<typeof syncOptionsSchema>;

/** An older and a newer input of one subscriber, with the effect of both in turn. */
export function mergeInputs(older: SubscriberInput, newer: SubscriberInput): SubscriberInput {
  const tags =
    older.tags === undefined || newer.tags === undefined
      ? (newer.tags ?? older.tags)
      : mergeWantedTags(older.tags, newer.tags);
  return {
    ...older,
    ...newer,
    tags,
    products: mergeRows(older.products, newer.products),
    subscriptions: mergeRows(older.subscriptions, newer.subscriptions),
  };
}

/** The rows of both, each once; columns that the newer row leaves out stay as the older one has them. */
function mergeRows<Row extends { readonly external_id: string }>(
  older: readonly Row[],
  newer: readonly Row[],
): Row[] {
  const byId = new Map(older.map((row) => [row.external_id, row]));
  for (const row of newer) byId.set(row.external_id, { ...byId.get(row.external_id), ...row });
  return [...byId.values()];
}
