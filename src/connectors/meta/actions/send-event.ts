import { z } from 'zod';
import { defineAction } from '../../../kit/index.ts';
import { eventInputSchema } from '../event-input.ts';
import { sendEvents } from '../send-events.ts';
import type { Settings } from '../settings.ts';

const keyOf = ({ event_name, event_id }: { readonly event_name: string; readonly event_id: string }) =>
  `${event_name} ${event_id}`;

export const sendEvent = defineAction<Settings>()({
  id: 'send-event',
  title: 'Send a server event',
  summary: 'Sends a conversion with hashed user data to the Conversions API, once.',
  input: eventInputSchema,
  options: z.object({}),
  orderKey: keyOf,
  // "Up to 1,000 events in data": the page "Using the API" (2026-11). A second fills batches under load, and Meta
  // reports conversions with a delay of minutes anyway.
  batch: { maxItems: 1000, lingerMs: 1000 },
  // Meta drops repetitions for 48 hours only.
  once: keyOf,
  deliver: sendEvents,
});
