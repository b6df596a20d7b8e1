import { z } from 'zod';

/** What nobody outside Rule knows for sure. */
export const switchesSchema = z.strictObject({
  /** Creation by v3 of a subscriber who is there: Rule's SDK treats it as an error, one text says that it updates. */
  v3Duplicate: z.enum(['409', '422', 'update']),
  /** A number that another subscriber has. */
  phoneOfAnother: z.enum(['409', '422']),
  /** Above so many subscribers in one call, v2 answers before it has written anything. */
  asyncAbove: z.int().positive(),
  /** How long bulk calls take after their answer. */
  asyncDelayMs: z.int().nonnegative(),
  /** Whether the answer to a v2 creation names the subscriber. */
  v2AnswerNamesSubscriber: z.boolean(),
});
export type Switches = z.output<typeof switchesSchema>;

/** The best guess there is (2026-11). */
export const DEFAULT_SWITCHES: Readonly<Switches> = {
  v3Duplicate: '409',
  phoneOfAnother: '409',
  asyncAbove: 20,
  asyncDelayMs: 2_000,
  v2AnswerNamesSubscriber: true,
};
