import type { ConnectionCache, Steps } from '../../../kit/index.ts';
import type { Outcome } from '../../../kernel/outcome.ts';
import { ask, BY_EMAIL, readCreatedId, readSubscriber, subscriberPath, UNREADABLE } from '../api.ts';
import type { Found } from '../api.ts';
import type { Draft } from './draft.ts';
import { isPhoneRefused, PHONE_LEFT_OUT, PHONE_REFUSALS, rememberRefusedPhone } from './refused-phone.ts';

export type Located =
  | {
      readonly kind: 'located';
      readonly subscriber: Found;
      readonly isNew: boolean;
      readonly notes: readonly string[];
    }
  | { readonly kind: 'ended'; readonly outcome: Outcome };

/**
 * The subscriber of an address, created when there is none. Read first: v3 answers 409 to the creation of one that is
 * there, and failed calls count against the key, while the tags that it carries have to be read anyway. v3 has no reads.
 */
export function* locate(draft: Draft, cache: ConnectionCache): Steps<Located> {
  const found = yield* find(draft.email);
  if (found === 'unreadable') return ENDED;
  return found === undefined ? yield* create(draft, cache) : yield* withPhone(found, draft, cache);
}

function* find(email: string): Steps<Found | undefined | 'unreadable'> {
  const response = yield* ask({
    version: 'v2',
    method: 'GET',
    path: subscriberPath(email),
    query: BY_EMAIL,
    accept: [404],
  });
  if (response?.status === 404) return undefined;
  return readSubscriber(response?.body) ?? 'unreadable';
}

function* create(draft: Draft, cache: ConnectionCache, notes: readonly string[] = []): Steps<Located> {
  const phone = isPhoneRefused(draft, cache) ? undefined : draft.phone;
  const response = yield* ask({
    version: 'v3',
    method: 'POST',
    path: '/subscribers',
    body: { email: draft.email, ...(phone === undefined ? {} : { phone_number: phone }) },
    accept: phone === undefined ? [409] : PHONE_REFUSALS,
  });
  if (response === undefined || response.status < 300) {
    const id = readCreatedId(response?.body);
    return id === undefined
      ? ENDED
      : { kind: 'located', subscriber: { id, phone, tags: [] }, isNew: true, notes };
  }
  // Somebody else made it meanwhile, or the number belongs to another.
  const found = yield* find(draft.email);
  if (found === 'unreadable') return ENDED;
  if (found !== undefined) return { kind: 'located', subscriber: found, isNew: false, notes };
  if (phone === undefined) return { kind: 'ended', outcome: { kind: 'retry', fault: CONFLICT } };
  rememberRefusedPhone(draft, cache);
  return yield* create({ ...draft, phone: undefined }, cache, [PHONE_LEFT_OUT]);
}

/** v3 cannot change a subscriber, so the number is written by v2. */
function* withPhone(subscriber: Found, draft: Draft, cache: ConnectionCache): Steps<Located> {
  const located = { kind: 'located', subscriber, isNew: false } as const;
  const { phone } = draft;
  if (phone === undefined || phone === subscriber.phone) return { ...located, notes: [] };
  if (isPhoneRefused(draft, cache)) return { ...located, notes: [PHONE_LEFT_OUT] };
  const response = yield* ask({
    version: 'v2',
    method: 'PUT',
    path: `/subscribers/${encodeURIComponent(subscriber.id)}`,
    body: { phone_number: phone },
    accept: PHONE_REFUSALS,
  });
  if (response === undefined) return ENDED;
  if (response.status < 300) return { ...located, notes: [] };
  rememberRefusedPhone(draft, cache);
  return { ...located, notes: [PHONE_LEFT_OUT] };
}

const ENDED: Located = { kind: 'ended', outcome: UNREADABLE };

const CONFLICT = {
  code: 'rule.conflict',
  message: 'Rule says that the subscriber exists, and does not find it.',
  status: 409,
} as const;
