import { defineAction } from '../../../kit/index.ts';
import { eventInputSchema, eventOptionsSchema } from '../events/event-input.ts';
import { sendEvents } from '../events/send-events.ts';
import type { Settings } from '../settings.ts';

export const sendEvent = defineAction<Settings>()({
  id: 'send-event',
  title: 'Send a custom event',
  summary:
    'Records a custom behavioural event for a contact or another record; its definition can be created on the way.',
  input: eventInputSchema,
  options: eventOptionsSchema,
  // One subject's events and contact properties stay in order; HubSpot sorts the events by their own time.
  orderKey: ({ email, utk, object_id, object_type }) =>
    email?.toLowerCase() ?? utk ?? `${object_type}:${object_id ?? ''}`,
  // HubSpot's cap for batches of events. A quarter of a second fills them under load.
  batch: { maxItems: 500, lingerMs: 250 },
  deliver: sendEvents,
});
