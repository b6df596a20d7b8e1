/** The answers of Mailchimp, as far as the connector reads them. */
import { z } from 'zod';

const tagsShape = z.array(z.object({ name: z.string() }));

/** At most 50 tags come with a member: `tags_count` says how many there are. */
export const memberShape = z.object({
  id: z.string(),
  email_address: z.string(),
  status: z.string(),
  tags_count: z.number().optional(),
  tags: tagsShape.optional(),
});
export type ApiMember = z.output<typeof memberShape>;

/** Of `POST /lists/{id}`. A row that cannot be read counts as one that is not there. */
export const batchShape = z.object({
  new_members: z.array(z.unknown()).optional(),
  updated_members: z.array(z.unknown()).optional(),
  errors: z.array(z.unknown()).optional(),
});

export const tagPageShape = z.object({ tags: tagsShape, total_items: z.number() });

export const eventPageShape = z.object({
  events: z.array(z.object({ properties: z.record(z.string(), z.unknown()).nullish() })),
  total_items: z.number(),
});

export const mergeFieldShape = z.object({
  tag: z.string(),
  type: z.string(),
  options: z
    .object({ phone_format: z.string().optional(), choices: z.array(z.string()).optional() })
    .optional()
    .catch(undefined),
});
export type ApiMergeField = z.output<typeof mergeFieldShape>;

export const mergeFieldsShape = z.object({ merge_fields: z.array(mergeFieldShape) });
