import type { Outcome } from '../../../kernel/outcome.ts';
import { defineAction } from '../../../kit/index.ts';
import { contactInputSchema, contactOptionsSchema, mergeInputs } from '../contact-input.ts';
import type { Settings } from '../settings.ts';
import { syncOne } from '../sync-one.ts';

export const syncContact = defineAction<Settings>()({
  id: 'sync-contact',
  title: 'Sync a contact',
  summary:
    'Puts a contact on a list, fills in what is empty, writes account fields and merges sesamy_ tags into those that are there.',
  input: contactInputSchema,
  options: contactOptionsSchema,
  orderKey: ({ list_id = '', email }) => `${list_id} ${email.toLowerCase()}`,
  // The import takes many at once, but neither tags nor fields.
  batch: { maxItems: 1, lingerMs: 0 },
  coalesce: mergeInputs,
  *deliver(batch, context) {
    const outcomes: Outcome[] = [];
    for (const { input } of batch) outcomes.push(yield* syncOne(input, context));
    return outcomes;
  },
});
