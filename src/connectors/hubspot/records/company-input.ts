import { z } from 'zod';
import { recordInputShape } from './record-input.ts';
import { recordOptionsShape } from './record-options.ts';
import { normaliseKey, recordKeySchema } from './record-ref.ts';
import type { RecordKey } from './record-ref.ts';

export const companyInputSchema = z
  .object({
    domain: z.string().optional().describe('Identifies the company, as its primary or a further domain.'),
    key: recordKeySchema
      .optional()
      .describe('Identifies the company instead: a unique property, or `id`. Beats the domain.'),
    ...recordInputShape,
  })
  .refine(({ domain, key }) => domain !== undefined || key !== undefined, 'needs a domain or a key');
export type CompanyInput = z.output<typeof companyInputSchema>;

export const companyOptionsSchema = z.strictObject({
  ...recordOptionsShape,
  domain_property: z
    .string()
    .regex(/^[a-z][a-z0-9_]*$/)
    .nullable()
    .default('linchpin_domain')
    .describe(
      'A hidden unique property that is created to hold the domain, so that HubSpot itself refuses a second company for it. null does without, at the price named in the README.',
    ),
  further_domains: z
    .boolean()
    .default(true)
    .describe(
      'Whether a company is also looked for by its further domains: a search for every five companies that are not found otherwise, of five a second that HubSpot allows.',
    ),
});
export type CompanyOptions = z.output<typeof companyOptionsSchema>;

/** What a company is found by: the key, which is exact, before the domain, which is not. */
export function companyKey({ domain, key }: Pick<CompanyInput, 'domain' | 'key'>): RecordKey {
  return normaliseKey(key ?? { by: 'domain', value: domain ?? '' });
}
