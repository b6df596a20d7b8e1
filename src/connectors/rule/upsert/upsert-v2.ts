import type { JsonValue } from '../../../kernel/json.ts';
import type { Outcome } from '../../../kernel/outcome.ts';
import type { CallResponse, ConnectionCache, Steps } from '../../../kit/index.ts';
import { ask, BY_EMAIL, readTags, readWrittenId, subscriberPath, UNREADABLE } from '../api.ts';
import type { Draft } from './draft.ts';
import { isPhoneRefused, PHONE_LEFT_OUT, PHONE_REFUSALS, rememberRefusedPhone } from './refused-phone.ts';
import { removeTags } from './remove-tags.ts';

/**
 * Writes a subscriber by v2: one call for the subscriber, its fields and its tags, one that reads the tags it carries
 * now, and one for each stale tag.
 */
export function* upsertV2(draft: Draft, cache: ConnectionCache): Steps<Outcome> {
  const hasPhone = draft.phone !== undefined && !isPhoneRefused(draft, cache);
  let isLeftOut = draft.phone !== undefined && !hasPhone;
  let written = yield* write(draft, hasPhone);
  if (written !== undefined && written.status >= 300) {
    // Its number is all of it that other people's data can make impossible: if it was not that, Rule says so again.
    written = yield* write(draft, false);
    rememberRefusedPhone(draft, cache);
    isLeftOut = true;
  }
  if (written === undefined) return UNREADABLE;

  const answer = yield* ask({
    version: 'v2',
    method: 'GET',
    path: subscriberPath(draft.email, '/tags'),
    query: BY_EMAIL,
  });
  const current = readTags(answer?.body);
  if (current === undefined || !(yield* removeTags('v2', draft, current))) return UNREADABLE;
  const id = readWrittenId(written.body);
  return {
    kind: 'delivered',
    ...(id === undefined ? {} : { remoteId: id }),
    ...(isLeftOut ? { notes: [PHONE_LEFT_OUT] } : {}),
  };
}

function* write(draft: Draft, hasPhone: boolean): Steps<CallResponse | undefined> {
  const { email, phone, tags, fields, automation } = draft;
  return yield* ask({
    version: 'v2',
    method: 'POST',
    path: '/subscribers',
    body: {
      update_on_duplicate: true,
      tags,
      ...AUTOMATION[automation],
      subscribers: {
        email,
        ...(hasPhone && phone !== undefined ? { phone_number: phone } : {}),
        fields: fields.map(({ key, type, value }) => ({ key, type, value })),
      },
    },
    accept: hasPhone ? PHONE_REFUSALS : [],
  });
}

// v2 has no word for `send`: it is what happens when nothing is said, below 20 subscribers.
const AUTOMATION: Readonly<Record<Draft['automation'], Readonly<Record<string, JsonValue>>>> = {
  send: {},
  none: { automation: false },
  force: { automation: 'force' },
  reset: { automation: 'reset' },
};
