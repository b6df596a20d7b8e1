import { z } from 'zod';

/** Options that several presets add to those of their actions. */

const propertyName = z.string().regex(/^[a-z][a-z0-9_]*$/);

export const userIdProperty = propertyName
  .optional()
  .describe('A unique contact property that holds the userId, which then identifies contacts too.');

export const groupIdProperty = propertyName
  .optional()
  .describe('A unique company property that holds the groupId, which then identifies companies.');

export const traitTargets = z
  .record(z.string(), propertyName.nullable())
  .default({})
  .describe('Properties that traits go to when their names differ; null leaves a trait out.');

export const contactTraits = z
  .boolean()
  .default(true)
  .describe('Whether context.traits are written to the contact as well.');
