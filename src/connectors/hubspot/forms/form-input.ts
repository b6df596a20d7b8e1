import { z } from 'zod';

const textSchema = z.string().trim().min(1);
const fieldValueSchema = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
  z.array(z.string()).readonly(),
]);

const consentSchema = z.object({
  process: z.boolean().optional().describe('Whether the visitor agreed to the processing of the data.'),
  text: textSchema.optional().describe('What the visitor agreed to, word for word.'),
  communications: z
    .array(
      z.object({
        subscription_type_id: z.number().int(),
        value: z.boolean(),
        text: textSchema.describe('What the visitor agreed to, word for word.'),
      }),
    )
    .default([]),
});

export const formInputSchema = z.object({
  form_id: textSchema.describe('The id (GUID) of the form.'),
  fields: z
    .record(z.string(), fieldValueSchema)
    .describe(
      'Values by the names of the form’s fields; a field of another object than the contact is `0-2/name`.',
    ),
  submitted_at: z
    .string()
    .optional()
    .describe('ISO 8601 with a time zone; HubSpot takes at most a month ago.'),
  hutk: textSchema
    .optional()
    .describe('The visitor’s cookie `hubspotutk`, which ties the contact to visits.'),
  ip_address: textSchema.optional(),
  page_url: textSchema.optional(),
  page_name: textSchema.optional(),
  page_id: textSchema.optional(),
  consent: consentSchema.optional(),
});
export type FormInput = z.output<typeof formInputSchema>;

export const formOptionsSchema = z.strictObject({
  skip_validation: z
    .boolean()
    .default(false)
    .describe('Asks HubSpot not to hold the values against the form’s definition.'),
});
export type FormOptions = z.output<typeof formOptionsSchema>;
