import type { LoggedEvent } from '../../../kernel/event.ts';
import type { JsonObject, JsonValue } from '../../../kernel/json.ts';
import type { Mapped } from '../../../kit/index.ts';
import type { EventInput } from '../events/event-input.ts';
import { contactEmail } from './contact-key.ts';
import { contactProperties } from './contact-traits.ts';
import { contextTraits, objectAt, traitOf } from './traits.ts';

export interface ContactEventOptions {
  readonly contact_traits: boolean;
  readonly traits: Readonly<Record<string, string | null>>;
}

/**
 * A call about a person as a custom event of the contact, with what it says of the contact beside. `further` are
 * properties that stand elsewhere in the call.
 */
export function contactEvent(
  { id, payload, occurredAt }: LoggedEvent,
  event: string,
  further: JsonObject,
  options: ContactEventOptions,
): Mapped<EventInput> {
  const subject = eventSubject(payload);
  if (subject === undefined) return { kind: 'skip', reason: NO_SUBJECT };
  const properties = { ...further, ...eventProperties(payload) };
  const ofContact = options.contact_traits ? contactProperties(contextTraits(payload), options.traits) : {};
  const isKnown = 'email' in subject && Object.keys(ofContact).length > 0;
  return {
    kind: 'input',
    input: {
      event,
      ...subject,
      object_type: 'contacts',
      occurred_at: occurredAt,
      // The same for every attempt and replay, so that HubSpot can tell a repetition from a second event.
      uuid: id,
      // JSON either way; the schema's type only lacks the promise to leave it alone.
      properties: properties as EventInput['properties'],
      ...(isKnown ? { contact_properties: ofContact } : {}),
    },
  };
}

const UTK = 'hubspotutk';
const NO_SUBJECT =
  'The call has no e-mail address in properties.email, context.traits.email or userId, and no hubspotutk.';

/**
 * By address, else by the cookie `hubspotutk` when the sender passes it on: HubSpot keeps the events of a visitor by
 * it, and hands them to the contact that the visitor turns out to be.
 */
function eventSubject(
  payload: JsonObject,
): { readonly email: string } | { readonly utk: string } | undefined {
  const email = contactEmail(payload, 'event');
  if (email !== undefined) return { email };
  const utk = [objectAt(payload, 'properties'), objectAt(payload, 'context'), contextTraits(payload)]
    .map((place) => traitOf(place, UTK))
    .find(isText);
  return utk === undefined ? undefined : { utk };
}

/** The properties of a call without those that name the contact. */
function eventProperties(payload: JsonObject): JsonObject {
  const entries = Object.entries(objectAt(payload, 'properties'));
  return Object.fromEntries(entries.filter(([key]) => key !== 'email' && key !== UTK));
}

function isText(value: JsonValue | undefined): value is string {
  return typeof value === 'string' && value.trim() !== '';
}
