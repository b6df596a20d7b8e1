/** The property definitions and groups of one type in a portal. */
import { defaultsOf } from './defaults/index.ts';
import type { Property, PropertyGroup } from './property.ts';

export class PropertyStore {
  readonly groups = new Map<string, PropertyGroup>();
  readonly #properties = new Map<string, Property>();
  #unique: readonly Property[] = [];

  constructor(typeId: string) {
    const { groups, properties } = defaultsOf(typeId);
    for (const group of groups) this.groups.set(group.name, group);
    for (const property of properties) this.#properties.set(property.name, property);
    this.#refreshUnique();
  }

  /** A property that can be written and read; archived ones are gone. */
  find(name: string): Property | undefined {
    const property = this.#properties.get(name);
    return property?.archivedAt === undefined ? property : undefined;
  }

  findArchived(name: string): Property | undefined {
    const property = this.#properties.get(name);
    return property?.archivedAt === undefined ? undefined : property;
  }

  list(isArchived: boolean): Property[] {
    return [...this.#properties.values()].filter(
      (property) => (property.archivedAt !== undefined) === isArchived,
    );
  }

  put(property: Property): void {
    this.#properties.set(property.name, property);
    this.#refreshUnique();
  }

  /** The properties, the address of contacts aside, whose values no two records share. */
  get unique(): readonly Property[] {
    return this.#unique;
  }

  #refreshUnique(): void {
    this.#unique = this.list(false).filter((property) => property.hasUniqueValue);
  }
}
