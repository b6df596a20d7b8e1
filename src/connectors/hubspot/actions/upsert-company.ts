import type { Outcome } from '../../../kernel/outcome.ts';
import { defineAction } from '../../../kit/index.ts';
import type { Item } from '../../../kit/index.ts';
import { coalesceRecords, yieldRecord } from '../records/coalesce.ts';
import { companyInputSchema, companyKey, companyOptionsSchema } from '../records/company-input.ts';
import type { CompanyInput } from '../records/company-input.ts';
import { needsNoCall } from '../records/needs-no-call.ts';
import { refKey } from '../records/record-ref.ts';
import { upsertRecords } from '../records/upsert-records.ts';
import type { Subject } from '../records/draft.ts';
import type { Settings } from '../settings.ts';

const TYPE = 'companies';

export const upsertCompany = defineAction<Settings>()({
  id: 'upsert-company',
  title: 'Create or update a company',
  summary:
    'Finds the company by its domain, a unique property or its id, and sets its properties; creates it when there is none.',
  input: companyInputSchema,
  options: companyOptionsSchema,
  orderKey: (input) => refKey({ ...companyKey(input), type: TYPE }),
  // As for contacts.
  batch: { maxItems: 100, lingerMs: 250 },
  coalesce: coalesceRecords,
  yieldTo: yieldRecord,
  needsNoCall: (input, context) => needsNoCall(toSubject({ input, traceId: '', attempt: 1 }), context),
  deliver: (batch, context) => upsertRecords(batch.map(toSubject), context),
});

function toSubject(item: Item<CompanyInput>): Subject {
  const key = companyKey(item.input);
  return key.by === 'domain' && !DOMAIN.test(key.value)
    ? { item, refused: NO_DOMAIN }
    : { type: TYPE, item, keys: [key] };
}

// A host name with a dot, in letters, digits and hyphens of any script; no address, port or path.
const DOMAIN = /^[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+$/u;

const NO_DOMAIN: Outcome = {
  kind: 'rejected',
  fault: { code: 'hubspot.invalid_domain', message: 'The domain is no host name, such as example.com.' },
};
