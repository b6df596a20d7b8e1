import { additionalEmails } from './contact-record.ts';
import type { ContactRecord } from './contact-record.ts';
import type { Property } from './property.ts';
import type { Switches } from './switches.ts';
import { toEmail } from './value-rules.ts';

// Twelve digits, as recorded ids have; they grow with time and are unique per object type.
const FIRST_ID = 150_000_000_001;

/** The contacts of a portal in order of their ids, with the indexes that make values unique. */
export class ContactStore {
  readonly #byId = new Map<string, ContactRecord>();
  /** Ids grow, so creation order is id order and pages are found by bisection. */
  readonly #ordered: ContactRecord[] = [];
  /** Primary and secondary addresses of live contacts, in lower case. */
  readonly #byEmail = new Map<string, ContactRecord>();
  readonly #byUnique = new Map<string, Map<string, ContactRecord>>();
  #nextId = FIRST_ID;

  /** The next id. A creation that fails has used its id up. */
  takeId(): string {
    return String(this.#nextId++);
  }

  get size(): number {
    return this.#byId.size;
  }

  /** Live contacts only, unless archived ones are asked for. */
  find(id: string, isArchived = false): ContactRecord | undefined {
    const record = this.#byId.get(id);
    return record !== undefined && (record.archivedAt !== undefined) === isArchived ? record : undefined;
  }

  findByEmail(email: string): ContactRecord | undefined {
    return this.#byEmail.get(toEmail(email));
  }

  findByUnique(property: string, value: string, switches: Switches): ContactRecord | undefined {
    return this.#byUnique.get(property)?.get(toUniqueKey(value, switches));
  }

  add(record: ContactRecord, uniqueProperties: readonly Property[], switches: Switches): void {
    this.#byId.set(record.id, record);
    this.#ordered.push(record);
    this.#index(record, uniqueProperties, switches);
  }

  /** Gives a contact its new values; the caller has checked that no other contact holds them. */
  replaceValues(
    record: ContactRecord,
    values: Readonly<Record<string, string>>,
    uniqueProperties: readonly Property[],
    switches: Switches,
  ): void {
    this.#unindex(record, uniqueProperties, switches);
    record.values = values;
    this.#index(record, uniqueProperties, switches);
  }

  /** An archived contact gives its addresses and unique values free (assumed: a restore is for people). */
  archive(
    record: ContactRecord,
    nowMs: number,
    uniqueProperties: readonly Property[],
    switches: Switches,
  ): void {
    this.#unindex(record, uniqueProperties, switches);
    record.archivedAt = nowMs;
  }

  /** One page from `after`, an id, in ascending order, and the id that the next page starts with. */
  page(
    after: string,
    limit: number,
    isArchived: boolean,
  ): { readonly records: ContactRecord[]; readonly next?: string } {
    const records: ContactRecord[] = [];
    for (let index = this.#firstAtOrAfter(Number(after)); index < this.#ordered.length; index++) {
      const record = this.#ordered[index];
      if (record === undefined || (record.archivedAt !== undefined) !== isArchived) continue;
      if (records.length === limit) return { records, next: record.id };
      records.push(record);
    }
    return { records };
  }

  /** Every contact, archived ones included, by ascending id. */
  all(): readonly ContactRecord[] {
    return this.#ordered;
  }

  #firstAtOrAfter(id: number): number {
    let low = 0;
    let high = this.#ordered.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (Number(this.#ordered[middle]?.id) < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #index(record: ContactRecord, uniqueProperties: readonly Property[], switches: Switches): void {
    for (const email of emailsOf(record)) this.#byEmail.set(email, record);
    for (const { name } of uniqueProperties) {
      const value = record.values[name];
      if (value === undefined) continue;
      const values = this.#byUnique.get(name) ?? new Map<string, ContactRecord>();
      this.#byUnique.set(name, values.set(toUniqueKey(value, switches), record));
    }
  }

  #unindex(record: ContactRecord, uniqueProperties: readonly Property[], switches: Switches): void {
    for (const email of emailsOf(record)) this.#byEmail.delete(email);
    for (const { name } of uniqueProperties) {
      const value = record.values[name];
      if (value !== undefined) this.#byUnique.get(name)?.delete(toUniqueKey(value, switches));
    }
  }
}

export function toUniqueKey(value: string, switches: Switches): string {
  return switches.uniqueValuesIgnoreCase ? value.toLowerCase() : value;
}

function emailsOf(record: ContactRecord): string[] {
  const primary = record.values['email'];
  const all = additionalEmails(record.values);
  if (primary !== undefined) all.push(primary);
  return all;
}
