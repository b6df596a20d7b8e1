import { z } from 'zod';
import type { DeliverContext } from '../../../kit/index.ts';
import { guestsSchema, listIdSchema } from '../members/member-input.ts';
import type { Settings } from '../settings.ts';

/** The property by which an event that was sent is found again: Mailchimp knows no id of its own for events. */
export const EVENT_ID = 'event_id';

const eventSchema = z.object({
  id: z.string().min(1).describe('Of the event, the same whenever it is sent.'),
  name: z.string().min(2).max(30),
  occurred_at: z.iso.datetime({ offset: true }),
  properties: z.record(z.string(), z.string()).default({}),
});

export const activityInputSchema = z.object({
  email: z.string().trim().min(3),
  list_id: listIdSchema,
  events: z.array(eventSchema).min(1),
});
export type ActivityInput = z.output<typeof activityInputSchema>;
export type ActivityEvent = ActivityInput['events'][number];

export const activityOptionsSchema = z.object({ list_id: listIdSchema, guests: guestsSchema });

export type ActivityContext = DeliverContext<Settings, z.output<typeof activityOptionsSchema>>;
