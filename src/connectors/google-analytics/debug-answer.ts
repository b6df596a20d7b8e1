import { z } from 'zod';

const answerSchema = z.object({
  validationMessages: z.array(
    z.object({
      fieldPath: z.string().optional(),
      description: z.string(),
      validationCode: z.string(),
    }),
  ),
});

export type DebugMessage = z.output<typeof answerSchema>['validationMessages'][number];

/** What the debug endpoint found; `undefined` for an answer that is none of it. */
export function readDebugAnswer(body: unknown): readonly DebugMessage[] | undefined {
  return answerSchema.safeParse(body).data?.validationMessages;
}

/** One line for a human. The vendor's own descriptions quote values, so a fault names field and code alone. */
export function sayWithoutValues({ fieldPath = '', validationCode }: DebugMessage): string {
  return `${fieldPath === '' ? 'the hit' : fieldPath}: ${validationCode}`;
}
