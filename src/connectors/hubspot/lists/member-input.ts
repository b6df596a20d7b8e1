import { z } from 'zod';
import { recordRefSchema } from '../records/record-ref.ts';
import { waitAttemptsSchema } from '../wait-for-record.ts';

export const memberInputSchema = z.object({
  list: z
    .object({
      id: z.union([z.string().trim().min(1), z.number().int().transform(String)]).optional(),
      name: z.string().trim().min(1).optional(),
    })
    .refine(({ id, name }) => (id === undefined) !== (name === undefined), 'give either id or name')
    .describe('The list by its id, or by its name among the lists of the member’s object type.'),
  member: recordRefSchema,
  is_member: z
    .boolean()
    .optional()
    .describe(
      'True adds, false removes, whichever the action: a flow for both keeps their order. Absent: as the action is called.',
    ),
});
export type MemberInput = z.output<typeof memberInputSchema>;

export const memberOptionsSchema = z.strictObject({
  create: z
    .boolean()
    .default(false)
    .describe('Creates a static list of the given name when HubSpot has none.'),
  wait_attempts: waitAttemptsSchema,
});
export type MemberOptions = z.output<typeof memberOptionsSchema>;

/** A text that is the same for inputs about one list. */
export function listKey({ list, member }: MemberInput): string {
  return list.id === undefined ? `${member.type} ${(list.name ?? '').toLowerCase()}` : `#${list.id}`;
}
