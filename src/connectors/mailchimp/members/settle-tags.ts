import type { Outcome } from '../../../kernel/outcome.ts';
import { send } from '../../../kit/index.ts';
import type { Steps } from '../../../kit/index.ts';
import { tagDifference } from '../../../subscribers/index.ts';
import { tagPageShape } from '../api.ts';
import type { ApiMember } from '../api.ts';
import { memberPath } from '../paths.ts';
import { describeFailure, unexpected } from '../vendor-error.ts';
import type { Draft } from './draft.ts';

/**
 * Brings the tags of a contact that was just written to what the input says; `undefined` when they are. The answer to
 * the write shows the tags, so that they are read apart only where it does not show all.
 */
export function* settleTags({ item, list }: Draft, member: ApiMember): Steps<Outcome | undefined> {
  const { email, tags } = item.input;
  if (tags === undefined) return undefined;
  const path = `${memberPath(list, email)}/tags`;
  const current = shownTags(member) ?? (yield* readTags(path));
  if ('kind' in current) return current;
  const { add, remove } = tagDifference(current, tags.set, tags.keep);
  if (add.length === 0 && remove.length === 0) return undefined;
  const response = yield* send({
    method: 'POST',
    path,
    body: {
      tags: [
        ...add.map((name) => ({ name, status: 'active' })),
        ...remove.map((name) => ({ name, status: 'inactive' })),
      ],
    },
    accept: [400, 404],
  });
  if (response.status === 404) return vanished;
  if (response.status === 400) return { kind: 'rejected', fault: describeFailure(response) };
  // 204 has no body; whatever has one does not come from Mailchimp.
  return response.body === undefined ? undefined : unexpected('tags');
}

/** `undefined` when the answer does not show all of them: at most 50 come with a member. */
function shownTags({ tags, tags_count }: ApiMember): readonly string[] | undefined {
  if (tags === undefined || tags_count === undefined || tags.length < tags_count) return undefined;
  return tags.map(({ name }) => name);
}

// The most that a page may hold: https://mailchimp.com/developer/marketing/docs/methods-parameters/#pagination.
const PAGE_SIZE = 1000;
// Ten thousand tags on one contact are a mistake.
const PAGES_MAX = 10;

function* readTags(path: string): Steps<readonly string[] | Outcome> {
  const names: string[] = [];
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const query = { count: String(PAGE_SIZE), offset: String(names.length) };
    const response = yield* send({ method: 'GET', path, query, accept: [404] });
    if (response.status === 404) return vanished;
    const parsed = tagPageShape.safeParse(response.body);
    if (!parsed.success) return unexpected('tags');
    names.push(...parsed.data.tags.map(({ name }) => name));
    if (parsed.data.tags.length === 0 || names.length >= parsed.data.total_items) return names;
  }
  return unexpected('tags');
}

const vanished: Outcome = {
  kind: 'retry',
  fault: { code: 'mailchimp.contact_vanished', message: 'The contact was deleted while it was written.' },
};
