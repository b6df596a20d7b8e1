import { defineAction } from '../../../kit/index.ts';
import { createEngagements } from '../engagements/create-engagements.ts';
import { engagementInputSchema, engagementOptionsSchema } from '../engagements/engagement-input.ts';
import type { Settings } from '../settings.ts';

export const createEngagement = defineAction<Settings>()({
  id: 'create-engagement',
  title: 'Create an engagement',
  summary:
    'Puts a note, call, email, meeting or task on the timeline of contacts, companies, deals or tickets.',
  input: engagementInputSchema,
  options: engagementOptionsSchema,
  // Engagements carry their own time; only one and the same must not be created side by side.
  orderKey: ({ type, key }) => `${type} ${key}`,
  // 100 is HubSpot's cap for batches of objects. A quarter of a second fills batches under load.
  batch: { maxItems: 100, lingerMs: 250 },
  deliver: createEngagements,
});
