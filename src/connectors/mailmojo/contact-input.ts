import { z } from 'zod';
import { mergeWantedTags } from '../../subscribers/index.ts';
import { listIdSchema } from './settings.ts';

const text = z.string().trim().min(1);

export const contactInputSchema = z.object({
  email: text,
  list_id: listIdSchema.optional().describe("The list; the connection's when absent."),
  first_name: text.optional().describe('Written only while the contact has none.'),
  last_name: text.optional().describe('Written only while the contact has none.'),
  phone: text.optional().describe('Written only while the contact has none.'),
  fields: z
    .record(z.string().regex(/^[a-z][a-z0-9_]*$/), z.string())
    .default({})
    .describe('Account fields, always written. Mailmojo makes those that it does not know.'),
  tags: z
    .object({
      set: z.array(text),
      keep: z.array(text).default([]).describe('Stay when they are there, and are not put on.'),
    })
    .optional()
    .describe('The sesamy_ tags that the contact should carry; others of that prefix are taken off.'),
});
export type ContactInput = z.output<typeof contactInputSchema>;

export const contactOptionsSchema = z.object({
  list_id: listIdSchema.optional().describe("The list of this flow; the connection's when absent."),
  guests: z
    .enum(['skip', 'keep'])
    .default('skip')
    .describe('Whether accounts that nobody has confirmed are synced, in the presets.'),
});
export type ContactOptions = z.output<typeof contactOptionsSchema>;

/** An older and a newer input of one contact, with the effect of both in turn. */
export function mergeInputs(older: ContactInput, newer: ContactInput): ContactInput {
  const tags =
    older.tags === undefined || newer.tags === undefined
      ? (newer.tags ?? older.tags)
      : mergeWantedTags(older.tags, newer.tags);
  return {
    ...older,
    ...newer,
    // Written while empty, so the first name that came is the one that stays.
    first_name: older.first_name ?? newer.first_name,
    last_name: older.last_name ?? newer.last_name,
    phone: older.phone ?? newer.phone,
    fields: { ...older.fields, ...newer.fields },
    tags,
  };
}
