/** Tells whoever listens (webhooks, the journal) what happened to records, in the order in which it happened. */

/** Who did it, as webhooks name it: `INTEGRATION` and the app's id for a call of the API. */
export interface ChangeSource {
  readonly changeSource: string;
  readonly sourceId: string;
}

interface ChangeOfRecord {
  readonly typeId: string;
  readonly objectId: string;
  readonly at: number;
  readonly source: ChangeSource;
}

export type Change = ChangeOfRecord &
  (
    | { readonly kind: 'creation' | 'deletion' | 'restore' | 'privacyDeletion' }
    | {
        readonly kind: 'propertyChange';
        readonly propertyName: string;
        /** The empty string when the property was cleared. */
        readonly propertyValue: string;
      }
    | {
        /** `objectId` is the surviving record's. */
        readonly kind: 'merge';
        readonly primaryObjectId: string;
        readonly mergedObjectIds: readonly string[];
        readonly newObjectId: string;
        readonly numberOfPropertiesMoved: number;
      }
    | {
        /** `objectId` is the record that the association starts from. */
        readonly kind: 'associationChange';
        readonly associationType: string;
        readonly fromObjectId: string;
        readonly toTypeId: string;
        readonly toObjectId: string;
        readonly associationTypeId: number;
        readonly associationCategory: string;
        readonly associationRemoved: boolean;
        readonly isPrimaryAssociation: boolean;
      }
  );

export class ChangeFeed {
  readonly #listeners = new Set<(change: Change) => void>();

  /** Without listeners nobody need make up changes, which spares the loading of a million records. */
  get isHeard(): boolean {
    return this.#listeners.size > 0;
  }

  /** Answers the call that stops listening. */
  on(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  emit(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }
}
