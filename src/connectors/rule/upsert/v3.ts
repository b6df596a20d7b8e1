import type { JsonObject } from '../../../kernel/json.ts';
import type { Outcome } from '../../../kernel/outcome.ts';
import type { ConnectionCache, Steps } from '../../../kit/index.ts';
import { ask, BY_EMAIL, subscriberPath, UNREADABLE } from '../api.ts';
import { fieldOf, groupOf, isEmpty } from '../wire-fields.ts';
import type { WireField } from '../wire-fields.ts';
import type { Draft } from './draft.ts';
import { ensureFields } from './ensure-fields.ts';
import { locate } from './locate.ts';
import { removeTags, staleTags } from './remove-tags.ts';
import { setPhone } from './set-phone.ts';

/**
 * Writes a subscriber by v3, in the order of Rule's SDK: the subscriber, its fields, its tags, so that an automation that
 * a tag starts finds the fields. Two or three calls as a rule; a new one, a new number and each stale tag cost one more.
 */
export function* upsertV3(draft: Draft, cache: ConnectionCache): Steps<Outcome> {
  const located = yield* locate(draft.email);
  if (located.kind === 'ended') return located.outcome;
  const { subscriber, isNew } = located;
  const notes = yield* setPhone(subscriber, draft, cache);
  if (notes === undefined) return UNREADABLE;

  if (!(yield* ensureFields(draft.fields, cache))) return UNREADABLE;
  // A new subscriber has nothing that could be emptied.
  const fields = draft.fields.filter((field) => !isNew || !isEmpty(field));
  if (fields.length > 0) {
    const written = yield* ask({
      version: 'v3',
      method: 'POST',
      path: `/custom-field-data/${encodeURIComponent(subscriber.id)}`,
      body: { groups: toGroups(fields) },
    });
    if (written === undefined) return UNREADABLE;
  }

  const stale = staleTags(draft, subscriber.tags);
  if (!(yield* removeTags('v3', draft, stale))) return UNREADABLE;
  if (!(yield* addTags(draft, subscriber.tags, stale.length > 0))) return UNREADABLE;
  return { kind: 'delivered', remoteId: subscriber.id, ...(notes.length === 0 ? {} : { notes }) };
}

/**
 * Adds what is missing, after what is stale has gone: v3 does not look again at the segments of a subscriber who loses a
 * tag "until something else triggers a sync" (npm @rulecom/client 0.4.0-beta.7, 2026-11). Adding a tag does, so with
 * nothing to add one that is there is added once more, which starts no automation.
 */
function* addTags(
  { email, tags, automation }: Draft,
  current: readonly string[],
  hasLost: boolean,
): Steps<boolean> {
  const carried = new Set(current);
  const missing = tags.filter((tag) => !carried.has(tag));
  const starts = missing.length > 0 && automation !== 'none';
  const added = missing.length > 0 ? missing : hasLost ? tags.slice(0, 1) : [];
  if (added.length === 0) return true;
  const response = yield* ask({
    version: 'v3',
    method: 'PUT',
    path: subscriberPath(email, '/tags'),
    query: BY_EMAIL,
    body: { tags: added, ...(starts ? { automation } : {}) },
  });
  return response !== undefined;
}

function toGroups(fields: readonly WireField[]): readonly JsonObject[] {
  const groups = [...new Set(fields.map(({ key }) => groupOf(key)))];
  return groups.map((group) => ({
    group,
    create_if_not_exists: true,
    values: fields
      .filter(({ key }) => groupOf(key) === group)
      .map(({ key, value }) => ({ field: fieldOf(key), create_if_not_exists: true, value })),
  }));
}
