import { z } from 'zod';
import { tellStory } from '../../delivery/index.ts';
import { LinchpinError } from '../../kernel/errors.ts';
import {
  attemptSchema,
  deadLetterSchema,
  eventSchema,
  exchangeSchema,
  parkedSchema,
  standingSchema,
  timeSchema,
} from './answers.ts';
import { defineRoute } from './route.ts';
import { toJson } from './show-dead-letter.ts';

export const showDeliveryRoute = defineRoute({
  method: 'GET',
  path: '/api/deliveries/{eventId}',
  id: 'showDelivery',
  summary: 'The whole story of one event',
  params: z.object({ eventId: z.string().min(1) }),
  answer: z.object({
    event: eventSchema,
    duplicates: z
      .object({
        count: z.number().int(),
        first: z.array(z.object({ source: z.string(), receivedAt: timeSchema })),
      })
      .describe('How often the same message came again and was dropped.'),
    flows: z.array(
      z.object({
        connection: z.string(),
        flow: z.string(),
        action: z.string(),
        decision: z.enum(['input', 'skip', 'failed', 'not matched', 'not configured']),
        reason: z.string().optional().describe('Why there is no input: the very condition that fails.'),
        input: z.unknown().optional().describe('What the flow makes of the event today.'),
        notes: z.array(z.string()).optional(),
        standing: standingSchema,
      }),
    ),
    attempts: z.array(
      attemptSchema.extend({
        marks: z.array(z.string()).describe("What tells the event's input from others in a body."),
        exchanges: z.array(
          exchangeSchema.extend({
            holdsEvent: z.boolean().describe('False when the part of this event was cut away.'),
          }),
        ),
      }),
    ),
    parked: z.array(parkedSchema),
    deadLetters: z.array(deadLetterSchema),
  }),
  run: async ({ pool, workspace }, { params: { eventId } }) => {
    const story = await tellStory(pool, workspace, eventId);
    if (story === undefined) {
      throw new LinchpinError('delivery.event_unknown', {
        message: `The log holds no event ${eventId}.`,
        field: 'path.eventId',
      });
    }
    return { ...story, parked: story.parked.map(parkedToJson), deadLetters: story.deadLetters.map(toJson) };
  },
});

/** PostgreSQL writes times with a blank and a short zone. */
export function parkedToJson<
  Row extends { readonly input: string; readonly dueAt: string | null; readonly headDueAt: string | null },
>(row: Row) {
  const iso = (time: string | null): string | null => (time === null ? null : new Date(time).toISOString());
  return { ...toJson(row), dueAt: iso(row.dueAt), headDueAt: iso(row.headDueAt) };
}
