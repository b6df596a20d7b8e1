import type { Outcome } from '../../../kernel/outcome.ts';
import type { Item, Steps } from '../../../kit/index.ts';
import { refKey } from '../records/record-ref.ts';
import { changeMembers } from './change-members.ts';
import type { ListContext } from './find-list.ts';
import { listKey, memberInputSchema, memberOptionsSchema } from './member-input.ts';
import type { MemberInput } from './member-input.ts';

// HubSpot's documentation caps a change of a list at 100,000 records (read 2026-11, unconfirmed). Ten reads of members
// by address are as much as one batch should hold up.
const MEMBERS_MAX = 1_000;

/** What adding and removing have in common. */
export const MEMBER_ACTION = {
  input: memberInputSchema,
  options: memberOptionsSchema,
  // A record goes in and out of one list in order.
  orderKey: (input: MemberInput): string => `${listKey(input)} ${refKey(input.member)}`,
  batch: { maxItems: MEMBERS_MAX, lingerMs: 250 },
  /** The last word on a membership is all that counts. */
  coalesce: (_older: MemberInput, newer: MemberInput): MemberInput => newer,
} as const;

export function memberChange(side: 'add' | 'remove') {
  return function* (batch: readonly Item<MemberInput>[], context: ListContext): Steps<readonly Outcome[]> {
    return yield* changeMembers(batch, side, context);
  };
}
