/** Schemas that several answers share, as they stand in JSON. */
import { z } from 'zod';

export const timeSchema = z.iso.datetime();

export const faultSchema = z.object({
  code: z.string(),
  message: z.string(),
  status: z.number().optional(),
  requestId: z.string().optional().describe("The vendor's own id of the exchange."),
});

export const deadLetterSchema = z
  .object({
    id: z.number().int(),
    connection: z.string(),
    flow: z.string(),
    action: z.string(),
    orderKey: z
      .string()
      .describe('Inputs of one key never overtake each other; empty when there is no input.'),
    slot: z.number().int(),
    position: z.number().int().describe('Where its event stands in the log.'),
    eventId: z.string(),
    eventType: z.string(),
    input: z
      .unknown()
      .describe(
        'What was to be sent, in the form of the action; null when the mapping failed, which leaves only `remap`.',
      ),
    attemptCount: z.number().int(),
    fault: faultSchema,
    status: z.enum(['open', 'retried', 'discarded']),
    diedAt: timeSchema,
    closedAt: timeSchema.nullable(),
    closedReason: z.string().nullable(),
  })
  .meta({ id: 'DeadLetter' });

export const exchangeSchema = z
  .object({
    method: z.string(),
    url: z.string(),
    requestBody: z.string().describe('Secrets redacted; of more than 20,000 bytes the beginning only.'),
    status: z.number().int().optional(),
    responseHeaders: z.record(z.string(), z.string()).optional(),
    responseBody: z.string().optional(),
    error: z.string().optional().describe('Why no answer came.'),
    startedAt: timeSchema,
    durationMs: z.number(),
  })
  .meta({ id: 'Exchange' });

export const standingSchema = z
  .looseObject({
    kind: z.enum([
      'delivered',
      'skipped',
      'parked',
      'dead',
      'discarded',
      'refused',
      'waiting',
      'not matched',
      'passed',
    ]),
  })
  .describe('Where the event stands for the flow; what else there is to say depends on the kind.')
  .meta({ id: 'Standing' });

export const eventSchema = z
  .object({
    id: z.string(),
    source: z.string(),
    type: z.string(),
    name: z.string().nullable(),
    personKey: z.string(),
    occurredAt: timeSchema,
    receivedAt: timeSchema,
    position: z.number().int(),
    payload: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'Event' });

export const parkedSchema = z
  .looseObject({
    connection: z.string(),
    flow: z.string(),
    action: z.string(),
    position: z.number().int(),
    eventId: z.string(),
    attemptCount: z.number().int(),
    dueAt: timeSchema.nullable().describe('Null for one that waits behind another of its key.'),
    fault: faultSchema.nullable(),
  })
  .meta({ id: 'Parked' });

export const attemptSchema = z
  .looseObject({
    id: z.number().int(),
    connection: z.string(),
    flow: z.string(),
    action: z.string(),
    startedAt: timeSchema,
    durationMs: z.number().int(),
    deliveredCount: z.number().int(),
    skippedCount: z.number().int(),
    retryCount: z.number().int(),
    rejectedCount: z.number().int(),
    items: z.array(
      z.looseObject({
        position: z.number().int(),
        eventId: z.string(),
        attempt: z.number().int(),
        outcome: z.enum(['delivered', 'skipped', 'deferred', 'retry', 'rejected', 'suspended']),
      }),
    ),
  })
  .meta({ id: 'Attempt' });
