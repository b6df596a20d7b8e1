import type { Outcome } from '../../../kernel/outcome.ts';
import { defineAction } from '../../../kit/index.ts';
import type { Item } from '../../../kit/index.ts';
import { coalesceRecords, yieldRecord } from '../records/coalesce.ts';
import { contactInputSchema, contactKeys, contactOptionsSchema } from '../records/contact-input.ts';
import type { ContactInput } from '../records/contact-input.ts';
import { isEmail } from '../records/email.ts';
import { needsNoCall } from '../records/needs-no-call.ts';
import { refKey } from '../records/record-ref.ts';
import { upsertRecords } from '../records/upsert-records.ts';
import type { Subject } from '../records/draft.ts';
import type { Settings } from '../settings.ts';

const TYPE = 'contacts';

export const upsertContact = defineAction<Settings>()({
  id: 'upsert-contact',
  title: 'Create or update a contact',
  summary:
    'Finds the contact by any of its e-mail addresses, a unique property or its id, and sets its properties; creates it when there is none.',
  input: contactInputSchema,
  options: contactOptionsSchema,
  orderKey: (input) => {
    const [key] = contactKeys(input);
    return key === undefined ? '' : refKey({ ...key, type: TYPE });
  },
  // 100 is HubSpot's cap for batches of objects. A quarter of a second fills batches under load; calls, not
  // time, are what is scarce.
  batch: { maxItems: 100, lingerMs: 250 },
  coalesce: coalesceRecords,
  yieldTo: yieldRecord,
  needsNoCall: (input, context) => needsNoCall(toSubject({ input, traceId: '', attempt: 1 }), context),
  deliver: (batch, context) => upsertRecords(batch.map(toSubject), context),
});

function toSubject(item: Item<ContactInput>): Subject {
  const { email } = item.input;
  return email === undefined || isEmail(email.trim())
    ? { type: TYPE, item, keys: contactKeys(item.input) }
    : { item, refused: NO_EMAIL };
}

const NO_EMAIL: Outcome = {
  kind: 'rejected',
  fault: { code: 'hubspot.INVALID_EMAIL', message: 'The e-mail address has no form that HubSpot accepts.' },
};
