import { z } from 'zod';
import { secret } from '../../kit/index.ts';

/** The generations of Rule's API that the connector speaks. v3 has no reads of subscribers, so both use some of v2. */
export const API_VERSIONS = ['v3', 'v2'] as const;

// What `RequestsCount-Allowed` was seen to say (authors of github.com/rulecom/rule-io-sdk, probed 2026-05).
const CALLS_DEFAULT = 2_000;

export const ruleSettings = z.object({
  api_key: secret().describe('From Settings > API in Rule.'),
  api_version: z.enum(API_VERSIONS).default('v3').describe('Which API writes subscribers.'),
  base_url: z
    .url({ protocol: /^https?$/ })
    .default('https://app.rule.io')
    .transform((url) => url.replace(/\/+$/, '')),
  calls_per_ten_minutes: z
    .int()
    .min(10)
    .max(1_000_000)
    .default(CALLS_DEFAULT)
    .describe('What Rule allows the account; its answers say so in RequestsCount-Allowed.'),
});
export type RuleSettings = z.output<typeof ruleSettings>;
