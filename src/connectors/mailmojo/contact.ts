import { z } from 'zod';
import { isJsonObject } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';

const text = z
  .string()
  .nullish()
  .transform((value) => value?.trim() ?? '');

const associationSchema = z.object({
  list_id: z.union([z.number(), z.string()]).transform(String),
  status: z.string().nullish(),
});

/**
 * `Contact` of the vendor's SDKs (github.com/eliksir/mailmojo-php-sdk, read 2026-11), as far as it is relied on. The
 * answer to a change may be the shorter `BaseContact`, without lists and status.
 */
export const contactSchema = z.object({
  email: z.string().min(1),
  first_name: text,
  last_name: text,
  phone: text,
  custom: z
    .custom<JsonObject>(isJsonObject)
    .nullish()
    .transform((custom) => custom ?? undefined),
  tags: z
    .array(z.string())
    .nullish()
    .transform((tags) => tags ?? []),
  status: z.string().nullish(),
  list_associations: z
    .array(associationSchema)
    .nullish()
    .transform((associations) => associations ?? []),
});
export type Contact = z.output<typeof contactSchema>;

/** The letters stand in the SDKs; their meaning is inferred (2026-11): active, unsubscribed, bounced, deleted. */
export const ACTIVE = 'a';
export const DELETED = 'd';

/** The contact's status on a list; undefined for one that was never on it. */
export function statusOn({ list_associations }: Contact, listId: string): string | undefined {
  const association = list_associations.find(({ list_id }) => list_id === listId);
  return association === undefined ? undefined : (association.status ?? ACTIVE);
}
