import type { HubspotList } from './hubspot-list.ts';

// Documented: a deleted list can be restored for 90 days.
const RESTORABLE_MS = 90 * 86_400_000;

/** The lists of an account. */
export class Lists {
  readonly #byId = new Map<string, HubspotList>();
  #nextId = 1;

  takeId(): string {
    return String(this.#nextId++);
  }

  add(list: HubspotList): void {
    this.#byId.set(list.id, list);
  }

  find(id: string): HubspotList | undefined {
    const list = this.#byId.get(id);
    return list?.deletedAt === undefined ? list : undefined;
  }

  findDeleted(id: string, nowMs: number): HubspotList | undefined {
    const list = this.#byId.get(id);
    return list?.deletedAt !== undefined && nowMs - list.deletedAt <= RESTORABLE_MS ? list : undefined;
  }

  /** Names are unique in an account, whatever the lists are of. */
  findByName(name: string): HubspotList | undefined {
    return this.all().find((list) => list.name === name);
  }

  /** By ascending id. */
  all(): readonly HubspotList[] {
    return [...this.#byId.values()].filter(({ deletedAt }) => deletedAt === undefined);
  }
}
