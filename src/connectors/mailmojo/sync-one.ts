/**
 * One contact: read, merge, write, and read again until the account agrees or the bound is reached. Mailmojo knows no
 * conditional write, so somebody who read the contact before our write may put back what it had; the reading after it
 * finds that, and the merge is done again on top of theirs.
 */
import type { Outcome } from '../../kernel/outcome.ts';
import { claim, send } from '../../kit/index.ts';
import type { DeliverContext, Steps } from '../../kit/index.ts';
import { contactSchema, DELETED } from './contact.ts';
import type { Contact } from './contact.ts';
import type { ContactInput, ContactOptions } from './contact-input.ts';
import { nextWrite } from './next-write.ts';
import { contactPath } from './paths.ts';
import type { Settings } from './settings.ts';
import { areFieldsRefused, writeContact } from './write-contact.ts';

type Context = DeliverContext<Settings, ContactOptions>;

// One for the change itself, one to take tags off whom the list has just got, and two for others who write at the same
// time. Whoever is in the way for longer has a retry's wait to finish.
const WRITES_MAX = 4;

const FIELDS_NOTE = 'Mailmojo did not keep all account fields: make them in Mailmojo first.';

export function* syncOne(input: ContactInput, context: Context): Steps<Outcome> {
  const listId = input.list_id ?? context.options.list_id ?? context.settings.list_id;
  // Contacts belong to the account, so that flows for several lists meet at one.
  yield* claim([`contact ${input.email.toLowerCase()}`]);
  const hasFields = Object.keys(input.fields).length > 0;
  const isWithoutFields = hasFields && areFieldsRefused(context.cache);
  const wanted = isWithoutFields ? { ...input, fields: {} } : input;
  let lacksFields = isWithoutFields;
  for (let writes = 0; ; writes += 1) {
    const found = yield* readContact(input.email);
    if (found === 'unreadable') return unreadable('a contact');
    if (found?.status === DELETED) return { kind: 'skipped', reason: 'The contact was deleted in Mailmojo.' };
    const write = nextWrite(wanted, listId, found, writes === 0 ? 'all' : 'tags');
    if (write === undefined) return delivered(lacksFields, writes === 0);
    if (writes === WRITES_MAX) return contended();
    const written = yield* writeContact(write, input.email, listId, context.cache);
    if (written.kind === 'refused') return written.outcome;
    if (written.kind === 'unreadable') return unreadable('the contact that was written');
    lacksFields ||= written.lacksFields;
    // Nobody else writes the fields, and names are written once: there is nothing to see to.
    if (write.kind === 'change' && !write.hasTags) return delivered(lacksFields);
  }
}

function* readContact(email: string): Steps<Contact | undefined | 'unreadable'> {
  const response = yield* send({ method: 'GET', path: contactPath(email), accept: [404] });
  if (response.status === 404) return undefined;
  return contactSchema.safeParse(response.body).data ?? 'unreadable';
}

function delivered(lacksFields: boolean, isUnchanged = false): Outcome {
  const notes = [...(isUnchanged ? ['unchanged'] : []), ...(lacksFields ? [FIELDS_NOTE] : [])];
  return { kind: 'delivered', ...(notes.length === 0 ? {} : { notes }) };
}

function unreadable(what: string): Outcome {
  const message = `Mailmojo answered with something else than ${what}.`;
  return { kind: 'retry', fault: { code: 'mailmojo.unreadable_answer', message } };
}

function contended(): Outcome {
  const message = `The contact was written ${String(WRITES_MAX)} times and is still not as it should be: somebody else changes its tags, or Mailmojo does not keep them.`;
  return { kind: 'retry', fault: { code: 'mailmojo.contact_contended', message } };
}
