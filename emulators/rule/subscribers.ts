import { invalid } from './problems.ts';
import type { Version } from './problems.ts';
import type { Tag } from './tags.ts';
import type { Value } from './values.ts';

/** The values of one group; historical groups have a row per write, others one. */
export interface DataRow {
  readonly id: number;
  readonly group: string;
  readonly created_at: string;
  readonly values: Map<string, Value>;
}

export type Status = 'ACTIVE' | 'BLOCKED' | 'PENDING';

export interface Subscriber {
  readonly id: number;
  email: string | null;
  phone_number: string | null;
  custom_identifier: string | null;
  language: string | null;
  status: Status;
  readonly created_at: string;
  updated_at: string;
  readonly tags: Set<Tag>;
  /** Which automations a tag has started; `force` and `reset` start one again. */
  readonly automations: { readonly tag: string; readonly mode: string }[];
  readonly suppressed: Set<string>;
  /** Whether its segments are those of tags that it has lost since: v3 looks at them when a tag comes, not when one goes. */
  hasOldSegments: boolean;
  readonly rows: DataRow[];
}

export type Identity = Pick<Subscriber, 'email' | 'phone_number' | 'custom_identifier'>;

export const IDENTIFIERS = ['email', 'phone_number', 'id', 'custom_identifier'] as const;
export type Identifier = (typeof IDENTIFIERS)[number];

const FIRST_ID = 1_000_001;
const FIRST_ROW_ID = 900_001;

/** The subscribers of an account. */
export class Subscribers {
  readonly #byId = new Map<number, Subscriber>();
  readonly #byEmail = new Map<string, Subscriber>();
  readonly #byPhone = new Map<string, Subscriber>();
  readonly #now: () => string;
  #made = 0;
  #rows = 0;

  constructor(now: () => string) {
    this.#now = now;
  }

  all(): readonly Subscriber[] {
    return [...this.#byId.values()];
  }

  find(by: Identifier, value: string): Subscriber | undefined {
    switch (by) {
      case 'email':
        return this.#byEmail.get(value.toLowerCase());
      case 'phone_number':
        return this.#byPhone.get(value);
      case 'id':
        return this.#byId.get(Number(value));
      case 'custom_identifier':
        return this.all().find((subscriber) => subscriber.custom_identifier === value);
    }
  }

  create(identity: Partial<Identity>): Subscriber {
    const now = this.#now();
    const subscriber: Subscriber = {
      id: FIRST_ID + this.#made,
      email: null,
      phone_number: null,
      custom_identifier: null,
      language: null,
      status: 'ACTIVE',
      created_at: now,
      updated_at: now,
      tags: new Set(),
      automations: [],
      suppressed: new Set(),
      hasOldSegments: false,
      rows: [],
    };
    this.#made += 1;
    this.#byId.set(subscriber.id, subscriber);
    this.identify(subscriber, identity);
    return subscriber;
  }

  /** Sets what a subscriber is known by; whether another has it is the caller's to ask. */
  identify(subscriber: Subscriber, { email, phone_number, custom_identifier }: Partial<Identity>): void {
    if (email !== undefined) {
      if (subscriber.email !== null) this.#byEmail.delete(subscriber.email.toLowerCase());
      if (email !== null) this.#byEmail.set(email.toLowerCase(), subscriber);
      subscriber.email = email;
    }
    if (phone_number !== undefined) {
      if (subscriber.phone_number !== null) this.#byPhone.delete(subscriber.phone_number);
      if (phone_number !== null) this.#byPhone.set(phone_number, subscriber);
      subscriber.phone_number = phone_number;
    }
    if (custom_identifier !== undefined) subscriber.custom_identifier = custom_identifier;
    subscriber.updated_at = this.#now();
  }

  remove(subscriber: Subscriber): void {
    this.identify(subscriber, { email: null, phone_number: null });
    this.#byId.delete(subscriber.id);
  }

  /** The row that a write to a group goes to. */
  row(subscriber: Subscriber, group: string, historical: boolean): DataRow {
    const found = historical ? undefined : subscriber.rows.find((row) => row.group === group);
    if (found !== undefined) return found;
    const row: DataRow = { id: FIRST_ROW_ID + this.#rows, group, created_at: this.#now(), values: new Map() };
    this.#rows += 1;
    subscriber.rows.push(row);
    return row;
  }
}

// One @, something on each side of it, a dot after it: the emulator refuses what no vendor takes.
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

export function readEmail(version: Version, given: unknown): string | undefined {
  if (given === undefined || given === null) return undefined;
  if (typeof given !== 'string' || !EMAIL.test(given)) {
    return invalid(version, 'email', 'The email must be a valid email address.');
  }
  return given;
}

/** E.164; a number without the code of a country is taken for a Swedish one. */
export function readPhone(version: Version, given: unknown): string | undefined {
  if (given === undefined || given === null) return undefined;
  const digits = typeof given === 'string' ? given.replaceAll(/[\s()-]/g, '') : '';
  const phone = digits.replace(/^00/, '+').replace(/^0/, '+46');
  if (!/^\+[1-9]\d{6,14}$/.test(phone)) {
    return invalid(version, 'phone_number', 'The phone number is not valid.');
  }
  return phone;
}
