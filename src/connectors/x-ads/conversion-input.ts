import { z } from 'zod';

const text = z.string().trim().min(1);
const CURRENCY = /^[A-Z]{3}$/;

/**
 * A web conversion, with plain identifiers or hashed ones:
 * https://docs.x.com/x-ads-api/measurement/web-conversions (read 2026-11).
 */
export const conversionInputSchema = z.object({
  /** The same as that of the browser's pixel, and of every repetition: by it and the event X drops what it has. */
  conversion_id: text,
  conversion_time: z.iso.datetime({ offset: true }),
  identifiers: z.object({
    email: text.optional(),
    phone: text.optional(),
    /** How a phone number without the code of a country is read; two letters. */
    country: text.optional(),
    twclid: text.optional(),
    ip_address: text.optional(),
    user_agent: text.optional(),
  }),
  value: z.number().nonnegative().optional(),
  price_currency: text.toUpperCase().regex(CURRENCY, 'must be a currency of ISO 4217').optional(),
  number_items: z.int().positive().optional(),
  description: text.optional(),
  contents: z
    .array(
      z.object({
        content_id: text.optional(),
        content_name: text.optional(),
        content_type: text.optional(),
        content_group_id: text.optional(),
        content_price: z.number().nonnegative().optional(),
        num_items: z.int().positive().optional(),
      }),
    )
    .optional(),
});
export type ConversionInput = z.output<typeof conversionInputSchema>;
