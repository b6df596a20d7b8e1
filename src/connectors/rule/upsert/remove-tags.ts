import type { Steps } from '../../../kit/index.ts';
import { tagDifference } from '../../../subscribers/index.ts';
import { ask, BY_EMAIL, subscriberPath } from '../api.ts';
import type { Draft } from './draft.ts';

/** The `sesamy_` tags that a subscriber carries and should not. The base tag `sesamy` has not that prefix. */
export function staleTags({ tags, keepTags }: Draft, current: readonly string[]): readonly string[] {
  return tagDifference(current, tags, keepTags).remove;
}

/**
 * Takes tags away one by one: Rule's only other way removes all, other people's too. False when what answered was not
 * Rule.
 */
export function* removeTags(
  version: 'v2' | 'v3',
  { email }: Draft,
  stale: readonly string[],
): Steps<boolean> {
  for (const tag of stale) {
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
