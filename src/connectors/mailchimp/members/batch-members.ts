import type { Outcome } from '../../../kernel/outcome.ts';
import { send } from '../../../kit/index.ts';
import type { Steps } from '../../../kit/index.ts';
import { batchShape, memberShape } from '../api.ts';
import type { ApiMember } from '../api.ts';
import { listPath } from '../paths.ts';
import type { Draft } from './draft.ts';
import { doubtFields, isKnown } from './known-members.ts';
import type { MemberContext, MemberInput } from './member-input.ts';
import { finish } from './put-member.ts';

/** "Up to 500 members": mailchimp.com/developer/marketing/api/lists/batch-subscribe-or-unsubscribe, read 2026-11. */
export const BATCH_MAX = 500;

// An account that refuses rows without a status is asked again after an hour.
const REFUSED_MS = 3_600_000;

function refusedKey(list: string): string {
  return `batch-refused:${list}`;
}

/** Whether a contact may share its call with others: it exists, and rows without a status are taken. */
export function travelsTogether(input: MemberInput, list: string, context: MemberContext): boolean {
  return context.cache.get(refusedKey(list)) === undefined && isKnown(input, list, context);
}

/**
 * Updates up to 500 contacts that exist in one call, then the tags of those whose tags differ. The rows have no status:
 * the call knows no `status_if_new`, and any status would change that of an existing contact. Contacts about which the
 * answer says nothing good are without an outcome, to be written alone.
 */
export function* batchMembers(
  drafts: readonly Draft[],
  list: string,
  context: MemberContext,
): Steps<ReadonlyMap<Draft, Outcome>> {
  const outcomes = new Map<Draft, Outcome>();
  for (const { item } of drafts) doubtFields(item.input, list, context.cache);
  const response = yield* send({
    method: 'POST',
    path: listPath(list),
    query: { skip_merge_validation: 'true' },
    body: {
      // Without `sync_tags`, which would take off every tag that is not ours.
      update_existing: true,
      members: drafts.map(({ item, mergeFields }) => ({
        email_address: item.input.email,
        merge_fields: mergeFields,
      })),
    },
    accept: [400],
  });
  if (response.status === 400) {
    context.cache.set(refusedKey(list), true, REFUSED_MS);
    return outcomes;
  }
  const written = writtenMembers(response.body);
  for (const draft of drafts) {
    const member = written.get(draft.item.input.email.toLowerCase());
    if (member !== undefined) outcomes.set(draft, yield* finish(draft, member, context));
  }
  return outcomes;
}

/** By address in lower case. */
function writtenMembers(body: unknown): ReadonlyMap<string, ApiMember> {
  const { new_members = [], updated_members = [] } = batchShape.safeParse(body).data ?? {};
  const members = [...new_members, ...updated_members].flatMap(
    (row) => memberShape.safeParse(row).data ?? [],
  );
  return new Map(members.map((member) => [member.email_address.toLowerCase(), member]));
}
