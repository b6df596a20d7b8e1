import { defaultGroups, defaultProperties } from './default-properties.ts';
import type { Property, PropertyGroup } from './property.ts';

/** The property definitions and groups of a portal's contacts. */
export class PropertyStore {
  readonly #properties = new Map<string, Property>();
  readonly groups = new Map<string, PropertyGroup>();
  #unique: readonly Property[] = [];

  constructor() {
    for (const group of defaultGroups()) this.groups.set(group.name, group);
    for (const property of defaultProperties()) this.#properties.set(property.name, property);
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

  /** The properties, `email` aside, whose values no two contacts share. */
  get unique(): readonly Property[] {
    return this.#unique;
  }

  #refreshUnique(): void {
    this.#unique = this.list(false).filter((property) => property.hasUniqueValue);
  }
}
