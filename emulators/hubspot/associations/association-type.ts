export type AssociationCategory = 'HUBSPOT_DEFINED' | 'USER_DEFINED' | 'INTEGRATOR_DEFINED' | 'WORK';

/** One direction of a kind of link. Ids are unique within a category only: 1 is both a primary company and a label. */
export interface AssociationType {
  readonly category: AssociationCategory;
  readonly typeId: number;
  readonly from: string;
  readonly to: string;
  /** null for the plain association that every linked pair has. */
  label: string | null;
  /** What the legacy API calls it, e.g. `contact_to_company_unlabeled`. */
  readonly name: string;
  /** What webhooks call it: `CONTACT_TO_COMPANY`, labelled or not. */
  readonly pairName: string;
  /** One record has one association of this type at most: its primary company. */
  readonly isPrimary: boolean;
}

/** The two directions of one kind of link; the same object twice where they do not differ. */
export type Directions = readonly [forward: AssociationType, backward: AssociationType];

/** What associations need to know of an object type. */
export interface LinkedType {
  /** `0-1`, or `2-N` for custom objects. */
  readonly id: string;
  /** `contact`; the name of a custom object. */
  readonly singular: string;
}

export function isCustom(typeId: string): boolean {
  return typeId.startsWith('2-');
}
