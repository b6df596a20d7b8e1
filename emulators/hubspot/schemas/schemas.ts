import type { Schema } from './schema.ts';

// Numbers of custom object types are given out by HubSpot for all accounts together; where these start is ours.
const FIRST_NUMBER = 5_000_001;

/** The custom objects of an account, archived ones included. */
export class Schemas {
  readonly #byId = new Map<string, Schema>();
  #nextNumber = FIRST_NUMBER;

  takeTypeId(): string {
    return `2-${this.#nextNumber++}`;
  }

  list(isArchived: boolean): readonly Schema[] {
    return [...this.#byId.values()].filter(({ archivedAt }) => (archivedAt !== undefined) === isArchived);
  }

  /** By type id, fully qualified name or bare name, all of which the schemas API takes. */
  find(text: string, isArchived: boolean): Schema | undefined {
    return this.list(isArchived).find((schema) =>
      [schema.objectTypeId, schema.fullyQualifiedName, schema.name].includes(text),
    );
  }

  put(schema: Schema): void {
    this.#byId.set(schema.objectTypeId, schema);
  }

  remove(objectTypeId: string): void {
    this.#byId.delete(objectTypeId);
  }
}
