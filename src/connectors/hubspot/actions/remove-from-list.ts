import { defineAction } from '../../../kit/index.ts';
import { MEMBER_ACTION, memberChange } from '../lists/member-action.ts';
import type { Settings } from '../settings.ts';

export const removeFromList = defineAction<Settings>()({
  id: 'remove-from-list',
  title: 'Remove a record from a list',
  summary: 'Ends the membership of a record in a static list; no list and no record is deleted.',
  ...MEMBER_ACTION,
  deliver: memberChange('remove'),
});
