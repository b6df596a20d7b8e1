import { z } from 'zod';
import { defineAction } from '../../../kit/index.ts';
import { associateRecords } from '../associations/associate-records.ts';
import { recordRefSchema, refKey } from '../records/record-ref.ts';
import { isPrimary } from '../associations/label-types.ts';
import type { Settings } from '../settings.ts';
import { waitAttemptsSchema } from '../wait-for-record.ts';

const inputSchema = z.object({
  from: recordRefSchema,
  to: recordRefSchema,
  label: z
    .string()
    .optional()
    .describe('A label as HubSpot shows it; `Primary` makes the company the primary one. Absent: no label.'),
});

const optionsSchema = z.strictObject({
  create_label: z.boolean().default(false).describe('Creates a label that HubSpot lacks.'),
  inverse_label: z
    .string()
    .optional()
    .describe('What a label that is created is called in the other direction; the same when absent.'),
  wait_attempts: waitAttemptsSchema,
});

export const associate = defineAction<Settings>()({
  id: 'associate',
  title: 'Associate two records',
  summary:
    'Links two records, with or without a label; waits for one that is not there yet, then gives up with the reason.',
  input: inputSchema,
  options: optionsSchema,
  // Links of different pairs do not touch each other and may share a call; but a record has one primary company, and
  // the last word on it must stay the last.
  orderKey: ({ from, to, label }) =>
    isPrimary(label) ? `${refKey(from)} primary ${to.type}` : `${refKey(from)} ${refKey(to)}`,
  // HubSpot's cap for batches of associations. A quarter of a second fills batches under load, as for contacts.
  batch: { maxItems: 2_000, lingerMs: 250 },
  deliver: associateRecords,
});
