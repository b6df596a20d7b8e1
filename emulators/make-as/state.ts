import { RollingWindow } from '../core/index.ts';
import type { EmulatorContext } from '../core/index.ts';
import { refuseCall } from './refusal.ts';
import type {
  CustomField,
  Product,
  StandingStatus,
  Subscriber,
  SubscriberList,
  Subscription,
  Tag,
} from './shapes.ts';

export const DEFAULT_USER_ID = '1001';
export const DEFAULT_API_KEY = 'make-emulator-key';
const DEFAULT_LIST_ID = '1';

/** What the vendor does where it does not say what it does; the defaults are the best inference (2026-11). */
export interface Switches {
  /** Keys that are neither fields nor custom fields. */
  unknown_keys: 'refuse' | 'ignore';
  /** Whether a row whose address is new finds its subscriber by `external_id`. */
  match_external_id: boolean;
  /** What a bulk call does with a bad row: refuses all of them, or takes the others and says which it refused. */
  bulk_refusal: 'whole' | 'rows';
  bulk_answer: 'counts' | 'empty';
}

/** One customer's account at Make. */
export class MakeAsState {
  readonly context: EmulatorContext;
  /** API keys by user id. */
  readonly users = new Map<string, string>([[DEFAULT_USER_ID, DEFAULT_API_KEY]]);
  readonly lists = new Map<string, SubscriberList>();
  readonly subscribers = new Map<number, Subscriber>();
  readonly products = new Map<string, Product>();
  readonly subscriptions = new Map<string, Subscription>();
  readonly customFields = new Map<number, CustomField>();
  readonly tags = new Map<number, Tag>();
  readonly switches: Switches = {
    unknown_keys: 'refuse',
    match_external_id: true,
    bulk_refusal: 'whole',
    bulk_answer: 'counts',
  };
  callsPerSecond: number | null = null;
  readonly #calls = new RollingWindow(1000);
  // Found on every call of a large import, so not by looking through all of them.
  readonly #byEmail = new Map<string, Subscriber>();
  readonly #byExternalId = new Map<string, Subscriber>();
  #made = 0;

  constructor(context: EmulatorContext) {
    this.context = context;
    this.addList('Subscribers', DEFAULT_LIST_ID);
  }

  /** The vendor's dates have no zone and whole seconds, as its documentation shows them. */
  now(): string {
    return new Date(this.context.clock.now()).toISOString().slice(0, 19).replace('T', ' ');
  }

  nextId(): number {
    this.#made += 1;
    return this.#made;
  }

  addList(title: string, id: string = String(this.nextId())): SubscriberList {
    const list = { id, title, date_created: this.now(), date_updated: this.now() };
    this.lists.set(id, list);
    return list;
  }

  list(id: string): SubscriberList {
    return this.lists.get(id) ?? refuseCall(404, 'Subscriber list not found.');
  }

  subscriber(id: string): Subscriber {
    return this.subscribers.get(Number(id)) ?? refuseCall(404, 'Subscriber not found.');
  }

  findByEmail(email: string): Subscriber | undefined {
    return this.#byEmail.get(email.trim().toLowerCase());
  }

  findByExternalId(externalId: string): Subscriber | undefined {
    return this.#byExternalId.get(externalId);
  }

  findByPhone(phone: string): Subscriber | undefined {
    for (const subscriber of this.subscribers.values()) if (subscriber.phone === phone) return subscriber;
    return undefined;
  }

  addSubscriber(): Subscriber {
    const at = this.now();
    const subscriber: Subscriber = {
      id: this.nextId(),
      email: null,
      phone: null,
      external_id: null,
      tags: [],
      lists: [],
      email_status: 'active',
      phone_status: 'active',
      fields: {},
      date_created: at,
      date_updated: at,
    };
    this.subscribers.set(subscriber.id, subscriber);
    return subscriber;
  }

  rename(subscriber: Subscriber, email: string | null): void {
    if (subscriber.email !== null) this.#byEmail.delete(subscriber.email.toLowerCase());
    subscriber.email = email;
    if (email !== null) this.#byEmail.set(email.toLowerCase(), subscriber);
  }

  setExternalId(subscriber: Subscriber, externalId: string | null): void {
    if (subscriber.external_id !== null) this.#byExternalId.delete(subscriber.external_id);
    subscriber.external_id = externalId;
    if (externalId !== null) this.#byExternalId.set(externalId, subscriber);
  }

  removeSubscriber(subscriber: Subscriber): void {
    this.rename(subscriber, null);
    this.setExternalId(subscriber, null);
    this.subscribers.delete(subscriber.id);
  }

  /** A tag of this title among those of the account, made when it is new. */
  tag(title: string): Tag {
    const found = [...this.tags.values()].find((tag) => tag.title === title);
    if (found !== undefined) return found;
    const tag = { id: this.nextId(), title };
    this.tags.set(tag.id, tag);
    return tag;
  }

  addCustomField(field: Omit<CustomField, 'id' | 'value'>): CustomField {
    const made = { ...field, id: this.nextId(), value: `EXTRA${String(this.customFields.size + 1)}` };
    this.customFields.set(made.id, made);
    return made;
  }

  isCustomKey(key: string): boolean {
    return [...this.customFields.values()].some(({ value }) => value === key);
  }

  /** How many of a list can be reached by this channel. */
  countActive(listId: string, channel: 'email' | 'phone'): number {
    return [...this.subscribers.values()].filter(
      (subscriber) =>
        subscriber.lists.includes(listId) &&
        subscriber[channel] !== null &&
        statusOf(subscriber, channel) === 'active',
    ).length;
  }

  /** Refuses a call beyond the limit, if one is set; the vendor publishes none. */
  countCall(): void {
    if (this.callsPerSecond === null) return;
    const now = this.context.clock.now();
    if (this.#calls.count(now) >= this.callsPerSecond) refuseCall(429, 'Too Many Attempts.');
    this.#calls.add(now);
  }
}

export function statusOf(subscriber: Subscriber, channel: 'email' | 'phone'): StandingStatus {
  return channel === 'email' ? subscriber.email_status : subscriber.phone_status;
}
