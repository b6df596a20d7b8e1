import { z } from 'zod';
import { objectType } from './object-types.ts';
import { recordInputShape } from './record-input.ts';
import { recordOptionsShape } from './record-options.ts';
import { recordKeySchema } from './record-ref.ts';

export const objectInputSchema = z.object({
  object: z
    .string()
    .trim()
    .min(1)
    .transform(objectType)
    .describe('Object type: `deals`, `tickets`, …, a type id, or the full name of a custom object.'),
  key: recordKeySchema.describe('Identifies the record: a unique property, or `id`.'),
  pipeline: z.string().optional().describe('Label or id of the pipeline.'),
  stage: z.string().optional().describe('Label or id of the stage.'),
  ...recordInputShape,
});
export type ObjectInput = z.output<typeof objectInputSchema>;

export const objectOptionsSchema = z.strictObject(recordOptionsShape);
