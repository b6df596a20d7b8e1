import { expect, test } from 'vitest';
import { aCache } from '../../../test/support/drive-steps.ts';
import type { AnyAction, Call } from '../../kit/index.ts';
import { addToList } from './actions/add-to-list.ts';
import { createEngagement } from './actions/create-engagement.ts';
import { deleteContact } from './actions/delete-contact.ts';
import { sendEvent } from './actions/send-event.ts';
import { submitForm } from './actions/submit-form.ts';
import { assume } from './assume.ts';
import { API_VERSIONS, settingsSchema } from './settings.ts';
import type { ApiVersion } from './settings.ts';

/** The last call that a preview comes to, without any answer from HubSpot. */
function lastCall(action: AnyAction, version: ApiVersion, given: object): Call | undefined {
  const input = action.input.parse(given);
  const steps = action.deliver([{ input, traceId: 't', attempt: 1 }], {
    settings: settingsSchema.parse({ access_token: 'pat-na1-test', api_version: version }),
    options: action.options.parse(action === deleteContact ? { confirm: 'delete contacts' } : {}),
    cache: aCache(),
    nowMs: 1_790_000_000_000,
  });
  let step = steps.next();
  let last: Call | undefined;
  while (step.done !== true) {
    if (step.value.kind !== 'call') {
      step = steps.next({ kind: 'claimed', waited: false });
      continue;
    }
    last = step.value;
    const answer = assume(last, input);
    if (answer === undefined) return last;
    step = steps.next(answer);
  }
  return last;
}

const id = { type: 'contacts', by: 'id', value: '1' };

test.each(API_VERSIONS)('a preview on %s comes as far as what is written', (version) => {
  const event = { event: 'Order Completed', email: 'a@x.io', properties: { 'Order Id': '007' } };
  expect(lastCall(sendEvent, version, event)?.body).toMatchObject({
    inputs: [{ properties: { order_id: '007' } }],
  });
  expect(lastCall(addToList, version, { list: { name: 'VIP' }, member: id })).toMatchObject({
    method: 'PUT',
    body: ['1'],
  });
  const byAddress = { type: 'contacts', by: 'email', value: 'Ada@x.io' };
  expect(lastCall(addToList, version, { list: { name: 'VIP' }, member: byAddress })?.method).toBe('PUT');
  const deletion = lastCall(deleteContact, version, { contact: { by: 'email', value: 'ada@x.io' } });
  expect(deletion?.path).toContain('archive');
  const note = { type: 'note', key: 'k', occurred_at: '2026-11-01T10:00:00Z', body: 'B' };
  expect(lastCall(createEngagement, version, { ...note, associations: [{ to: id }] })?.body).toMatchObject({
    inputs: [{ properties: { hs_note_body: 'B', linchpin_key: 'k' } }],
  });
  expect(lastCall(submitForm, version, { form_id: 'guid', fields: { email: 'a@x.io' } })).toMatchObject({
    base: 'forms',
  });
});
