import { z } from 'zod';

/**
 * What the vendor does not document, each with the best inference first. `POST /_emulator/limits` and seeds change them.
 */
export const switchesSchema = z.strictObject({
  /** A path without its last slash: no such route, or a redirect to the one with it. */
  slashless: z.enum(['not_found', 'redirect']),
  /** What `tags` of a subscription do to those that the contact has. */
  subscriptionTags: z.enum(['replace', 'merge']),
  /** A key of `custom` that the account has no field for: made, dropped, or refused. */
  unknownFields: z.enum(['create', 'ignore', 'refuse']),
  /** What `custom` of a write does to the values that the contact has: they stay, or those that it does not name go. */
  customWrites: z.enum(['merge', 'replace']),
  /** Bare lists, as the SDKs have them, or `{data, meta}`, as newsletters come in newer versions. */
  envelope: z.enum(['bare', 'wrapped']),
  /** None is published. */
  callsPerMinute: z.int().positive().nullable(),
});
export type Switches = z.output<typeof switchesSchema>;

export const DEFAULT_SWITCHES: Switches = {
  slashless: 'not_found',
  subscriptionTags: 'replace',
  unknownFields: 'create',
  customWrites: 'merge',
  envelope: 'bare',
  callsPerMinute: null,
};
