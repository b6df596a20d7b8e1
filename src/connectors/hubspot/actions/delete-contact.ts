import { defineAction } from '../../../kit/index.ts';
import { deleteContacts } from '../deletion/delete-contacts.ts';
import { deletionInputSchema, deletionOptionsSchema } from '../deletion/deletion-input.ts';
import { refKey } from '../records/record-ref.ts';
import type { Settings } from '../settings.ts';

export const deleteContact = defineAction<Settings>()({
  id: 'delete-contact',
  title: 'Delete a contact',
  summary:
    'Archives a contact, or deletes it for good with all that HubSpot knows of it; the flow must say so in words.',
  input: deletionInputSchema,
  options: deletionOptionsSchema,
  orderKey: ({ contact }) => refKey({ type: 'contacts', ...contact }),
  // HubSpot's cap for batches of objects.
  batch: { maxItems: 100, lingerMs: 250 },
  // Deleting twice is deleting once.
  coalesce: (_older, newer) => newer,
  deliver: deleteContacts,
});
