import type { ContactRecord } from './contact-record.ts';

/**
 * What search sees: contacts as they were some time ago. A write waits in line until the lag is over; a
 * snapshot costs a few references, because the values of a contact are never changed in place.
 */
export class SearchIndex {
  readonly #seen = new Map<string, ContactRecord>();
  #waiting: { readonly at: number; readonly snapshot: ContactRecord }[] = [];

  note(record: ContactRecord, now: number): void {
    this.#waiting.push({ at: now, snapshot: { ...record } });
  }

  /** Live contacts as of `seenUntil`, by ascending creation. */
  contacts(seenUntil: number): ContactRecord[] {
    const ready = this.#waiting.findIndex(({ at }) => at > seenUntil);
    const due = ready === -1 ? this.#waiting.splice(0) : this.#waiting.splice(0, ready);
    // The map keeps the order of first insertion, which is that of creation.
    for (const { snapshot } of due) this.#seen.set(snapshot.id, snapshot);
    return [...this.#seen.values()].filter((snapshot) => snapshot.archivedAt === undefined);
  }
}
