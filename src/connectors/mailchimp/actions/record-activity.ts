import type { Outcome } from '../../../kernel/outcome.ts';
import { defineAction, sha256Hex } from '../../../kit/index.ts';
import type { Item, Steps } from '../../../kit/index.ts';
import { activityInputSchema, activityOptionsSchema } from '../activity/activity-input.ts';
import type { ActivityContext, ActivityInput } from '../activity/activity-input.ts';
import { sendEvents } from '../activity/send-events.ts';
import type { Settings } from '../settings.ts';

/**
 * An action apart from `upsert-member`, because events are the one thing that cannot be written twice: Mailchimp drops
 * no repetition. `once` answers replays without a call, however old they are; the look at the contact's events covers
 * what `once` cannot know, a crash between Mailchimp's answer and the record of it, and an input of which some events
 * had gone out before a later one failed.
 */
export const recordActivity = defineAction<Settings>()({
  id: 'record-activity',
  title: "Record a contact's activity",
  summary: 'Adds events to a contact of an audience, each once.',
  input: activityInputSchema,
  options: activityOptionsSchema,
  orderKey: ({ list_id = '', email }) => `${list_id} ${email.toLowerCase()}`,
  batch: { maxItems: 1, lingerMs: 0 },
  once: ({ list_id, email, events }, options) =>
    sha256Hex(
      JSON.stringify([
        list_id ?? options.list_id ?? '',
        email.toLowerCase(),
        events.map(({ id }) => id).toSorted(),
      ]),
    ),
  *deliver(batch: readonly Item<ActivityInput>[], context: ActivityContext): Steps<readonly Outcome[]> {
    const outcomes: Outcome[] = [];
    for (const item of batch) outcomes.push(yield* sendEvents(item, context));
    return outcomes;
  },
});
