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

const EITHER = 'Leave it out, or access_token: a connection has one or the other.';

const API_URL = 'https://api.hubapi.com';
const FORMS_URL = 'https://api.hsforms.com';

export const settingsSchema = z
  .object({
    access_token: secret().optional().describe('Token of a private app or a service key.'),
    client_id: z.string().trim().min(1).optional().describe('Of an app that you log in to (OAuth 2.0).'),
    client_secret: secret().optional().describe('Of the same app.'),
    webhook_secret: secret()
      .optional()
      .describe('Client secret of the app whose webhooks come here; client_secret when absent.'),
    base_url: z.url({ protocol: /^https?$/ }).default(API_URL),
    app_url: z
      .url({ protocol: /^https?$/ })
      .default('https://app.hubspot.com')
      .describe('Where you log in to HubSpot; https://app-eu1.hubspot.com for an account in the EU.'),
    forms_url: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('Where forms are submitted: https://api.hsforms.com, or base_url where that was changed.'),
    api_version: z.enum(API_VERSIONS).default('2026-09'),
    // The smallest allowance: a wrong guess is slow, never refused.
    plan: z.enum(PLANS).default('free').describe('Sets the rate of calls; `oauth` is a marketplace app.'),
    add_on: z.boolean().default(false).describe('Whether the account bought an API Limit Increase.'),
  })
  .superRefine(({ access_token, client_id, client_secret }, context) => {
    const complain = (field: string, message: string): void => {
      context.addIssue({ code: 'custom', path: [field], message });
    };
    if (access_token !== undefined) {
      if (client_id !== undefined) complain('client_id', EITHER);
      if (client_secret !== undefined) complain('client_secret', EITHER);
    } else if (client_id === undefined && client_secret === undefined) {
      complain('access_token', 'Give it, or client_id and client_secret of an app to log in to.');
    } else if (client_id === undefined) {
      complain('client_id', 'Copy it from the page of the app, where client_secret is from.');
    } else if (client_secret === undefined) {
      complain('client_secret', 'Copy it from the page of the app, where client_id is from.');
    }
  });
export type Settings = z.output<typeof settingsSchema>;

/** Forms have a host of their own at HubSpot; whatever stands in for HubSpot's API stands in for that too. */
export function formsUrl({ forms_url, base_url }: Settings): string {
  return forms_url ?? (base_url === API_URL ? FORMS_URL : base_url);
}
