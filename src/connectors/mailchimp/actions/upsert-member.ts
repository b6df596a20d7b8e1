import { defineAction } from '../../../kit/index.ts';
import { BATCH_MAX, travelsTogether } from '../members/batch-members.ts';
import { hasItsTags, isUnchanged } from '../members/known-members.ts';
import { listOf, memberInputSchema, memberOptionsSchema, mergeMembers } from '../members/member-input.ts';
import { upsertMembers } from '../members/upsert-members.ts';
import type { Settings } from '../settings.ts';

// Of contacts with a call of their own, be it for themselves or for their tags, 25 travel together: a run whose calls go
// one after the other holds one of ten connections, and its outcomes are recorded at its end.
const PLACES_ALONE = 20;

export const upsertMember = defineAction<Settings>()({
  id: 'upsert-member',
  title: 'Create or update a contact',
  summary:
    'Writes merge fields and tags of a contact in an audience, and makes the contact where there is none. The status of an existing contact is never changed.',
  input: memberInputSchema,
  options: memberOptionsSchema,
  orderKey: ({ list_id = '', email }) => `${list_id} ${email.toLowerCase()}`,
  // A quarter of a second fills batches under load: with ten connections, calls are what is scarce.
  batch: { maxItems: BATCH_MAX, lingerMs: 250 },
  coalesce: mergeMembers,
  needsNoCall: isUnchanged,
  places: (input, context) => {
    const list = listOf(input, context);
    return travelsTogether(input, list, context) && hasItsTags(input, list, context) ? 1 : PLACES_ALONE;
  },
  deliver: upsertMembers,
});
