import { z } from 'zod';
import { objectType } from './object-types.ts';

/** Record ids and member numbers arrive as numbers too; HubSpot keeps both as text. */
const keyValueSchema = z
  .union([z.string(), z.number().int()])
  .transform((value) => String(value).trim())
  .pipe(z.string().min(1));

export const recordKeySchema = z.object({
  by: z
    .string()
    .trim()
    .min(1)
    .describe('`id` (the record id), `email` (contacts), `domain` (companies), or a unique property.'),
  value: keyValueSchema,
});
/** What one record of a known type is found by. */
export type RecordKey = z.output<typeof recordKeySchema>;

export const recordRefSchema = recordKeySchema.extend({
  type: z
    .string()
    .trim()
    .min(1)
    .transform(objectType)
    .describe('Object type: `contacts`, `companies`, …, a type id, or the full name of a custom object.'),
});
/** A record of HubSpot, by what is known of it. */
export type RecordRef = z.output<typeof recordRefSchema>;

/** One spelling of a key: HubSpot compares addresses and domains without regard to case. */
export function normaliseKey({ by, value }: RecordKey): RecordKey {
  const text = value.trim();
  return { by, value: by === 'email' || by === 'domain' ? text.toLowerCase() : text };
}

/** A text that is the same for two references exactly when they say the same. */
export function refKey({ type, by, value }: RecordRef): string {
  const key = normaliseKey({ by, value });
  return `${type}:${key.by}:${key.value}`;
}
