import { z } from 'zod';
import { secret } from '../../kit/index.ts';

const OAUTH_FIELDS = ['consumer_key', 'consumer_secret', 'access_token', 'access_token_secret'] as const;

/** `o87ne`, or with its pixel before it, as Events Manager shows it: `tw-o8z6j-o87ne`. */
export const eventIdSchema = z
  .string()
  .trim()
  .regex(/^(tw-[a-z0-9]+-)?[a-z0-9]+$/i, 'must look like tw-o8z6j-o87ne or o87ne');

export const settingsSchema = z
  .object({
    pixel_id: z
      .string()
      .trim()
      .regex(/^[a-z0-9]+$/i, 'must look like o8z6j')
      .describe('Of the pixel in Events Manager.'),
    event_id: eventIdSchema.describe('Of the Purchase event in Events Manager.'),
    consumer_key: secret().optional().describe('API key of an app with access to the Ads API.'),
    consumer_secret: secret().optional().describe('API key secret of the same app.'),
    access_token: secret().optional().describe('Of a user who manages the ad account (OAuth 1.0a).'),
    access_token_secret: secret().optional().describe('Of the same user.'),
    pixel_token: secret()
      .optional()
      .describe('Made in Events Manager for the pixel, in place of the four of OAuth.'),
    api_version: z.string().trim().regex(/^\d+$/, 'must be a number, such as 12').default('12'),
    events_per_15_minutes: z
      .int()
      .min(500)
      .max(10_000_000)
      .default(60_000)
      .describe('What X allows the ad account.'),
    base_url: z.url({ protocol: /^https?$/ }).default('https://ads-api.x.com'),
  })
  .superRefine((settings, context) => {
    for (const field of OAUTH_FIELDS) {
      const isGiven = settings[field] !== undefined;
      if (isGiven === (settings.pixel_token === undefined)) continue;
      const message = isGiven
        ? 'Leave it out, or pixel_token: a connection has one or the other.'
        : `Give all of ${OAUTH_FIELDS.join(', ')}, or pixel_token alone.`;
      context.addIssue({ code: 'custom', path: [field], message });
    }
  });
export type Settings = z.output<typeof settingsSchema>;
