import { invalid } from './problems.ts';
import type { Version } from './problems.ts';

export const FIELD_TYPES = ['text', 'single', 'multiple', 'json', 'date', 'datetime', 'time'] as const;
export type FieldType = (typeof FIELD_TYPES)[number];

export interface Field {
  readonly id: number;
  readonly name: string;
  readonly type: FieldType;
}

export interface Group {
  readonly id: number;
  readonly name: string;
  /** Whether each write adds a row instead of overwriting the only one. */
  historical: boolean;
  readonly fields: Map<string, Field>;
  readonly created_at: string;
  updated_at: string;
}

const FIRST_GROUP_ID = 300;
const FIRST_FIELD_ID = 5_000;

/** The custom fields of an account, in their groups. */
export class Customizations {
  readonly #groups = new Map<string, Group>();
  readonly #now: () => string;
  #fieldCount = 0;

  constructor(now: () => string) {
    this.#now = now;
  }

  all(): readonly Group[] {
    return [...this.#groups.values()];
  }

  /** By id or name. */
  find(idOrName: string | number): Group | undefined {
    return this.#groups.get(String(idOrName)) ?? this.all().find(({ id }) => String(id) === String(idOrName));
  }

  group(name: string, historical = false): Group {
    const found = this.#groups.get(name);
    if (found !== undefined) return found;
    const now = this.#now();
    const made: Group = {
      id: FIRST_GROUP_ID + this.#groups.size,
      name,
      historical,
      fields: new Map(),
      created_at: now,
      updated_at: now,
    };
    this.#groups.set(name, made);
    return made;
  }

  /** A field that exists keeps its type, whatever is asked for. */
  field(group: Group, name: string, type: FieldType): Field {
    const found = group.fields.get(name);
    if (found !== undefined) return found;
    const made: Field = { id: FIRST_FIELD_ID + this.#fieldCount, name, type };
    this.#fieldCount += 1;
    group.fields.set(name, made);
    group.updated_at = this.#now();
    return made;
  }
}

/** `Group.Field`: one dot, and something on each side of it. */
export function readKey(version: Version, key: unknown): readonly [group: string, field: string] {
  const [group = '', field = '', ...more] = typeof key === 'string' ? key.split('.') : [];
  if (group.trim() === '' || field.trim() === '' || more.length > 0) {
    return invalid(version, 'fields', `The key ${JSON.stringify(key)} is not Group.Field.`);
  }
  return [group, field];
}

export function readType(version: Version, type: unknown): FieldType {
  return (
    FIELD_TYPES.find((known) => known === type) ??
    invalid(version, 'fields', `The type ${JSON.stringify(type)} is unknown.`)
  );
}
