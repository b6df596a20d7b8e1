import type { ConnectionCache } from '../../../kit/index.ts';
import type { Draft } from './draft.ts';

export const PHONE_LEFT_OUT = 'phone: left out, because Rule refuses it; another subscriber may have it.';

// Asking again costs a failed call, and failed calls count against the key; within a day nothing is lost by waiting.
const REFUSED_TTL_MS = 86_400_000;

/** A number names a subscriber in Rule as an address does, so two people cannot share one there. */
export function isPhoneRefused({ email, phone }: Draft, cache: ConnectionCache): boolean {
  return phone !== undefined && cache.get(keyOf(email)) === phone;
}

/** So that later changes of the same person do not ask again. */
export function rememberRefusedPhone({ email, phone }: Draft, cache: ConnectionCache): void {
  cache.set(keyOf(email), phone, REFUSED_TTL_MS);
}

function keyOf(email: string): string {
  return `refused-phone:${email}`;
}

/** What Rule may say to a number that it does not take; its documents name the statuses, not their occasions. */
export const PHONE_REFUSALS: readonly number[] = [400, 409, 422];
