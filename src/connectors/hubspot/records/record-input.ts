import { z } from 'zod';
import { isJsonObject } from '../../../kernel/json.ts';
import type { JsonObject, JsonValue } from '../../../kernel/json.ts';
import { inexactNumberIn } from '../inexact-number.ts';
import { recordRefSchema } from './record-ref.ts';

const inputValueSchema = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
  z.array(z.string()).readonly(),
]);
/** A value as flows give it; HubSpot itself keeps every value as text. */
export type InputValue = z.output<typeof inputValueSchema>;

/**
 * HubSpot has no nested values: a list of plain values stays a list, anything deeper becomes JSON text. A number in it
 * that JSON has rounded takes the place of the whole, so that it is found and left out like one that stands alone.
 */
export function toInputValue(value: JsonValue): InputValue {
  const inexact = inexactNumberIn(value);
  if (inexact !== undefined) return inexact;
  if (!isJsonObject(value) && !Array.isArray(value))
    return value as Exclude<JsonValue, JsonObject | readonly JsonValue[]>;
  if (!Array.isArray(value)) return JSON.stringify(value);
  return value.map((entry: JsonValue) => (typeof entry === 'object' ? JSON.stringify(entry) : String(entry)));
}

/** The properties of a record by their internal names. */
export const propertiesSchema = z.record(
  z.string(),
  z.union([inputValueSchema, z.json().transform(toInputValue)]),
);

export const associationSchema = z.object({
  to: recordRefSchema,
  label: z.string().min(1).optional().describe('Label of the association; the default one when absent.'),
  inverse_label: z
    .string()
    .min(1)
    .optional()
    .describe('What a label that is created is called in the other direction.'),
  create_label: z.boolean().optional().describe('Whether a label that HubSpot lacks is created.'),
});
export type InputAssociation = z.output<typeof associationSchema>;

/** What the inputs of all actions that create or update records have in common. */
export const recordInputShape = {
  properties: propertiesSchema.describe('Internal names of properties and their values; null clears.'),
  occurred_at: z
    .union([z.string(), z.number()])
    .optional()
    .describe('When the values held: ISO 8601 or epoch milliseconds. `newest_wins` goes by it.'),
  associations: z
    .array(associationSchema)
    .readonly()
    .optional()
    .describe('Records to associate with, in the same delivery.'),
  earlier: z
    .record(z.string(), z.array(inputValueSchema).readonly())
    .optional()
    .describe('Set by merging: values of the same properties in older inputs, oldest first.'),
  times: z
    .record(z.string(), z.array(z.number()).readonly())
    .optional()
    .describe(
      'Set by merging: when the earlier values and the present one of a property held, in epoch milliseconds.',
    ),
};

const recordInputSchema = z.object(recordInputShape);
export type RecordInput = z.output<typeof recordInputSchema>;
