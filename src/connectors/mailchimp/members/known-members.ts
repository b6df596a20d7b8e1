/**
 * What Mailchimp acknowledged last of each contact: that it is there, and which fields and tags it was given. A hint: it
 * saves calls, and is forgotten after a day and at every restart. A write whose answer is lost may be there by half, so
 * each part is in doubt from before its write until it is acknowledged.
 */
import { sha256Hex } from '../../../kit/index.ts';
import type { ConnectionCache } from '../../../kit/index.ts';
import { memberHash } from '../paths.ts';
import { listOf } from './member-input.ts';
import type { MemberContext, MemberInput } from './member-input.ts';

// As long as HubSpot's records are believed: a quiet contact costs one call a day when it comes up again.
const TTL_MS = 86_400_000;

// 64 bits: that two inputs for one contact share them is not expected in the life of an installation.
const DIGEST_LENGTH = 16;

// In place of the digest of a part that is in doubt: no input has it.
const IN_DOUBT = '?'.repeat(DIGEST_LENGTH);

/** True when the contact was there within a day. */
export function isKnown(input: MemberInput, list: string, context: MemberContext): boolean {
  return lastOf(input, list, context) !== undefined;
}

/** True when the contact is known to carry the tags that the input asks for, or is asked for none. */
export function hasItsTags(input: MemberInput, list: string, context: MemberContext): boolean {
  const last = lastOf(input, list, context);
  return last !== undefined && (input.tags === undefined || last.slice(DIGEST_LENGTH) === tagsDigest(input));
}

/** True when the input repeats what was acknowledged last, so that nothing follows from it. */
export function isUnchanged(input: MemberInput, context: MemberContext): boolean {
  return lastOf(input, listOf(input, context), context) === fieldsDigest(input) + tagsDigest(input);
}

/** Before the fields of a contact are written: that it is there, and its tags, are as sure as they were. */
export function doubtFields(input: MemberInput, list: string, cache: ConnectionCache): void {
  const last = cache.get(keyOf(input, list));
  if (typeof last === 'string') {
    cache.set(keyOf(input, list), IN_DOUBT + last.slice(DIGEST_LENGTH), TTL_MS);
  }
}

/** What a contact that Mailchimp shows as written is known to have; the other parts are in doubt. */
export function remember(
  input: MemberInput,
  list: string,
  cache: ConnectionCache,
  has: { readonly fields: boolean; readonly tags: boolean },
): void {
  const fields = has.fields ? fieldsDigest(input) : IN_DOUBT;
  const tags = has.tags ? tagsDigest(input) : IN_DOUBT;
  cache.set(keyOf(input, list), fields + tags, TTL_MS);
}

export function forget(input: MemberInput, list: string, cache: ConnectionCache): void {
  cache.delete(keyOf(input, list));
}

/** Nothing for a replay: Mailchimp may have lost what it acknowledged. */
function lastOf(input: MemberInput, list: string, { cache, isReplay }: MemberContext): string | undefined {
  const last = isReplay === true ? undefined : cache.get(keyOf(input, list));
  return typeof last === 'string' ? last : undefined;
}

function keyOf({ email }: MemberInput, list: string): string {
  return `member:${list}:${memberHash(email)}`;
}

function fieldsDigest({ merge_fields }: MemberInput): string {
  return digest(merge_fields);
}

function tagsDigest({ tags }: MemberInput): string {
  return digest(tags ?? null);
}

function digest(value: unknown): string {
  return sha256Hex(JSON.stringify(value)).slice(0, DIGEST_LENGTH);
}
