import type { Outcome } from '../../../kernel/outcome.ts';
import type { Item, Steps } from '../../../kit/index.ts';
import { coalesceRecords } from '../records/coalesce.ts';
import { contactKeys } from '../records/contact-input.ts';
import type { ContactInput } from '../records/contact-input.ts';
import { isEmail, normaliseEmail } from '../records/email.ts';
import { upsertRecords } from '../records/upsert-records.ts';
import type { EventContext, EventInput } from './event-input.ts';

/** What came of writing to the contact of an event: it may go on, with these notes, or must wait. */
export type ContactVerdict =
  | { readonly kind: 'go on'; readonly notes: readonly string[] }
  | Extract<Outcome, { kind: 'deferred' | 'retry' | 'suspended' }>;

type EventItem = Item<EventInput>;

/**
 * Writes what events say of their contacts, each contact once. Before the events, so that one which waits has not been
 * sent yet; a contact that is refused costs its properties, not the event.
 */
export function* writeContacts(
  items: readonly EventItem[],
  context: EventContext,
): Steps<ReadonlyMap<EventItem, ContactVerdict>> {
  const options = context.options.contact;
  const verdicts = new Map<EventItem, ContactVerdict>();
  const contacts = new Map<string, { readonly input: ContactInput; readonly items: readonly EventItem[] }>();
  for (const item of items) {
    const input = toContact(item.input);
    if (input?.email === undefined) continue;
    if (!isEmail(input.email.trim())) {
      verdicts.set(item, notWritten('the e-mail address has no form that HubSpot accepts'));
      continue;
    }
    const email = normaliseEmail(input.email);
    const before = contacts.get(email);
    contacts.set(email, {
      input: before === undefined ? input : coalesceRecords(before.input, input, options),
      items: [...(before?.items ?? []), item],
    });
  }
  const written = [...contacts.values()];
  const outcomes = yield* upsertRecords(
    written.map(({ input, items: [first] }) => ({
      type: 'contacts',
      item: { input, traceId: first?.traceId ?? '', attempt: first?.attempt ?? 1 },
      keys: contactKeys(input),
    })),
    { ...context, options },
  );
  written.forEach(({ items: its }, index) => {
    const verdict = toVerdict(outcomes[index]);
    for (const item of its) verdicts.set(item, verdict);
  });
  return verdicts;
}

function toContact({ email, contact_properties, occurred_at }: EventInput): ContactInput | undefined {
  if (contact_properties === undefined || email === undefined) return undefined;
  return { email, properties: contact_properties, ...(occurred_at === undefined ? {} : { occurred_at }) };
}

function toVerdict(outcome: Outcome | undefined): ContactVerdict {
  switch (outcome?.kind) {
    case 'deferred':
    case 'retry':
    case 'suspended':
      return outcome;
    case 'rejected':
      return notWritten(`${outcome.fault.message} (${outcome.fault.code})`);
    case 'delivered': {
      const notes = (outcome.notes ?? []).filter((note) => note !== 'unchanged');
      return { kind: 'go on', notes: notes.map((note) => `Contact: ${note}`) };
    }
    case 'skipped':
      return notWritten(outcome.reason);
    case undefined:
      throw new TypeError('The contact of an event was left without an outcome.');
  }
}

function notWritten(reason: string): ContactVerdict {
  return { kind: 'go on', notes: [`Contact properties were not written: ${reason}`] };
}
