/**
 * What Mailchimp acknowledged last of each contact: that it is there, and which input made it what it is. A hint: it
 * saves calls, and is forgotten after a day and at every restart.
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

/** True when the contact was there within a day. */
export function isKnown(input: MemberInput, list: string, { cache, isReplay }: MemberContext): boolean {
  return isReplay !== true && cache.get(keyOf(input, list)) !== undefined;
}

/** True when the input repeats what was acknowledged last, so that nothing follows from it. */
export function isUnchanged(input: MemberInput, context: MemberContext): boolean {
  const { cache, isReplay } = context;
  return isReplay !== true && cache.get(keyOf(input, listOf(input, context))) === digestOf(input);
}

export function remember(input: MemberInput, list: string, cache: ConnectionCache): void {
  cache.set(keyOf(input, list), digestOf(input), TTL_MS);
}

export function forget(input: MemberInput, list: string, cache: ConnectionCache): void {
  cache.delete(keyOf(input, list));
}

function keyOf({ email }: MemberInput, list: string): string {
  return `member:${list}:${memberHash(email)}`;
}

function digestOf({ merge_fields, tags }: MemberInput): string {
  return sha256Hex(JSON.stringify([merge_fields, tags ?? null])).slice(0, DIGEST_LENGTH);
}
