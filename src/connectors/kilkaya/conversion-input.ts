import { z } from 'zod';
import { USER_AGENT_FIELD } from '../../subscribers/index.ts';
import { headerText } from './settings.ts';

const text = z.string().trim().min(1);

/** An address of a page, as a browser could be on it. */
export const pageUrl = z.url({ protocol: /^https?$/ });

export const conversionInputSchema = z.object({
  checkout_id: text.describe('Each checkout is counted once, whatever is replayed.'),
  tags: z.array(text).default([]),
  url: pageUrl
    .optional()
    .describe('The page of the conversion; default_domain of the connection when absent.'),
  referrer: pageUrl.optional(),
  user_agent: headerText.optional().describe("The buyer's browser string."),
});
export type ConversionInput = z.output<typeof conversionInputSchema>;

export const conversionOptionsSchema = z.object({
  user_agent_from: text
    .default(USER_AGENT_FIELD)
    .describe(
      "The field of the checkout's metadata that holds the buyer's browser string, when the platform does not tell it.",
    ),
});
