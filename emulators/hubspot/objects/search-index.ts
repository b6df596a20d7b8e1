import type { ObjectRecord } from './object-record.ts';

/** What search sees: records as they were some time ago. A write waits in line until the lag is over. */
export class SearchIndex {
  readonly #seen = new Map<string, ObjectRecord>();
  #waiting: { readonly at: number; readonly record: ObjectRecord }[] = [];

  note(record: ObjectRecord, now: number): void {
    this.#waiting.push({ at: now, record });
  }

  /** Live records as of `seenUntil`, by ascending creation. */
  records(seenUntil: number): ObjectRecord[] {
    const ready = this.#waiting.findIndex(({ at }) => at > seenUntil);
    const due = ready === -1 ? this.#waiting.splice(0) : this.#waiting.splice(0, ready);
    // The map keeps the order of first insertion, which is that of creation.
    for (const { record } of due) this.#seen.set(record.id, record);
    return [...this.#seen.values()].filter(({ archivedAt }) => archivedAt === undefined);
  }
}
