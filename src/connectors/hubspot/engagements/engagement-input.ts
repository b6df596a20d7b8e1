import { z } from 'zod';
import type { DeliverContext } from '../../../kit/index.ts';
import { recordRefSchema } from '../records/record-ref.ts';
import type { Settings } from '../settings.ts';
import { waitAttemptsSchema } from '../wait-for-record.ts';

export const ENGAGEMENT_TYPES = ['note', 'call', 'email', 'meeting', 'task'] as const;
export type EngagementType = (typeof ENGAGEMENT_TYPES)[number];

const textSchema = z.string().trim().min(1);

export const engagementInputSchema = z.object({
  type: z.enum(ENGAGEMENT_TYPES),
  key: textSchema.describe(
    'Says which engagement this is, for ever, e.g. `messageId`: one is created per key and type.',
  ),
  occurred_at: z
    .union([z.string(), z.number()])
    .describe('When it was, or for a task when it is due: ISO 8601 with a time zone, or epoch milliseconds.'),
  title: z.string().optional().describe('Subject of an email or a task, title of a call or a meeting.'),
  body: z.string().optional(),
  owner_id: z
    .union([textSchema, z.number().int().transform(String)])
    .optional()
    .describe('HubSpot’s id of the owner.'),
  properties: z
    .record(
      z.string(),
      z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string()).readonly()]),
    )
    .default({})
    .describe('Any further properties of the type by their internal names.'),
  associations: z
    .array(
      z.object({
        to: recordRefSchema,
        label: textSchema.optional().describe('A label as HubSpot shows it; absent for the default one.'),
      }),
    )
    .default([]),
});
export type EngagementInput = z.output<typeof engagementInputSchema>;

const KEY_PROPERTY = 'linchpin_key';

export const engagementOptionsSchema = z.strictObject({
  key_property: z
    .string()
    .regex(/^[a-z][a-z0-9_]*$/)
    .nullable()
    .default(KEY_PROPERTY)
    .describe(
      'The unique property that holds the key, created when HubSpot lacks it; null does without, and then a lost answer or a replay creates the engagement again.',
    ),
  create_label: z.boolean().default(false).describe('Creates a label that HubSpot lacks.'),
  wait_attempts: waitAttemptsSchema,
});
export type EngagementOptions = z.output<typeof engagementOptionsSchema>;

export type EngagementContext = DeliverContext<Settings, EngagementOptions>;

interface Shape {
  /** The object type. */
  readonly plural: string;
  readonly title: string | undefined;
  readonly body: string;
  /** What HubSpot asks for and an input may leave open. */
  readonly defaults: Readonly<Record<string, string>>;
}

/** Where HubSpot keeps what all engagements have in common (developers.hubspot.com, activities, read 2026-11). */
export const SHAPES: Readonly<Record<EngagementType, Shape>> = {
  note: { plural: 'notes', title: undefined, body: 'hs_note_body', defaults: {} },
  call: { plural: 'calls', title: 'hs_call_title', body: 'hs_call_body', defaults: {} },
  // EMAIL is one that was sent; a received one is INCOMING_EMAIL.
  email: {
    plural: 'emails',
    title: 'hs_email_subject',
    body: 'hs_email_text',
    defaults: { hs_email_direction: 'EMAIL' },
  },
  meeting: { plural: 'meetings', title: 'hs_meeting_title', body: 'hs_meeting_body', defaults: {} },
  task: {
    plural: 'tasks',
    title: 'hs_task_subject',
    body: 'hs_task_body',
    defaults: { hs_task_status: 'NOT_STARTED' },
  },
};

/** Every property that inputs have words of their own for. */
export const ENGAGEMENT_PROPERTIES: readonly string[] = [
  'hs_timestamp',
  'hs_meeting_start_time',
  'hubspot_owner_id',
  KEY_PROPERTY,
  ...Object.values(SHAPES).flatMap(({ title, body, defaults }) => [
    ...(title === undefined ? [] : [title]),
    body,
    ...Object.keys(defaults),
  ]),
];
