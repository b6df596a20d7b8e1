import { defineAction } from '../../../kit/index.ts';
import { MEMBER_ACTION, memberChange } from '../lists/member-action.ts';
import type { Settings } from '../settings.ts';

export const addToList = defineAction<Settings>()({
  id: 'add-to-list',
  title: 'Add a record to a list',
  summary: 'Makes a record a member of a static list, which can be created on the way.',
  ...MEMBER_ACTION,
  deliver: memberChange('add'),
});
