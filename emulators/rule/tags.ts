import { invalid, notFound } from './problems.ts';
import type { Version } from './problems.ts';

export interface Tag {
  readonly id: number;
  name: string;
  description: string | null;
  readonly created_at: string;
  updated_at: string;
}

// Ids of different kinds never meet, so that one taken for another is noticed.
const FIRST_ID = 70_001;

/** The tags of an account, by id. */
export class Tags {
  readonly #byId = new Map<number, Tag>();
  readonly #now: () => string;
  #made = 0;

  constructor(now: () => string) {
    this.#now = now;
  }

  all(): readonly Tag[] {
    return [...this.#byId.values()];
  }

  byName(name: string): Tag | undefined {
    return this.all().find((tag) => tag.name === name);
  }

  /** A tag as calls name it: digits are an id, everything else a name. */
  find(nameOrId: string): Tag | undefined {
    return /^\d+$/.test(nameOrId) ? this.#byId.get(Number(nameOrId)) : this.byName(nameOrId);
  }

  get(version: Version, nameOrId: string): Tag {
    return this.find(nameOrId) ?? notFound(version, 'tag');
  }

  remove(tag: Tag): void {
    this.#byId.delete(tag.id);
  }

  /** The tags of a call; names that are new are made, ids must be there. */
  take(version: Version, given: unknown): readonly Tag[] {
    if (!Array.isArray(given) || given.length === 0) {
      return invalid(version, 'tags', 'The tags field is required.');
    }
    const names = given.map((one: unknown): string =>
      typeof one === 'string' && one.trim() !== ''
        ? one
        : typeof one === 'number'
          ? String(one)
          : invalid(version, 'tags', 'A tag is a name or an id.'),
    );
    if (new Set(names).size < names.length) return invalid(version, 'tags', 'The tags are not distinct.');
    // All are looked up before one is made: a refused call changes nothing.
    for (const name of names) if (/^\d+$/.test(name)) this.get(version, name);
    return names.map((name) => this.find(name) ?? this.#make(name));
  }

  #make(name: string): Tag {
    const tag: Tag = {
      id: FIRST_ID + this.#made,
      name,
      description: null,
      created_at: this.#now(),
      updated_at: this.#now(),
    };
    this.#made += 1;
    this.#byId.set(tag.id, tag);
    return tag;
  }
}
