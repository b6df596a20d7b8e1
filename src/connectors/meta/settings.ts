import { z } from 'zod';
import { secret } from '../../kit/index.ts';

export const settingsSchema = z.object({
  pixel_id: z
    .string()
    .trim()
    .regex(/^\d+$/, 'must be the number that Events Manager shows for the dataset (pixel)')
    .describe('Id of the dataset, which was called pixel before.'),
  access_token: secret().describe('Made in Events Manager, Settings, Conversions API.'),
  // The newest in Meta's own SDK (github.com/facebook/facebook-python-business-sdk, 2026-11); one lives about two years.
  api_version: z
    .string()
    .trim()
    .regex(/^v\d+\.\d+$/, 'must look like v26.0')
    .default('v26.0'),
  test_event_code: z
    .string()
    .trim()
    .min(1)
    .optional()
    .describe('Shows events under Test Events too; they count all the same.'),
  base_url: z.url({ protocol: /^https?$/ }).default('https://graph.facebook.com'),
});
export type Settings = z.output<typeof settingsSchema>;
