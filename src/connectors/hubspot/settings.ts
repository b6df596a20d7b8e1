import { z } from 'zod';
import { secret } from '../../kit/index.ts';

/**
 * The generations of HubSpot's API that the connector speaks. HubSpot dates its versions since 2026-03; v3 is
 * unsupported from 2027-09 (developers.hubspot.com, "API versioning", read 2026-11).
 */
export const API_VERSIONS = ['2026-09', '2026-03', 'v3'] as const;
export type ApiVersion = (typeof API_VERSIONS)[number];

export const PLANS = ['free', 'starter', 'professional', 'enterprise', 'oauth'] as const;
export type Plan = (typeof PLANS)[number];

export const settingsSchema = z.object({
  access_token: secret().describe('Token of a private app or a service key, or an OAuth access token.'),
  base_url: z.url({ protocol: /^https?$/ }).default('https://api.hubapi.com'),
  api_version: z.enum(API_VERSIONS).default('2026-09'),
  // The smallest allowance: a wrong guess is slow, never refused.
  plan: z.enum(PLANS).default('free').describe('Sets the rate of calls; `oauth` is a marketplace app.'),
  add_on: z.boolean().default(false).describe('Whether the account bought an API Limit Increase.'),
});
export type Settings = z.output<typeof settingsSchema>;
