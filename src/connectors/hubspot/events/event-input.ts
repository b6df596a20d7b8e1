import { z } from 'zod';
import type { DeliverContext } from '../../../kit/index.ts';
import { contactOptionsSchema } from '../records/contact-input.ts';
import { objectType } from '../records/object-types.ts';
import { propertiesSchema } from '../records/record-input.ts';
import type { Settings } from '../settings.ts';

/** Record ids arrive as numbers too; HubSpot wants text. */
const idSchema = z.union([z.string().trim().min(1), z.number().int().transform(String)]);

export const eventInputSchema = z.object({
  event: z
    .string()
    .trim()
    .min(1)
    .describe('Name of the event as people write it, or HubSpot’s full name (`pe123_order_completed`).'),
  email: z
    .string()
    .trim()
    .min(1)
    .optional()
    .describe('The contact who did it; one of email, utk, object_id.'),
  utk: z.string().trim().min(1).optional().describe('The visitor, by the cookie `hubspotutk`.'),
  object_id: idSchema.optional().describe('The record that it happened to, by its id.'),
  object_type: z
    .string()
    .trim()
    .min(1)
    .transform(objectType)
    .default('contacts')
    .describe('What object_id is of, and what a definition that is created is about.'),
  occurred_at: z
    .string()
    .optional()
    .describe('ISO 8601 with a time zone; HubSpot takes the time of arrival when absent.'),
  uuid: z.string().min(1).optional().describe('The same for every sending of one event, e.g. `messageId`.'),
  properties: z.record(z.string(), z.json()).default({}),
  contact_properties: propertiesSchema
    .optional()
    .describe('Written to the contact of `email` before the event is sent, as `upsert-contact` does.'),
});
export type EventInput = z.output<typeof eventInputSchema>;

export const eventOptionsSchema = z.strictObject({
  contact: contactOptionsSchema
    .prefault({})
    .describe('What `upsert-contact` lets a flow set, for `contact_properties`.'),
  schema: z
    .enum(['create', 'extend', 'never'])
    .default('never')
    .describe(
      '`create` makes definitions and properties that HubSpot lacks, `extend` properties only. A name that is deleted in HubSpot can never be used again.',
    ),
});
export type EventOptions = z.output<typeof eventOptionsSchema>;

export type EventContext = DeliverContext<Settings, EventOptions>;
