import { z } from 'zod';
import type { DeliverContext } from '../../../kit/index.ts';
import { recordKeySchema } from '../records/record-ref.ts';
import type { Settings } from '../settings.ts';

export const deletionInputSchema = z.object({ contact: recordKeySchema });
export type DeletionInput = z.output<typeof deletionInputSchema>;

/** What a flow must write out, so that nobody deletes by a slip. */
const PHRASES = { archive: 'delete contacts', gdpr: 'delete contacts for good' } as const;

export const deletionOptionsSchema = z
  .strictObject({
    mode: z
      .enum(['archive', 'gdpr'])
      .default('archive')
      .describe(
        '`archive` can be undone in HubSpot for 90 days; `gdpr` cannot: it wipes the contact and blocks its addresses.',
      ),
    confirm: z
      .string()
      .describe(
        `"${PHRASES.archive}" for archive, "${PHRASES.gdpr}" for gdpr: without it the flow is refused.`,
      ),
  })
  .superRefine(({ mode, confirm }, context) => {
    if (confirm === PHRASES[mode]) return;
    context.addIssue({ code: 'custom', path: ['confirm'], message: `must be exactly "${PHRASES[mode]}"` });
  });
export type DeletionOptions = z.output<typeof deletionOptionsSchema>;

export type DeletionContext = DeliverContext<Settings, DeletionOptions>;
