/**
 * What search sees of one type: records as they were some time ago. A write waits in line until the lag is over. The
 * two times that searches are bounded and sorted by stand in columns, because a million numbers in a row are looked
 * through in a few milliseconds; values of text have an index once a search has asked for one.
 */
import type { ObjectRecord } from './object-record.ts';
import type { PropertyStore } from '../properties/property-store.ts';
import { rowOf } from './record-id.ts';
import { ValueIndex } from './value-index.ts';

const ROWS_AT_FIRST = 1_024;

export class SearchIndex {
  /** By the order of ids; the states of records are shared with the store and never copied. */
  readonly #rows: (ObjectRecord | undefined)[] = [];
  /** NaN where nothing is to be found, which no bound admits. */
  #createdAt = new Float64Array(ROWS_AT_FIRST).fill(Number.NaN);
  #updatedAt = new Float64Array(ROWS_AT_FIRST).fill(Number.NaN);
  readonly #values = new Map<string, ValueIndex>();
  readonly #properties: PropertyStore;
  readonly #waiting: {
    readonly at: number;
    readonly id: string;
    readonly record: ObjectRecord | undefined;
  }[] = [];
  #waitingFrom = 0;

  /** `alwaysIndexed` names what most searches ask for, beside what is unique: the first of them is quick too. */
  constructor(properties: PropertyStore, alwaysIndexed: readonly string[]) {
    this.#properties = properties;
    for (const name of alwaysIndexed) this.#values.set(name, new ValueIndex(name));
  }

  /** Takes up a record's new state, absent when it is gone, for searches from `lagMs` after now on. */
  note(id: string, record: ObjectRecord | undefined, now: number, lagMs: number): void {
    this.#waiting.push({ at: now, id, record });
    // Also here, so that the line stays short where nobody searches.
    this.catchUp(now - lagMs);
  }

  /** Sees all that was written until then. */
  catchUp(seenUntil: number): void {
    let next = this.#waiting[this.#waitingFrom];
    while (next !== undefined && next.at <= seenUntil) {
      this.#see(next.id, next.record?.archivedAt === undefined ? next.record : undefined);
      this.#waitingFrom += 1;
      next = this.#waiting[this.#waitingFrom];
    }
    // Cutting off what is done costs as much as what is left: only when that is the smaller part.
    if (this.#waitingFrom * 2 > this.#waiting.length) {
      this.#waiting.splice(0, this.#waitingFrom);
      this.#waitingFrom = 0;
    }
  }

  /** Rows run from 0 to below this. */
  get size(): number {
    return this.#rows.length;
  }

  at(row: number): ObjectRecord | undefined {
    return this.#rows[row];
  }

  get createdAt(): Float64Array {
    return this.#createdAt;
  }

  get updatedAt(): Float64Array {
    return this.#updatedAt;
  }

  /** The rows whose text is one of these, in lower case. The first search by a property makes its index. */
  rowsWith(property: string, keys: readonly string[]): number[] {
    const index = this.#indexOf(property);
    const rows = new Set<number>();
    for (const key of keys) for (const row of index.rowsWith(key)) rows.add(row);
    return [...rows];
  }

  #indexOf(property: string): ValueIndex {
    const known = this.#values.get(property);
    if (known !== undefined) return known;
    const made = new ValueIndex(property);
    for (const [row, record] of this.#rows.entries()) made.replace(row, undefined, record);
    this.#values.set(property, made);
    return made;
  }

  #see(id: string, record: ObjectRecord | undefined): void {
    for (const { name } of this.#properties.unique) this.#indexOf(name);
    const row = rowOf(id);
    const before = this.#rows[row];
    while (this.#rows.length < row) this.#rows.push(undefined);
    this.#rows[row] = record;
    if (row >= this.#createdAt.length) {
      this.#createdAt = grown(this.#createdAt, row);
      this.#updatedAt = grown(this.#updatedAt, row);
    }
    this.#createdAt[row] = record?.createdAt ?? Number.NaN;
    this.#updatedAt[row] = record?.updatedAt ?? Number.NaN;
    for (const index of this.#values.values()) index.replace(row, before, record);
  }
}

function grown(column: Float64Array, row: number): Float64Array<ArrayBuffer> {
  const longer = new Float64Array(Math.max(row + 1, column.length * 2)).fill(Number.NaN);
  longer.set(column);
  return longer;
}
