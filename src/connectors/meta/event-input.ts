import { z } from 'zod';
import type { JsonValue } from '../../kernel/json.ts';

const text = z.string().trim().min(1);
// Zod's own type of JSON has lists that may be changed, which ours do not promise.
const anyJson = z.json() as z.ZodType<JsonValue>;
/** One value or several, plain or hashed. */
const values = z.union([text, z.array(text).min(1)]);

/** Who did it. The first block is normalised and hashed here unless it is hashed already; the second goes as it is. */
export const userDataSchema = z.object({
  em: values.optional(),
  ph: values.optional(),
  fn: values.optional(),
  ln: values.optional(),
  ge: values.optional(),
  db: values.optional(),
  ct: values.optional(),
  st: values.optional(),
  zp: values.optional(),
  /** Two letters; also tells how a phone number without the code of a country is read. */
  country: values.optional(),
  external_id: values.optional(),

  client_ip_address: text.optional(),
  client_user_agent: text.optional(),
  fbc: text.optional(),
  fbp: text.optional(),
  subscription_id: text.optional(),
  fb_login_id: text.optional(),
  lead_id: text.optional(),
  madid: text.optional(),
  anon_id: text.optional(),
});
export type UserData = z.output<typeof userDataSchema>;

const ACTION_SOURCES = [
  'website',
  'app',
  'email',
  'phone_call',
  'chat',
  'physical_store',
  'system_generated',
  'business_messaging',
  'other',
] as const;

/**
 * A server event in Meta's words, with plain user data:
 * https://developers.facebook.com/docs/marketing-api/conversions-api/parameters/server-event (read 2026-11).
 */
export const eventInputSchema = z
  .object({
    /** A standard event such as `Purchase` or `Subscribe`, or a name of one's own. */
    event_name: text,
    event_time: z.iso.datetime({ offset: true }),
    /** The same id as that of the browser's event, and of every repetition: by it Meta drops what it has. */
    event_id: text,
    action_source: z.enum(ACTION_SOURCES),
    event_source_url: z.url({ protocol: /^https?$/ }).optional(),
    referrer_url: z.url({ protocol: /^https?$/ }).optional(),
    opt_out: z.boolean().optional(),
    user_data: userDataSchema,
    /** `value`, `currency`, `contents` and so on; keys of one's own are allowed. */
    custom_data: z.record(z.string(), anyJson).optional(),
  })
  .superRefine(({ event_name, action_source, event_source_url, user_data, custom_data }, context) => {
    const require = (isThere: boolean, path: readonly string[], reason: string): void => {
      if (!isThere)
        context.addIssue({ code: 'custom', path: [...path], message: `is required for ${reason}` });
    };
    if (event_name === 'Purchase') {
      require(typeof custom_data?.['value'] === 'number', [
        'custom_data',
        'value',
      ], 'a Purchase, as a number');
      require(typeof custom_data?.['currency'] === 'string', ['custom_data', 'currency'], 'a Purchase');
    }
    if (action_source === 'website') {
      const reason = 'action_source website';
      require(event_source_url !== undefined, ['event_source_url'], reason);
      require(user_data.client_user_agent !== undefined, ['user_data', 'client_user_agent'], reason);
    }
  });
export type EventInput = z.output<typeof eventInputSchema>;
