import { z } from 'zod';

/**
 * The building blocks of the snapshot. What is absent is `null`, never missing, so that a parsed snapshot
 * is JSON as it stands and parsing it again changes nothing. Senders may leave any of these out.
 */

/** Text, trimmed; empty text says as much as none. */
export const optionalText = z
  .string()
  .nullable()
  .default(null)
  .transform((value) => (value === null || value.trim() === '' ? null : value.trim()));

export const optionalNumber = z.number().nullable().default(null);

export const optionalFlag = z.boolean().nullable().default(null);

/** A point in time as its sender wrote it, as long as it can be read as one. */
export const optionalTime = optionalText.refine(
  (value) => value === null || !Number.isNaN(Date.parse(value)),
  {
    error: 'must be a date and time in ISO 8601, such as 2025-11-10T12:00:00Z',
  },
);

// Ids reach index entries of the store, which PostgreSQL limits to about 2,700 bytes. The longest ids seen
// are those of social log-ins, below 100 characters (2026-11).
const ID_LENGTH_MAX = 512;

export const requiredId = z.string().trim().min(1).max(ID_LENGTH_MAX);

export const optionalId = optionalText.refine((value) => value === null || value.length <= ID_LENGTH_MAX, {
  error: `must be at most ${String(ID_LENGTH_MAX)} characters long`,
});

/** A list that may be left out. */
export function list<Schema extends z.ZodType>(item: Schema) {
  return z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);
}
