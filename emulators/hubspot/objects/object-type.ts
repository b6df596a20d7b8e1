/** One kind of record, as far as calls on its records differ from those on others. */
export interface ObjectType {
  /** `0-1`; `2-N` for custom objects. */
  readonly id: string;
  readonly singular: string;
  readonly plural: string;
  /** In messages: `CONTACT`. */
  readonly messageName: string;
  /** `p1000001_car`, which only custom objects have. */
  readonly fullyQualifiedName?: string;
  /** One of each list is enough. */
  readonly scopes: ObjectScopes;
  readonly createdProperty: 'createdate' | 'hs_createdate';
  readonly modifiedProperty: 'lastmodifieddate' | 'hs_lastmodifieddate';
  /** What a creation must have, and that is known to be enforced. */
  readonly required: readonly string[];
  /** What is documented as required, while a recorded creation went through without. */
  readonly requiredOnPaper: readonly string[];
  /** A record needs one of these. */
  readonly requiredAny: readonly string[];
  /** The properties of an answer to a read that names none. */
  readonly shownByDefault: readonly string[];
  /** Where free text is looked for. */
  readonly searchable: readonly string[];
  /** Answers to writes echo these as they were sent; reads give them as they are stored. */
  readonly echoed: readonly string[];
  /** Records of this kind come into being by themselves, so that no call may write them. */
  readonly isReadOnly: boolean;
}

export interface ObjectScopes {
  readonly read: readonly string[];
  readonly write: readonly string[];
  readonly readSchema: readonly string[];
  readonly writeSchema: readonly string[];
}

export const CONTACTS = '0-1';
export const COMPANIES = '0-2';
export const DEALS = '0-3';
export const TICKETS = '0-5';
