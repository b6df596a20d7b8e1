import { z } from 'zod';
import { EDGE_SWITCHES } from './edge-switches.ts';
import { RELATION_SWITCHES } from './relation-switches.ts';

/**
 * What nobody outside HubSpot knows for sure, or what differs between accounts. Each default is the best
 * evidence there is (November 2026); a test that must survive the other answer turns the switch with
 * `POST /_emulator/seed {"switches": {…}}`.
 */
export const switchesSchema = z.strictObject({
  ...EDGE_SWITCHES,
  ...RELATION_SWITCHES,
  /**
   * The status of a partly failed batch on 2026-09 paths. The published 2026-09 specification lists only
   * 200/201, with `numErrors` and `errors` in the body; whether 207 is gone on the wire is unconfirmed.
   */
  partialStatus2026_09: z.enum(['success', '207']).default('success'),
  /** Whether calls refused with 429 use up the ten-second window too. Undocumented; the lenient reading. */
  refusedCallsCount: z.boolean().default(false),
  /** Batch writes answer 2xx with neither results nor errors and write nothing, as RudderStack #5167 saw. */
  silentBatchFailure: z.boolean().default(false),
  /** Partial success of batch create is documented to need a distinct trace id on every input; for update and upsert the same is assumed. */
  partialWritesNeedTraceIds: z.boolean().default(true),
  /** Nothing promises that batch results come in the order of the inputs: by id, so that no client relies on it. */
  batchResultOrder: z.enum(['id', 'input']).default('id'),
  /** The same id twice in a batch read. Recorded for writes; assumed for reads. */
  duplicateIdsInBatchRead: z.enum(['refuse', 'once']).default('refuse'),
  /**
   * The inputs of a batch read that asks for the history of properties. The guide to CRM objects gives 50 in place of
   * 100; no refusal has been recorded, so it is in the words of the ordinary cap.
   */
  batchReadsWithHistoryMax: z.int().positive().default(50),
  /** An upsert that creates and whose properties lack the id property: assumed to set it from `id`. */
  upsertFillsIdProperty: z.boolean().default(true),
  /**
   * Writing an address that is already a secondary one of the same contact: it becomes the primary and the
   * old primary a secondary (integrators report overwritten primaries), or nothing changes.
   */
  ownSecondaryEmail: z.enum(['promote', 'keep_primary']).default('promote'),
  /** The metadata calls `hs_additional_emails` read-only, one integrator's live tests write it. */
  additionalEmailsWritable: z.boolean().default(false),
  /** JSON null as a property's value: documented nowhere; clearing is documented as the empty string. */
  nullValue: z.enum(['ignore', 'clear', 'refuse']).default('ignore'),
  /** The stage of a contact created without one; recorded in one European portal in March 2026. */
  defaultLifecycleStage: z.string().nullable().default('lead'),
  /**
   * What records need besides what is certain (activities their time, companies a name or domain): deals and tickets
   * are documented to need a name and a stage, and were created without in a European portal in March 2026.
   */
  requiredProperties: z.enum(['recorded', 'documented']).default('recorded'),
  /** Whether a merge makes a record with a new id (webhooks have a field for it) or the primary one keeps its own. */
  mergeResultId: z.enum(['new', 'primary']).default('new'),
  /** An owner's id that no owner has. That HubSpot refuses it is likely, with which code is not known. */
  unknownOwner: z.enum(['accept', 'refuse']).default('accept'),
  /** How INVALID_OPTION lists what is allowed: both styles have been recorded. */
  invalidOptionStyle: z.enum(['values', 'labels']).default('values'),
  /** Case of custom unique values. Documented for e-mail addresses only. */
  uniqueValuesIgnoreCase: z.boolean().default(false),
  /** DELETE of an id that does not exist. Recorded as 404 for GET and PATCH only. */
  deleteOfUnknownRecord: z.enum(['204', '404']).default('204'),
  /** Whether an archived property gives its name free. Assumed not, for the 90 days it can be restored. */
  archivedPropertyNameReusable: z.boolean().default(false),
  /** A bearer token with characters no token has: Cloudflare's 530 page (seen by Airbyte), or a plain 401. */
  malformedToken: z.enum(['530', '401']).default('530'),
  /** `policyName` and `errorType` on 429; newer answers have been seen with `category: "RATE_LIMITS"` and without a policy. */
  rateLimitBody: z.enum(['policy', 'category']).default('policy'),
  /** Search sees a write this much later: documented as "a few moments", reported up to 30 s. */
  searchLagMs: z.int().nonnegative().default(3_000),
});

export type Switches = z.output<typeof switchesSchema>;

/** What a seed may turn: only what it names changes. */
export const switchChangesSchema = z.strictObject(
  Object.fromEntries(
    Object.entries(switchesSchema.shape).map(([name, schema]) => [name, schema.unwrap().optional()]),
  ) as unknown as { [Name in keyof Switches]: z.ZodOptional<z.ZodType<Switches[Name]>> },
);

export const DEFAULT_SWITCHES: Switches = switchesSchema.parse({});
