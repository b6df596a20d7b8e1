import { z } from 'zod';

/** What is unknown or differs in the parts around records: login, custom events, forms, webhooks, imports. */
export const EDGE_SWITCHES = {
  /**
   * What a refresh answers with: HubSpot documents no rotation and repeats the refresh token, yet tells clients
   * to store whatever comes back.
   */
  refreshToken: z.enum(['repeat', 'rotate']).default('repeat'),
  /** `error` and `error_description` beside the status: announced in January 2026, recorded for BAD_REFRESH_TOKEN only. */
  rfcFieldsOnTokenErrors: z.boolean().default(true),
  /** How long a code waits to be exchanged. Undocumented; RFC 6749 recommends ten minutes at most. */
  authCodeLifeMs: z.int().positive().default(600_000),
  /** Whether the end of a refresh token ends the access tokens made with it. The v1 guide says they live on. */
  revokeEndsAccessTokens: z.boolean().default(false),
  /** Custom events below the Enterprise plan: no app can be granted their scopes there, so the 403 is taken to name them. */
  eventsBelowEnterprise: z.enum(['missing_scopes', 'allow']).default('missing_scopes'),
  /** How long an accepted event takes to show at its record: "asynchronous" is all that is documented. */
  eventLagMs: z.int().nonnegative().default(3_000),
  /** An event for an address that no contact has. The guide says that contacts are created; nobody has recorded it. */
  unknownEventEmail: z.enum(['create', 'drop']).default('create'),
  /** A property that the definition lacks: the strict reading, or the one of integrators who see nothing. */
  unknownEventProperty: z.enum(['refuse', 'drop']).default('refuse'),
  /** A value that its type or length forbids. Documented for lengths: "the request will fail". */
  badEventValue: z.enum(['refuse', 'drop']).default('refuse'),
  /** One bad event in a batch: the 204 of a batch has no room for it, so it is refused whole, or hidden. */
  badEventRow: z.enum(['refuse_batch', 'hide']).default('refuse_batch'),
  /** Whether the same `uuid` twice is one event. The guide calls it an id to match by, not to deduplicate by. */
  eventUuidDeduplicates: z.boolean().default(false),
  /** How long changes are gathered into one delivery; undocumented. 0: until the call that made them is over. */
  webhookBatchMs: z.int().nonnegative().default(0),
  /** The older of the two signatures that a delivery carries; v2 belongs to workflows and cards. */
  webhookSignature: z.enum(['v1', 'v2']).default('v1'),
  /** The name of the key that says what happened: recorded as `subscriptionType`, `eventType` in the tables of the guide. */
  webhookTypeKey: z.enum(['subscriptionType', 'eventType']).default('subscriptionType'),
  /** Recorded as CREATED, NEW in older examples. */
  webhookCreatedFlag: z.enum(['CREATED', 'NEW']).default('CREATED'),
  /** Every delivery twice: documented as possible. */
  webhookDuplicates: z.boolean().default(false),
  /** The order of events is documented not to be guaranteed: here each delivery has them backwards. */
  webhookOrder: z.enum(['occurred', 'reversed']).default('occurred'),
  /** Rapid changes of one property told as the last of them, as integrators report. */
  webhookCollapse: z.boolean().default(false),
  /** The form of a journal's file, which no reachable page shows. */
  journalFormat: z.enum(['envelope', 'array', 'lines']).default('envelope'),
  /** How long the address of a journal's file works: "short-lived". */
  journalUrlLifeMs: z.int().positive().default(300_000),
  /** What a form submission without any address does: nothing is documented. */
  formWithoutEmail: z.enum(['accept', 'refuse']).default('accept'),
  /** How long an import takes for its file, and an export for its. */
  importMs: z.int().nonnegative().default(2_000),
  exportMs: z.int().nonnegative().default(2_000),
} as const;
