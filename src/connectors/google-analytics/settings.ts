import { z } from 'zod';
import { secret } from '../../kit/index.ts';

/** https://developers.google.com/analytics/devguides/collection/protocol/ga4/reference, "Transport" (read 2026-11). */
const REGIONS = {
  global: 'https://www.google-analytics.com',
  eu: 'https://region1.google-analytics.com',
} as const;

export const settingsSchema = z.object({
  measurement_id: z
    .string()
    .trim()
    .toUpperCase()
    .regex(/^G-[A-Z0-9]+$/, 'must be the id of a web stream, such as G-ABC123DEF4')
    .describe('Of the web data stream: Admin > Data streams.'),
  api_secret: secret().describe('Of the same stream: Measurement Protocol API secrets.'),
  region: z.enum(['global', 'eu']).default('global').describe('`eu` sends to the collector within the EU.'),
  base_url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Another address of the collector; follows from region when absent.'),
});
export type Settings = z.output<typeof settingsSchema>;

export function baseUrl({ base_url, region }: Settings): string {
  return base_url ?? REGIONS[region];
}
