import type { ObjectRecord } from './object-record.ts';

/** Which rows have which value of one property of text, in lower case as search compares it. */
export class ValueIndex {
  readonly #property: string;
  /** Most values of what is searched for stand in one row alone: a number takes far less room than a set. */
  readonly #rows = new Map<string, number | Set<number>>();

  constructor(property: string) {
    this.#property = property;
  }

  /** A row's record as it was seen before and as it is now; absent where it is not to be found. */
  replace(row: number, before: ObjectRecord | undefined, after: ObjectRecord | undefined): void {
    const [old, current] = [this.#keyOf(before), this.#keyOf(after)];
    if (old === current) return;
    if (old !== undefined) this.#remove(old, row);
    if (current !== undefined) this.#add(current, row);
  }

  rowsWith(key: string): Iterable<number> {
    const found = this.#rows.get(key);
    if (found === undefined) return [];
    return typeof found === 'number' ? [found] : found;
  }

  #keyOf(record: ObjectRecord | undefined): string | undefined {
    return record?.values[this.#property]?.toLowerCase();
  }

  #add(key: string, row: number): void {
    const found = this.#rows.get(key);
    if (found === undefined) this.#rows.set(key, row);
    else if (typeof found === 'number') this.#rows.set(key, new Set([found, row]));
    else found.add(row);
  }

  #remove(key: string, row: number): void {
    const found = this.#rows.get(key);
    if (typeof found === 'object') found.delete(row);
    else this.#rows.delete(key);
  }
}
