import { defaultEventProperties } from './default-event-properties.ts';
import type { EventProperty } from './event-property.ts';

/** Finds the record of an event by a value of the event, before any other way. */
export interface CustomMatching {
  readonly eventPropertyName: string;
  readonly targetObjectPropertyName: string;
}

export interface EventDefinition {
  /** `pe1000001_paid`; what callers name. */
  readonly fullyQualifiedName: string;
  readonly name: string;
  readonly id: string;
  /** `6-1234567` */
  readonly objectTypeId: string;
  readonly label: string;
  readonly description: string;
  /** The type of the records that it happens to, such as `0-1`. */
  readonly primaryTypeId: string;
  readonly primaryObject: string;
  readonly matching: CustomMatching | undefined;
  readonly properties: ReadonlyMap<string, EventProperty>;
  readonly createdAt: number;
  readonly updatedAt: number;
}

// Event types are custom object types of the meta type 6; the first number is ours.
const FIRST_ID = 7_000_001;

/** The custom events of a portal. A name that was ever used is never free again (documented). */
export class EventDefinitionStore {
  readonly #byName = new Map<string, EventDefinition>();
  readonly #usedNames = new Set<string>();
  #made = 0;

  get size(): number {
    return this.#byName.size;
  }

  find(fullyQualifiedName: string): EventDefinition | undefined {
    return this.#byName.get(fullyQualifiedName);
  }

  isNameUsed(fullyQualifiedName: string): boolean {
    return this.#usedNames.has(fullyQualifiedName);
  }

  all(): EventDefinition[] {
    return [...this.#byName.values()];
  }

  add(
    definition: Omit<EventDefinition, 'id' | 'objectTypeId' | 'properties'>,
    properties: readonly EventProperty[],
    hasDefaults: boolean,
  ): EventDefinition {
    const id = String(FIRST_ID + this.#made++);
    const own = hasDefaults ? [...defaultEventProperties(definition.createdAt), ...properties] : properties;
    const added: EventDefinition = {
      ...definition,
      id,
      objectTypeId: `6-${id}`,
      properties: new Map(own.map((property) => [property.name, property])),
    };
    this.#usedNames.add(added.fullyQualifiedName);
    return this.put(added);
  }

  put(definition: EventDefinition): EventDefinition {
    this.#byName.set(definition.fullyQualifiedName, definition);
    return definition;
  }

  remove(fullyQualifiedName: string): boolean {
    return this.#byName.delete(fullyQualifiedName);
  }
}

export function showDefinition(definition: EventDefinition, withProperties = true): Record<string, unknown> {
  const { id, name, fullyQualifiedName, objectTypeId, label, description } = definition;
  return {
    id,
    name,
    fullyQualifiedName,
    objectTypeId,
    labels: { singular: label, plural: null },
    description: description === '' ? null : description,
    primaryObject: definition.primaryObject,
    primaryObjectId: definition.primaryTypeId,
    ...(definition.matching === undefined
      ? {}
      : { customMatchingId: { primaryObjectRule: definition.matching } }),
    properties: withProperties
      ? [...definition.properties.values()].filter(({ archived }) => !archived).map(showProperty)
      : [],
    associations: [],
    trackingType: 'MANUAL',
    archived: false,
    createdAt: new Date(definition.createdAt).toISOString(),
    updatedAt: new Date(definition.updatedAt).toISOString(),
  };
}

export function showProperty(property: EventProperty): Record<string, unknown> {
  const { name, label, type, description, options, hubspotDefined, archived } = property;
  return {
    name,
    label,
    type,
    fieldType:
      type === 'enumeration'
        ? 'select'
        : type === 'bool'
          ? 'booleancheckbox'
          : type === 'string'
            ? 'text'
            : type === 'datetime'
              ? 'date'
              : type,
    description,
    options: options.map((option, index) => ({ ...option, displayOrder: index, hidden: false })),
    hubspotDefined,
    archived,
    createdAt: new Date(property.createdAt).toISOString(),
    updatedAt: new Date(property.updatedAt).toISOString(),
  };
}
