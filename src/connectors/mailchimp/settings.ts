import { z } from 'zod';
import { secret } from '../../kit/index.ts';

/** How someone may enter an audience: with consent given, to confirm by e-mail, or for transactional mail alone. */
export const NEW_MEMBER_STATUSES = ['subscribed', 'pending', 'transactional'] as const;

export const settingsSchema = z
  .object({
    api_key: secret().describe('A key of its own: Account > Extras > API keys.'),
    list_id: z.string().trim().min(1).describe('The audience: Audience > Settings > Audience ID.'),
    status_if_new: z
      .enum(NEW_MEMBER_STATUSES)
      .default('subscribed')
      .describe('The status of contacts that are made; that of existing ones is never changed.'),
    base_url: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('The data centre that the key names, when absent; change it for the emulator.'),
  })
  .superRefine(({ api_key, base_url }, context) => {
    if (base_url === undefined && dataCenterOf(api_key.reveal()) === undefined) {
      const message = 'Ends in a hyphen and the data centre, as in …-us6. Copy the whole key.';
      context.addIssue({ code: 'custom', path: ['api_key'], message });
    }
  });
export type Settings = z.output<typeof settingsSchema>;

// "The data center is the last part of your API key": mailchimp.com/developer/marketing/docs/fundamentals, 2026-11.
function dataCenterOf(key: string): string | undefined {
  return /-([a-z]{2,3}\d{1,3})$/.exec(key)?.[1];
}

export function apiUrl({ api_key, base_url }: Settings): string {
  return base_url ?? `https://${dataCenterOf(api_key.reveal()) ?? 'us1'}.api.mailchimp.com`;
}
