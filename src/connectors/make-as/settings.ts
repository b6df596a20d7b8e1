import { z } from 'zod';
import { secret } from '../../kit/index.ts';

/** An id that YAML may hold as a number. */
const id = z.union([z.string().trim().min(1), z.int()]).transform(String);

// No limit is published (apidocs.make.as, read 2026-11). Ours keeps four parallel calls busy at answers of 200 ms, and
// is polite to an account that sends the publisher's newsletters too.
const CALLS_PER_SECOND_DEFAULT = 20;

export const settingsSchema = z.object({
  user_id: id.describe('User id of the API, the user of HTTP Basic.'),
  api_key: secret(),
  list_id: id.describe('The subscriber list that is fed; a flow may name another.'),
  base_url: z
    .url({ protocol: /^https?$/ })
    .default('https://subscribers.dialogapi.no')
    .transform((url) => url.replace(/\/+$/, '')),
  calls_per_second: z.number().positive().max(1000).default(CALLS_PER_SECOND_DEFAULT),
});
export type Settings = z.output<typeof settingsSchema>;
