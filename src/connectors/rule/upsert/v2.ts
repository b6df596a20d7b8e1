import type { JsonValue } from '../../../kernel/json.ts';
import type { Outcome } from '../../../kernel/outcome.ts';
import type { ConnectionCache, Steps } from '../../../kit/index.ts';
import { ask, UNREADABLE } from '../api.ts';
import type { Draft } from './draft.ts';
import { findSubscriber } from './find-subscriber.ts';
import { removeTags, staleTags } from './remove-tags.ts';
import { setPhone } from './set-phone.ts';

/**
 * Writes a subscriber by v2: one call for the subscriber, its fields and its tags, one that reads what it carries now;
 * a new number and each stale tag cost one more.
 */
export function* upsertV2(draft: Draft, cache: ConnectionCache): Steps<Outcome> {
  const { email, tags, fields, automation } = draft;
  const written = yield* ask({
    version: 'v2',
    method: 'POST',
    path: '/subscribers',
    body: {
      update_on_duplicate: true,
      tags,
      ...AUTOMATION[automation],
      subscribers: { email, fields: fields.map(({ key, type, value }) => ({ key, type, value })) },
    },
  });
  if (written === undefined) return UNREADABLE;
  const subscriber = yield* findSubscriber(email);
  // Right after it was written it cannot be absent: a read that lags behind the write will find it later.
  if (subscriber === 'absent' || subscriber === 'unreadable') return UNREADABLE;
  const notes = yield* setPhone(subscriber, draft, cache);
  const stale = staleTags(draft, subscriber.tags);
  if (notes === undefined || !(yield* removeTags('v2', draft, stale))) return UNREADABLE;
  return { kind: 'delivered', remoteId: subscriber.id, ...(notes.length === 0 ? {} : { notes }) };
}

/**
 * v2 has no word for `send`: it is what happens when nothing is said, below 20 subscribers. `automation` is about
 * subscribers who were there before, `sync_subscribers` about all (npm @rulecom/client 0.4.0-beta.7, 2026-11).
 */
const AUTOMATION: Readonly<Record<Draft['automation'], Readonly<Record<string, JsonValue>>>> = {
  send: {},
  none: { automation: false, sync_subscribers: false },
  force: { automation: 'force' },
  reset: { automation: 'reset' },
};
