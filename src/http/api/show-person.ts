import { z } from 'zod';
import { tellPerson } from '../../delivery/index.ts';
import { LinchpinError } from '../../kernel/errors.ts';
import { deadLetterSchema, eventSchema, faultSchema, parkedSchema, standingSchema } from './answers.ts';
import { defineRoute } from './route.ts';
import { toJson } from './show-dead-letter.ts';
import { parkedToJson } from './show-delivery.ts';

// Each event is matched against every flow.
const EVENTS_MAX = 200;
const EVENTS_DEFAULT = 20;

export const showPersonRoute = defineRoute({
  method: 'GET',
  path: '/api/people/{key}',
  id: 'showPerson',
  summary: "What became of a person's events across connections",
  params: z.object({ key: z.string().min(1) }),
  query: z.strictObject({
    limit: z.coerce.number().int().min(1).max(EVENTS_MAX).default(EVENTS_DEFAULT).describe('Newest events.'),
  }),
  answer: z.object({
    personKeys: z.array(z.string()),
    keysSeen: z.array(z.object({ kind: z.enum(['user id', 'email', 'anonymous id']), value: z.string() })),
    events: z.array(
      z.object({
        event: eventSchema,
        flows: z.array(z.object({ connection: z.string(), flow: z.string(), standing: standingSchema })),
      }),
    ),
    connections: z.array(
      z.object({
        connection: z.string(),
        suspended: faultSchema.nullable(),
        latest: z.object({ eventId: z.string(), flow: z.string(), standing: standingSchema }).nullable(),
        parkedCount: z.number().int(),
        deadCount: z.number().int(),
      }),
    ),
    parked: z.array(parkedSchema),
    deadLetters: z.array(deadLetterSchema),
  }),
  run: async ({ pool, workspace }, { params: { key }, query: { limit } }) => {
    const story = await tellPerson(pool, workspace, key, limit);
    if (story === undefined) {
      throw new LinchpinError('delivery.person_unknown', {
        message: `No event is filed under ${key}.`,
        field: 'path.key',
      });
    }
    return { ...story, parked: story.parked.map(parkedToJson), deadLetters: story.deadLetters.map(toJson) };
  },
});
