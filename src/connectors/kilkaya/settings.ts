import { z } from 'zod';

// No limit is published (searched 2026-11). Purchases are far rarer; this holds back a backfill of years.
const CALLS_PER_SECOND_DEFAULT = 20;

// What is sent when the buyer's own is not known: it says what we are, in the form that browsers use, because a collector
// may drop hits of anything else (inferred, 2026-11).
const USER_AGENT_DEFAULT = 'Mozilla/5.0 (compatible; Linchpin)';

/** A page's address; a domain alone means its start page. */
const page = z
  .string()
  .trim()
  .min(1)
  .transform((text) => (/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`))
  .pipe(z.url({ protocol: /^https?$/ }));

/** Text that may stand in a header (RFC 9110 section 5.5), printable ASCII. */
export const headerText = z
  .string()
  .trim()
  .regex(/^[\x20-\x7e]+$/);

export const settingsSchema = z.object({
  subdomain: z
    .string()
    .trim()
    .regex(/^[a-z0-9-]+$/i, 'must be the first part of a host name, such as cl-eu5')
    .describe('Of the collector: cl-eu5 for cl-eu5.k5a.io.'),
  key: z.string().trim().min(1).describe('Installation id, 24 hexadecimal digits; it stands in every page.'),
  default_domain: page.describe('The page of a conversion whose checkout names none.'),
  version: z.union([z.literal(1), z.literal(2)]).default(1),
  user_agent: headerText
    .default(USER_AGENT_DEFAULT)
    .describe('Sent for a buyer whose own browser string is not known.'),
  base_url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('In place of https://<subdomain>.k5a.io, for the emulator.'),
  calls_per_second: z.number().positive().max(1000).default(CALLS_PER_SECOND_DEFAULT),
});
export type Settings = z.output<typeof settingsSchema>;

export function collectorUrl({ base_url, subdomain }: Settings): string {
  return base_url ?? `https://${subdomain}.k5a.io`;
}
