import type { Outcome } from '../../../kernel/outcome.ts';
import { classifyFailure, send } from '../../../kit/index.ts';
import type { CallResponse, Steps } from '../../../kit/index.ts';
import { memberShape } from '../api.ts';
import type { ApiMember } from '../api.ts';
import { FAILURES } from '../failures.ts';
import { memberPath } from '../paths.ts';
import { contactRefusal, describeFailure, refusedFields, unexpected } from '../vendor-error.ts';
import { withoutFields } from './draft.ts';
import type { Draft } from './draft.ts';
import { doubtFields, forget, remember } from './known-members.ts';
import type { MemberContext } from './member-input.ts';
import { settleTags } from './settle-tags.ts';

/** How a run of many contacts takes the vendor's passing troubles. */
export interface Patience {
  /** Troubles that may still cost one contact an attempt; the next one ends the run and costs all of it one. */
  left: number;
}

const PASSING = [500, 502, 503, 504];

/** Creates or updates one contact, then its tags. */
export function* putMember(draft: Draft, patience: Patience, context: MemberContext): Steps<Outcome> {
  doubtFields(draft.item.input, draft.list, context.cache);
  const response = yield* put(draft, patience, context);
  if (response.status >= 500) {
    patience.left -= 1;
    return classifyFailure(response, FAILURES, 'mailchimp', describeFailure);
  }
  if (response.status === 400) {
    const refused = refusedFields(response.body).filter((tag) => Object.hasOwn(draft.mergeFields, tag));
    if (refused.length > 0) return yield* putMember(withoutFields(draft, refused), patience, context);
    return contactRefusal(response);
  }
  const member = memberShape.safeParse(response.body);
  return member.success ? yield* finish(draft, member.data, context) : unexpected('a contact');
}

/** What follows from a contact that Mailchimp shows as written. */
export function* finish(draft: Draft, member: ApiMember, { cache }: MemberContext): Steps<Outcome> {
  const { item, list, notes, isWhole } = draft;
  remember(item.input, list, cache, { fields: isWhole, tags: false });
  const trouble = yield* settleTags(draft, member);
  if (trouble !== undefined) {
    forget(item.input, list, cache);
    return trouble;
  }
  remember(item.input, list, cache, { fields: isWhole, tags: true });
  const said = [...notes, ...statusNote(member)];
  return { kind: 'delivered', remoteId: member.id, ...(said.length === 0 ? {} : { notes: said }) };
}

/** Nobody whose fields are kept up to date is told apart from a reader by the sync: whoever asks why finds it here. */
function statusNote({ status }: ApiMember): readonly string[] {
  return ['unsubscribed', 'cleaned', 'archived'].includes(status)
    ? [`The contact is ${status} in Mailchimp, and stays so.`]
    : [];
}

function put(draft: Draft, patience: Patience, { settings, options }: MemberContext): Steps<CallResponse> {
  const { item, list, mergeFields } = draft;
  return send({
    method: 'PUT',
    path: memberPath(list, item.input.email),
    // Fields that the audience requires are for its forms; a sync leaves empty what the platform does not know.
    query: { skip_merge_validation: 'true' },
    body: {
      email_address: item.input.email,
      // Never `status`, which would change an existing contact and bring back who has left.
      status_if_new: options.status_if_new ?? settings.status_if_new,
      merge_fields: mergeFields,
    },
    accept: [400, ...(patience.left > 0 ? PASSING : [])],
  });
}
