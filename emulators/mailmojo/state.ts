import { Refused, RollingWindow } from '../core/index.ts';
import type { EmulatorContext } from '../core/index.ts';
import { applyDetails } from './contact-details.ts';
import { PlannedEdits } from './edits.ts';
import { notFound, problem } from './problem.ts';
import type { Association, Contact, ContactChange, List, Status, Subscription } from './shapes.ts';
import { DEFAULT_SWITCHES } from './switches.ts';
import type { Switches } from './switches.ts';

export const DEFAULT_TOKEN = 'mailmojo-emulator-token';
const MINUTE_MS = 60_000;

/** One account: its lists, its contacts, and the fields that contacts may have. */
export class MailmojoState {
  readonly #context: EmulatorContext;
  /** Token to the time it ends; never where that is null. */
  readonly tokens = new Map<string, number | null>([[DEFAULT_TOKEN, null]]);
  readonly lists = new Map<number, List>([
    [1, { id: 1, name: 'Newsletter', from_name: '', from_email: '', description: '' }],
  ]);
  readonly contacts = new Map<string, Contact>();
  /** Account fields by name, with the time each was made: once, however often it is written. */
  readonly fields = new Map<string, string>();
  readonly edits = new PlannedEdits();
  switches: Switches = DEFAULT_SWITCHES;
  readonly #calls = new RollingWindow(MINUTE_MS);

  constructor(context: EmulatorContext) {
    this.#context = context;
  }

  now(): string {
    return new Date(this.#context.clock.now()).toISOString();
  }

  authenticate(token: string | undefined): void {
    const endsAtMs = token === undefined ? undefined : this.tokens.get(token);
    if (endsAtMs === undefined) {
      throw new Refused(problem(401, 'Unauthorized', 'The access token is missing or not valid.'));
    }
    const nowMs = this.#context.clock.now();
    if (endsAtMs !== null && endsAtMs <= nowMs) {
      throw new Refused(problem(401, 'Unauthorized', 'The access token has expired.'));
    }
    const { callsPerMinute } = this.switches;
    if (callsPerMinute !== null && this.#calls.count(nowMs) >= callsPerMinute) {
      const headers = { 'retry-after': '60' };
      throw new Refused(problem(429, 'Too Many Requests', 'Too many requests.', { headers }));
    }
    this.#calls.add(nowMs);
  }

  list(id: string): List {
    const list = this.lists.get(Number(id));
    if (list === undefined) throw notFound('list');
    return list;
  }

  contact(email: string): Contact {
    const contact = this.contacts.get(email.toLowerCase());
    if (contact === undefined) throw notFound('contact');
    return contact;
  }

  subscriber(
    listId: number,
    email: string,
  ): { readonly contact: Contact; readonly association: Association } {
    const contact = this.contacts.get(email.toLowerCase());
    const association = contact?.lists.get(listId);
    if (contact === undefined || association === undefined) throw notFound('subscriber');
    return { contact, association };
  }

  /** Makes or changes the contact and puts it on the list; who has left comes back only when forced. */
  subscribe(listId: number, subscription: Subscription): Contact {
    const { email, force_subscribe, subscribed, ...details } = subscription;
    const before = this.contacts.get(email.toLowerCase())?.tags ?? [];
    const isMerged = this.switches.subscriptionTags === 'merge' && details.tags !== undefined;
    const contact = this.makeContact({
      email,
      ...details,
      ...(isMerged ? { tags: [...before, ...(details.tags ?? [])] } : {}),
    });
    const association = contact.lists.get(listId);
    if (association === undefined) {
      this.associate(contact, listId, 'a', subscribed);
    } else if (force_subscribe && association.status !== 'a') {
      association.status = 'a';
      association.status_changed = this.now();
    }
    return contact;
  }

  /** Makes or changes a contact, on no list unless it is on one. */
  makeContact({ email, ...details }: ContactChange & { readonly email: string }): Contact {
    const contact = this.contacts.get(email.toLowerCase()) ?? this.#newContact(email);
    applyDetails(this, contact, details);
    this.contacts.set(contact.email, contact);
    return contact;
  }

  /** Changes a contact; its lists stay as they are. */
  change(email: string, change: ContactChange): Contact {
    const contact = this.contact(email);
    const { email: newEmail, ...details } = change;
    if (newEmail !== undefined && newEmail.toLowerCase() !== contact.email) {
      throw new Refused(problem(409, 'Conflict', 'The emulator gives no contact another address.'));
    }
    applyDetails(this, contact, details);
    return contact;
  }

  unsubscribe(listId: number, email: string): Contact {
    const { contact, association } = this.subscriber(listId, email);
    association.status = 'u';
    association.status_changed = this.now();
    return contact;
  }

  associate(contact: Contact, listId: number, status: Status, added: string = this.now()): void {
    contact.lists.set(listId, { status, added, status_changed: added });
  }

  #newContact(email: string): Contact {
    return {
      email: email.toLowerCase(),
      added: this.now(),
      first_name: '',
      last_name: '',
      phone: '',
      custom: {},
      tags: [],
      isDeleted: false,
      lists: new Map(),
    };
  }
}
