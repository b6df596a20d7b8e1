import { z } from 'zod';
import { normaliseEmail } from './email.ts';
import { recordInputShape } from './record-input.ts';
import { recordOptionsShape } from './record-options.ts';
import { normaliseKey, recordKeySchema } from './record-ref.ts';
import type { RecordKey } from './record-ref.ts';

export const contactInputSchema = z
  .object({
    email: z
      .string()
      .optional()
      .describe('Identifies the contact, as its primary or a further address, without regard to case.'),
    key: recordKeySchema
      .optional()
      .describe('Identifies the contact besides or instead: a unique property, or `id`.'),
    ...recordInputShape,
  })
  .refine(({ email, key }) => email !== undefined || key !== undefined, 'needs an email or a key');
export type ContactInput = z.output<typeof contactInputSchema>;

export const contactOptionsSchema = z.strictObject({
  ...recordOptionsShape,
  merge_by: z
    .enum(['report', 'email', 'key', 'merge'])
    .default('report')
    .describe(
      'When e-mail and key lead to two contacts: refuse the input and name both; write to the one or the other; or merge the second into the one with the address, which cannot be undone.',
    ),
  new_email: z
    .enum(['keep', 'replace'])
    .default('keep')
    .describe(
      'When the contact of the key has another primary address: leave its addresses alone, or replace it.',
    ),
});
export type ContactOptions = z.output<typeof contactOptionsSchema>;

/** What a contact is found by, the address first. */
export function contactKeys({ email, key }: Pick<ContactInput, 'email' | 'key'>): readonly RecordKey[] {
  return [
    ...(email === undefined ? [] : [{ by: 'email', value: normaliseEmail(email) }]),
    ...(key === undefined ? [] : [normaliseKey(key)]),
  ];
}
