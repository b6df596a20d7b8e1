/** What the action takes. Whatever Rule would refuse is refused here: each refusal of Rule's counts against the key. */
import { z } from 'zod';
import { normaliseEmail } from '../../kit/index.ts';
import { mergeWantedTags } from '../../subscribers/index.ts';

/** Rule's types of custom fields. */
export const FIELD_TYPES = ['text', 'single', 'multiple', 'json', 'date', 'datetime', 'time'] as const;
export type FieldType = (typeof FIELD_TYPES)[number];

// "Exactly one dot; neither part empty": `Group.Field`, as in Rule's Customizations.
const fieldKey = z.string().regex(/^[^.\s][^.]*\.[^.\s][^.]*$/, {
  error: 'must be Group.Field, with one dot',
});

// Rule reads a tag of digits as the id of one, and answers 404 where there is none.
const tag = z
  .string()
  .trim()
  .min(1)
  .regex(/\D/, { error: 'must not be all digits: Rule takes that for the id of a tag' });

/** `null` empties a field. */
const inputValue = z.union([z.string(), z.array(z.string()).readonly(), z.null()]);
export type InputValue = z.output<typeof inputValue>;

export const subscriberInputSchema = z.object({
  email: z.string().transform((text, context) => {
    const email = normaliseEmail(text);
    if (email !== undefined) return email;
    context.addIssue({ code: 'custom', message: 'must be an e-mail address' });
    return z.NEVER;
  }),
  /** As E.164 writes it: Rule takes a number without the code of a country for a Swedish one. */
  phone: z
    .string()
    .regex(/^\+[1-9]\d{6,14}$/, { error: 'must be a number such as +46701234567' })
    .optional(),
  /** All that the subscriber is to carry; of those that are there, only others with the prefix `sesamy_` are removed. */
  tags: z
    .array(tag)
    .min(1)
    .transform((tags) => [...new Set(tags)]),
  /** Tags that stay where they are although `tags` does not name them. */
  keep_tags: z.array(z.string()).default([]),
  fields: z.record(fieldKey, inputValue).default({}),
});
export type SubscriberInput = z.output<typeof subscriberInputSchema>;

export const subscriberOptionsSchema = z.object({
  /**
   * Whether Rule's automations on tags start for new tags: `send` once per subscriber, `force` again, `reset` from the
   * beginning, `none` not at all.
   */
  automation: z.enum(['send', 'force', 'reset', 'none']).default('send'),
  /** Types of fields; the others are text, and lists `multiple`. */
  field_types: z.record(fieldKey, z.enum(FIELD_TYPES)).default({}),
});
export type SubscriberOptions = z.output<typeof subscriberOptionsSchema>;

/** An older and a newer input of one subscriber, with the effect of both in turn. */
export function mergeSubscribers(older: SubscriberInput, newer: SubscriberInput): SubscriberInput {
  const { set, keep } = mergeWantedTags(
    { set: older.tags, keep: older.keep_tags },
    { set: newer.tags, keep: newer.keep_tags },
  );
  const fields = { ...older.fields, ...newer.fields };
  return { ...older, ...newer, tags: set, keep_tags: keep, fields };
}
