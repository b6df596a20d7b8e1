import { z } from 'zod';
import type { DeliverContext } from '../../../kit/index.ts';
import { mergeWantedTags } from '../../../subscribers/index.ts';
import { mergeFieldDefinition } from '../fields/definition.ts';
import { NEW_MEMBER_STATUSES } from '../settings.ts';
import type { Settings } from '../settings.ts';

export const listIdSchema = z
  .string()
  .trim()
  .min(1)
  .optional()
  .describe("The audience; the connection's list_id when absent.");

export const guestsSchema = z
  .enum(['skip', 'keep'])
  .default('skip')
  .describe('Whether accounts that nobody has confirmed are synced, in the presets.');

const addressSchema = z.object({
  addr1: z.string(),
  addr2: z.string().optional(),
  city: z.string(),
  state: z.string(),
  zip: z.string(),
  country: z.string().optional(),
});

export const memberInputSchema = z.object({
  email: z.string().trim().min(3),
  list_id: listIdSchema,
  merge_fields: z
    .record(z.string().regex(/^[A-Z0-9_]{1,10}$/), z.union([z.string(), z.number(), addressSchema]))
    .default({})
    .describe('By merge tag. The empty text clears a field.'),
  tags: z
    .object({
      set: z.array(z.string().min(1)),
      keep: z.array(z.string().min(1)).default([]).describe('Stay when they are there, and are not put on.'),
    })
    .optional()
    .describe('The sesamy_ tags that the contact should carry; others of that prefix are taken off.'),
});
export type MemberInput = z.output<typeof memberInputSchema>;
export type MergeFieldInput = MemberInput['merge_fields'][string];

export const memberOptionsSchema = z.object({
  list_id: listIdSchema,
  status_if_new: z
    .enum(NEW_MEMBER_STATUSES)
    .optional()
    .describe("The status of contacts that are made; the connection's when absent."),
  ensure: z
    .array(mergeFieldDefinition)
    .default([])
    .describe('Merge fields that are made where they are missing.'),
  guests: guestsSchema,
});
export type MemberOptions = z.output<typeof memberOptionsSchema>;

export type MemberContext = DeliverContext<Settings, MemberOptions>;

/** The audience that an input is for. */
export function listOf(
  input: { readonly list_id?: string | undefined },
  {
    options,
    settings,
  }: { readonly options: { readonly list_id?: string | undefined }; readonly settings: Settings },
): string {
  return input.list_id ?? options.list_id ?? settings.list_id;
}

/** An older and a newer input of one contact, with the effect of both in turn. */
export function mergeMembers(older: MemberInput, newer: MemberInput): MemberInput {
  const tags =
    older.tags === undefined || newer.tags === undefined
      ? (newer.tags ?? older.tags)
      : mergeWantedTags(older.tags, newer.tags);
  return { ...older, ...newer, merge_fields: { ...older.merge_fields, ...newer.merge_fields }, tags };
}
