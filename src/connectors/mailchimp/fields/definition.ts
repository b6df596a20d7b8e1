import { z } from 'zod';

/** A merge field as the connector makes it. Its type cannot be changed afterwards. */
export const mergeFieldDefinition = z.strictObject({
  tag: z
    .string()
    .regex(
      /^[A-Z0-9_]{1,10}$/,
      'A merge tag has at most 10 characters: upper-case letters, digits, underscores.',
    ),
  name: z.string().min(1),
  // The kinds whose making needs no more than this. Choices are the owner's business.
  type: z.enum(['text', 'number', 'phone', 'date', 'url', 'imageurl', 'birthday', 'zip', 'address']),
});
export type MergeFieldDefinition = z.output<typeof mergeFieldDefinition>;
