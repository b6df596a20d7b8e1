import { defineAction, send } from '../../../kit/index.ts';
import type { Steps } from '../../../kit/index.ts';
import type { Outcome } from '../../../kernel/outcome.ts';
import { conversionInputSchema, conversionOptionsSchema } from '../conversion-input.ts';
import { conversionQuery } from '../pixel.ts';
import type { Settings } from '../settings.ts';

export const sendConversion = defineAction<Settings>()({
  id: 'send-conversion',
  title: 'Send a conversion',
  summary: 'Tells Kilkaya of one purchase, by its pixel.',
  input: conversionInputSchema,
  options: conversionOptionsSchema,
  orderKey: ({ checkout_id }) => checkout_id,
  // The pixel takes one conversion, and no id by which it could tell a repetition.
  once: ({ checkout_id }) => checkout_id,
  batch: { maxItems: 1, lingerMs: 0 },
  *deliver(batch, { settings }): Steps<readonly Outcome[]> {
    const outcomes: Outcome[] = [];
    for (const { input } of batch) {
      yield* send({
        method: 'GET',
        path: '/',
        query: conversionQuery(input, settings),
        headers: { accept: 'image/gif', 'user-agent': input.user_agent ?? settings.user_agent },
      });
      // Any 2xx: the collector answers the same to everything.
      outcomes.push({ kind: 'delivered' });
    }
    return outcomes;
  },
});
