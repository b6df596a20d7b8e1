/** The records of one type in a portal in order of their ids, with the indexes that make values unique. */
import type { PropertyStore } from '../properties/property-store.ts';
import type { Switches } from '../switches.ts';
import { additionalEmails } from './object-record.ts';
import type { ObjectRecord, Values } from './object-record.ts';
import { CONTACTS } from './object-types.ts';
import type { ObjectType } from './object-types.ts';
import { FIRST_ID, rowOf } from './record-id.ts';
import { toEmail } from './value-rules.ts';

export class RecordStore {
  readonly type: ObjectType;
  readonly #properties: PropertyStore;
  /** By the distance of an id from the first: a creation that failed leaves a gap. */
  readonly #rows: (ObjectRecord | undefined)[] = [];
  /** Of live records: the value of a unique property, or any address of a contact, to the row that holds it. */
  readonly #holders = new Map<string, Map<string, number>>();
  /** Ids that a merge took away, with the one that took them. */
  readonly #mergedInto = new Map<string, string>();
  /** Addresses that a privacy deletion has barred, in lower case. */
  readonly #barred = new Set<string>();
  #nextId = FIRST_ID;
  #liveCount = 0;

  constructor(type: ObjectType, properties: PropertyStore) {
    this.type = type;
    this.#properties = properties;
  }

  get liveCount(): number {
    return this.#liveCount;
  }

  /** The next id. A creation that fails has used its id up. */
  takeId(): string {
    return String(this.#nextId++);
  }

  /** Live records only, unless archived ones are asked for. */
  find(id: string, isArchived = false): ObjectRecord | undefined {
    const record = this.#rows[rowOf(id)];
    return record?.id === id && (record.archivedAt !== undefined) === isArchived ? record : undefined;
  }

  /** Like `find`, but an id that a merge took away leads to the record it went into. */
  findMerged(id: string): ObjectRecord | undefined {
    const survivor = this.#mergedInto.get(id);
    return survivor === undefined ? this.find(id) : this.findMerged(survivor);
  }

  /** A contact by any of its addresses. */
  findByEmail(email: string): ObjectRecord | undefined {
    return this.#held('email', toEmail(email));
  }

  /** By a property with unique values, or a contact by its address. */
  findByUnique(property: string, value: string, switches: Switches): ObjectRecord | undefined {
    return this.#isEmail(property)
      ? this.findByEmail(value)
      : this.#held(property, toUniqueKey(value, switches));
  }

  add(record: ObjectRecord, switches: Switches): void {
    this.#rows[rowOf(record.id)] = record;
    if (record.archivedAt !== undefined) return;
    this.#liveCount += 1;
    this.#hold(record, switches);
  }

  /**
   * A record's new state takes the place of the old; the caller has checked that nobody else holds its values. An
   * archived record holds none (assumed: a restore is for people).
   */
  replace(record: ObjectRecord, switches: Switches): void {
    this.remove(record.id, switches);
    this.add(record, switches);
  }

  /** The record is gone without a trace: merged away, or deleted for privacy. */
  remove(id: string, switches: Switches): void {
    const record = this.#rows[rowOf(id)];
    if (record === undefined) return;
    this.#rows[rowOf(id)] = undefined;
    if (record.archivedAt !== undefined) return;
    this.#liveCount -= 1;
    for (const [property, key] of this.#claims(record.values, switches)) {
      this.#holders.get(property)?.delete(key);
    }
  }

  noteMerge(id: string, survivorId: string): void {
    this.#mergedInto.set(id, survivorId);
  }

  bar(email: string): void {
    this.#barred.add(toEmail(email));
  }

  isBarred(email: string): boolean {
    return this.#barred.has(toEmail(email));
  }

  /** One page from `after`, an id, in ascending order, and the id that the next page starts with. */
  page(
    after: string,
    limit: number,
    isArchived: boolean,
  ): { readonly records: ObjectRecord[]; readonly next?: string } {
    const records: ObjectRecord[] = [];
    for (let row = Math.max(0, rowOf(after)); row < this.#rows.length; row++) {
      const record = this.#rows[row];
      if (record === undefined || (record.archivedAt !== undefined) !== isArchived) continue;
      if (records.length === limit) return { records, next: record.id };
      records.push(record);
    }
    return { records };
  }

  /** Every record, archived ones included, by ascending id. */
  *all(): Generator<ObjectRecord> {
    for (const record of this.#rows) if (record !== undefined) yield record;
  }

  #held(property: string, key: string): ObjectRecord | undefined {
    const row = this.#holders.get(property)?.get(key);
    return row === undefined ? undefined : this.#rows[row];
  }

  #hold(record: ObjectRecord, switches: Switches): void {
    const row = rowOf(record.id);
    for (const [property, key] of this.#claims(record.values, switches)) {
      const holders = this.#holders.get(property) ?? new Map<string, number>();
      this.#holders.set(property, holders.set(key, row));
    }
  }

  #claims(values: Values, switches: Switches): [property: string, key: string][] {
    const claims: [string, string][] = [];
    if (this.#isEmail('email')) {
      if (values['email'] !== undefined) claims.push(['email', values['email']]);
      for (const email of additionalEmails(values)) claims.push(['email', email]);
    }
    for (const { name } of this.#properties.unique) {
      const value = values[name];
      if (value !== undefined) claims.push([name, toUniqueKey(value, switches)]);
    }
    return claims;
  }

  #isEmail(property: string): boolean {
    return property === 'email' && this.type.id === CONTACTS;
  }
}

export function toUniqueKey(value: string, switches: Switches): string {
  return switches.uniqueValuesIgnoreCase ? value.toLowerCase() : value;
}
