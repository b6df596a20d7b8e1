import { z } from 'zod';
import { secret } from '../../kit/index.ts';

/** Lists are numbered; a name in their place is a mistake worth telling before anything is sent. */
export const listIdSchema = z.coerce
  .string()
  .trim()
  .regex(/^\d+$/, 'must be the number of a list: it stands in the address of its page');

// No limit is published (mailmojo.dev, read 2026-11). Four contacts at a time use as many at answers of up to 400 ms.
const CALLS_PER_SECOND_DEFAULT = 10;

export const settingsSchema = z.object({
  api_token: secret().describe('Of the account, with the scopes contacts, lists and subscribe.'),
  list_id: listIdSchema.describe('The list that subscribers are put on, unless a flow names another.'),
  base_url: z
    .url({ protocol: /^https?$/ })
    .default('https://api.mailmojo.no')
    .describe('Where the API is; change it for the emulator.'),
  calls_per_second: z.number().positive().max(1000).default(CALLS_PER_SECOND_DEFAULT),
});
export type Settings = z.output<typeof settingsSchema>;
