import { defineAction } from '../../../kit/index.ts';
import {
  coalesceContacts,
  contactInputSchema,
  contactOptionsSchema,
  normaliseEmail,
  yieldContact,
} from '../records/record-input.ts';
import { upsertContacts } from '../records/upsert-records.ts';
import type { Settings } from '../settings.ts';

export const upsertContact = defineAction<Settings>()({
  id: 'upsert-contact',
  title: 'Create or update a contact',
  summary:
    'Finds the contact by any of its e-mail addresses and sets its properties; creates it when there is none.',
  input: contactInputSchema,
  options: contactOptionsSchema,
  orderKey: ({ email }) => normaliseEmail(email),
  // 100 is HubSpot's cap for batches of objects. A quarter of a second fills batches under load; calls, not
  // time, are what is scarce.
  batch: { maxItems: 100, lingerMs: 250 },
  coalesce: coalesceContacts,
  yieldTo: yieldContact,
  deliver: upsertContacts,
});
