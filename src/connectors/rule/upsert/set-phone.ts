import type { ConnectionCache, Steps } from '../../../kit/index.ts';
import { ask } from '../api.ts';
import type { Found } from '../api.ts';
import type { Draft } from './draft.ts';

const LEFT_OUT = 'phone: left out, because Rule refuses it; another subscriber may have it.';

// What Rule may say to a number that it does not take; its documents name the statuses, not their occasions.
const REFUSALS: readonly number[] = [400, 409, 422];

// Asking again costs a failed call, and failed calls count against the key; within a day nothing is lost by waiting.
const REFUSED_TTL_MS = 86_400_000;

/**
 * Gives a subscriber its phone number, in a call of its own that names the subscriber by id. A number is as good as an
 * address to Rule: "existing subscribers (matched by email or phone) are updated" (npm @rulecom/client 0.4.0-beta.7), so
 * that a number in the call that writes the rest would make one subscriber of two people with one telephone. Returns
 * notes; `undefined` when what answered was not Rule.
 */
export function* setPhone(
  subscriber: Found,
  { email, phone }: Draft,
  cache: ConnectionCache,
): Steps<readonly string[] | undefined> {
  if (phone === undefined || phone === subscriber.phone) return [];
  const key = `refused-phone:${email}`;
  if (cache.get(key) === phone) return [LEFT_OUT];
  const response = yield* ask({
    version: 'v2',
    method: 'PUT',
    path: `/subscribers/${encodeURIComponent(subscriber.id)}`,
    query: { identified_by: 'id' },
    body: { phone_number: phone },
    accept: REFUSALS,
  });
  if (response === undefined) return undefined;
  if (response.status < 300) return [];
  cache.set(key, phone, REFUSED_TTL_MS);
  return [LEFT_OUT];
}
