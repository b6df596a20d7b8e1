import type { JsonObject, JsonValue } from '../../../kernel/json.ts';
import { isEmail } from '../records/email.ts';
import { contextTraits, objectAt, traitOf } from './traits.ts';

/** What the contact of a call is found by. */
export interface ContactKey {
  /** `email`, or the name of a unique contact property. */
  readonly by: string;
  readonly value: string;
}

/** Where a kind of call may name the address of its user, best first; a user id that is an address comes last. */
const EMAIL_PLACES = {
  identify: (payload: JsonObject) => [objectAt(payload, 'traits')],
  // What the call says of itself beats what the sender remembers of the user.
  event: (payload: JsonObject) => [objectAt(payload, 'properties'), contextTraits(payload)],
  // The traits of a group call, its e-mail included, are those of the company.
  group: (payload: JsonObject) => [contextTraits(payload)],
} as const satisfies Record<string, (payload: JsonObject) => readonly JsonObject[]>;
export type CallKind = keyof typeof EMAIL_PLACES;

/** The address of the user: what the call names as such, else a user id that is one. */
export function contactEmail(payload: JsonObject, kind: CallKind): string | undefined {
  const named = EMAIL_PLACES[kind](payload).map((traits) => traitOf(traits, 'email'));
  return [...named, payload['userId']].find(isAddress)?.trim();
}

/** By address, else by the unique property in which HubSpot keeps the user ids, if there is one. */
export function contactKey(
  payload: JsonObject,
  kind: CallKind,
  userIdProperty: string | undefined,
): ContactKey | undefined {
  const email = contactEmail(payload, kind);
  if (email !== undefined) return { by: 'email', value: email };
  const userId = userIdOf(payload);
  return userIdProperty === undefined || userId === undefined
    ? undefined
    : { by: userIdProperty, value: userId };
}

export function userIdOf(payload: JsonObject): string | undefined {
  const userId = payload['userId'];
  return typeof userId === 'string' && userId.trim() !== '' ? userId.trim() : undefined;
}

function isAddress(value: JsonValue | undefined): value is string {
  return typeof value === 'string' && isEmail(value.trim());
}
