import { z } from 'zod';

/** What is unknown or differs in what surrounds records: associations, custom objects, lists. */
export const RELATION_SWITCHES = {
  /** A record's first company becomes its primary one by itself, as on HubSpot's pages; unsaid for the API. */
  firstCompanyIsPrimary: z.boolean().default(true),
  /** `toObjectId` and its like: numbers in the guides and on the wire, strings in the specification of 13.5's client. */
  associationIds: z.enum(['number', 'string']).default('number'),
  /** An association type that does not exist, in a batch: the status 400 is certain, not how much it takes along. */
  unknownAssociationType: z.enum(['refuse_batch', 'refuse_row']).default('refuse_batch'),
  /** A batch read of a record that is linked with nothing: integrators report an error row; no document tells. */
  readOfUnassociated: z.enum(['error', 'omit', 'empty']).default('error'),
  /** Labels between two objects, both directions counted; `/limits` has the account's figure, no document does. */
  associationLabelsMax: z.int().nonnegative().default(50),
  /** HubSpot's page about labels names the plans Professional and Enterprise; what the API says below is unrecorded. */
  labelsBelowProfessional: z.enum(['refuse', 'allow']).default('refuse'),
  /** Deleting a label that records carry: their links lose it, or nothing is deleted. Undocumented. */
  deleteOfUsedLabel: z.enum(['strip', 'refuse']).default('strip'),
  /** The category of the plain association with a custom object; portals differ, so clients read `…/labels`. */
  customAssociationCategory: z.enum(['USER_DEFINED', 'HUBSPOT_DEFINED']).default('USER_DEFINED'),
  /** Custom objects of an account; `/limits` has the account's figure, the product catalogue speaks of ten. */
  customObjectTypesMax: z.int().nonnegative().default(10),
  /** Custom properties of one object; `/limits` has the account's figure, integrators speak of a thousand. Only reported. */
  customPropertiesMax: z.int().nonnegative().default(1_000),
  /** Record ids in one change of a list's members; the figure of the guides is unconfirmed. */
  listMembershipIdsMax: z.int().positive().default(100_000),
  /**
   * Defining custom objects below Enterprise: no app can be granted the scope there, so that the refusal is taken to
   * speak of scopes; `plan` names the plan instead.
   */
  customObjectsBelowEnterprise: z.enum(['missing_scopes', 'plan']).default('missing_scopes'),
};
