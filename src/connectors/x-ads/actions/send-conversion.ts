import { z } from 'zod';
import { defineAction } from '../../../kit/index.ts';
import { conversionInputSchema } from '../conversion-input.ts';
import { CONVERSIONS_MAX } from '../limits.ts';
import { sendConversions } from '../send-conversions.ts';
import { eventIdSchema } from '../settings.ts';
import type { Settings } from '../settings.ts';

export const sendConversion = defineAction<Settings>()({
  id: 'send-conversion',
  title: 'Send a web conversion',
  summary: 'Reports a conversion with hashed identifiers to X, once.',
  input: conversionInputSchema,
  /** `event_id`: another event than that of the settings. */
  options: z.object({ event_id: eventIdSchema.optional() }),
  orderKey: ({ conversion_id }) => conversion_id,
  // A second fills calls under load; X reports conversions with a delay of hours anyway.
  batch: { maxItems: CONVERSIONS_MAX, lingerMs: 1000 },
  once: ({ conversion_id }, { event_id = '' }) => `${event_id} ${conversion_id}`,
  deliver: sendConversions,
});
