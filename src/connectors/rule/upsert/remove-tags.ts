import type { Steps } from '../../../kit/index.ts';
import { tagDifference } from '../../../subscribers/index.ts';
import { ask, BY_EMAIL, subscriberPath } from '../api.ts';
import type { Draft } from './draft.ts';

/**
 * Takes away the `sesamy_` tags that the subscriber carries and should not, one by one: Rule's only other way removes all
 * tags, other people's too. The base tag `sesamy` has not that prefix, so it is never removed. False when what answered
 * was not Rule.
 */
export function* removeTags(
  version: 'v2' | 'v3',
  { email, tags, keepTags }: Draft,
  current: readonly string[],
): Steps<boolean> {
  for (const tag of tagDifference(current, tags, keepTags).remove) {
    // Rule would take digits for the id of a tag, and remove another one. No tag with the prefix is such.
    if (!/\D/.test(tag)) throw new TypeError('A tag of digits cannot be removed by its name.');
    const response = yield* ask({
      version,
      method: 'DELETE',
      path: subscriberPath(email, `/tags/${encodeURIComponent(tag)}`),
      query: BY_EMAIL,
      // Gone already is as good.
      accept: [404],
    });
    if (response === undefined) return false;
  }
  return true;
}
