import type { JsonObject } from '../../../kernel/json.ts';
import type { Outcome } from '../../../kernel/outcome.ts';
import type { ConnectionCache, Steps } from '../../../kit/index.ts';
import { ask, BY_EMAIL, subscriberPath, UNREADABLE } from '../api.ts';
import { fieldOf, groupOf, isEmpty } from '../wire-fields.ts';
import type { WireField } from '../wire-fields.ts';
import type { Draft } from './draft.ts';
import { ensureFields } from './ensure-fields.ts';
import { locate } from './locate.ts';
import { removeTags } from './remove-tags.ts';
import { setPhone } from './set-phone.ts';

/**
 * Writes a subscriber by v3, in the order of Rule's SDK: the subscriber, its fields, its tags, so that an automation that
 * a tag starts finds the fields. Three calls as a rule; a new one, a new number and each stale tag cost one more.
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

  const carried = new Set(subscriber.tags);
  const missing = draft.tags.filter((tag) => !carried.has(tag));
  if (missing.length > 0) {
    const added = yield* ask({
      version: 'v3',
      method: 'PUT',
      path: subscriberPath(draft.email, '/tags'),
      query: BY_EMAIL,
      body: { tags: missing, ...(draft.automation === 'none' ? {} : { automation: draft.automation }) },
    });
    if (added === undefined) return UNREADABLE;
  }
  if (!(yield* removeTags('v3', draft, subscriber.tags))) return UNREADABLE;
  return { kind: 'delivered', remoteId: subscriber.id, ...(notes.length === 0 ? {} : { notes }) };
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
