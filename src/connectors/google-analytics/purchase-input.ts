import { z } from 'zod';

const text = z.string().trim().min(1);

const itemSchema = z.object({
  item_id: text.optional(),
  item_name: text.optional(),
  item_variant: text.optional(),
  item_category: text.optional(),
  price: z.number().optional(),
  quantity: z.int().positive().default(1),
});

/** One purchase, in the words of the vendor's `purchase` event. Amounts are in whole units of the currency. */
export const purchaseInputSchema = z.object({
  transaction_id: text.describe('By this Google drops repeats of a purchase of one user.'),
  occurred_at: z.iso.datetime({ offset: true }),
  user_id: text
    .optional()
    .describe(
      'Of the buyer at the platform, never an e-mail address; the purchase is of nobody known when absent.',
    ),
  ga_cookie: text.optional().describe('The cookie `_ga` as the browser held it.'),
  value: z.number().optional(),
  currency: text.optional(),
  tax: z.number().optional(),
  shipping: z.number().optional(),
  coupon: text.optional(),
  items: z.array(itemSchema),
  source: text.optional(),
  medium: text.optional(),
  campaign: text.optional(),
  term: text.optional(),
  content: text.optional(),
});
export type PurchaseInput = z.output<typeof purchaseInputSchema>;

const consent = z.enum(['GRANTED', 'DENIED']);

export const purchaseOptionsSchema = z.object({
  older_than_72h: z
    .enum(['reject', 'pull_forward'])
    .default('reject')
    .describe('`pull_forward` lets Google count an older purchase as one of 72 hours ago.'),
  affiliation: text.optional().describe('The shop that sold it, on every purchase.'),
  consent: z
    .object({ ad_user_data: consent.optional(), ad_personalization: consent.optional() })
    .optional()
    .describe('What the buyers agreed to about ads, on every purchase; Google decides when absent.'),
  dry_run: z
    .boolean()
    .default(false)
    .describe('Asks the debug endpoint what is wrong with each purchase; nothing is counted.'),
});
export type PurchaseOptions = z.output<typeof purchaseOptionsSchema>;
