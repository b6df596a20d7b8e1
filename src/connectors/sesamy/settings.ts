import { z } from 'zod';
import { secret } from '../../kit/index.ts';

// No limit is documented (developers.sesamy.com, read 2026-11). This is polite to an API that serves a
// publisher's readers too, and resolves about six users a second.
const CALLS_PER_SECOND_DEFAULT = 25;

export const sesamySettings = z.object({
  /** What the senders of events present as their bearer token. */
  token: secret(),
  api_url: z
    .url({ protocol: /^https?$/ })
    .default('https://api2.sesamy.com')
    .transform((url) => url.replace(/\/+$/, '')),
  /** Where the access token comes from; follows from `api_url` when absent. */
  token_url: z.url({ protocol: /^https?$/ }).optional(),
  client_id: z.string().trim().min(1),
  client_secret: secret(),
  calls_per_second: z.number().positive().max(1000).default(CALLS_PER_SECOND_DEFAULT),
});
export type SesamySettings = z.output<typeof sesamySettings>;

/**
 * The vendor's token hosts: https://developers.sesamy.com/authentication (production); the `.dev` domain is
 * read from its own packages; staging's is inferred (confidence low, 2026-11), so `token_url` overrides all.
 */
const TOKEN_URLS: Readonly<Record<string, string>> = {
  'api2.sesamy.com': 'https://token.sesamy.com/oauth/token',
  'api.sesamy.com': 'https://token.sesamy.com/oauth/token',
  'api2.sesamy.dev': 'https://token.sesamy.dev/oauth/token',
  'api.sesamy.dev': 'https://token.sesamy.dev/oauth/token',
  'staging-api.sesamy.com': 'https://staging-token.sesamy.com/oauth/token',
};

/** The vendor's own token host for the vendor's own API; anything else is asked at `/oauth/token` itself. */
export function tokenUrl({ api_url, token_url }: Pick<SesamySettings, 'api_url' | 'token_url'>): string {
  const { hostname, origin } = new URL(api_url);
  return token_url ?? TOKEN_URLS[hostname] ?? `${origin}/oauth/token`;
}
