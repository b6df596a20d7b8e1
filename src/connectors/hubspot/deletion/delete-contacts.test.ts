import { expect, test } from 'vitest';
import type { Call, CallResponse } from '../../../kit/index.ts';
import { aCache, driveSteps } from '../../../../test/support/drive-steps.ts';
import { deleteContact } from '../actions/delete-contact.ts';
import { settingsSchema } from '../settings.ts';

const settings = settingsSchema.parse({ access_token: 'pat-na1-test' });
const answered = (status: number, body?: unknown): CallResponse => ({ status, headers: {}, body });

/** Contacts `1@x.io` to `9@x.io` have ids 1 to 9; nobody else is there. */
function answer({ path, body }: Call): CallResponse {
  const { inputs = [], objectId = '' } = body as { inputs?: { id: string }[]; objectId?: string };
  if (path.endsWith('/batch/read')) {
    const there = inputs.filter(({ id }) => /^[1-9]@/.test(id));
    return answered(200, { results: there.map(({ id }) => ({ id: id[0], properties: { email: id } })) });
  }
  if (path.endsWith('/batch/archive'))
    return inputs.some(({ id }) => Number(id) > 9)
      ? answered(400, { category: 'VALIDATION_ERROR', message: 'bad id' })
      : answered(204);
  return /^[1-9]$|@/.test(objectId) ? answered(204) : answered(404, { message: 'resource not found' });
}

function deliver(contacts: readonly object[], options: object) {
  const batch = contacts.map((contact, index) => ({
    input: deleteContact.input.parse({ contact }),
    traceId: `t${String(index)}`,
    attempt: 1,
  }));
  const context = { settings, options: deleteContact.options.parse(options), cache: aCache(), nowMs: 1 };
  return driveSteps(deleteContact.deliver(batch, context), answer);
}

const email = (value: string): object => ({ by: 'email', value });
const archive = { confirm: 'delete contacts' };
const gdpr = { mode: 'gdpr', confirm: 'delete contacts for good' };

test('contacts are archived in one call, and who is not there is skipped', () => {
  const { result, calls } = deliver([email('1@x.io'), email('nobody@x.io'), { by: 'id', value: 2 }], archive);
  expect(result).toEqual([
    { kind: 'delivered', remoteId: '1' },
    { kind: 'skipped', reason: 'HubSpot has no such contact.' },
    { kind: 'delivered', remoteId: '2' },
  ]);
  expect(calls.at(-1)?.body).toEqual({ inputs: [{ id: '1' }, { id: '2' }] });
});

test('one contact that HubSpot refuses to archive costs no other', () => {
  const ids = [1, 99, 3].map((value) => ({ by: 'id', value }));
  expect(deliver(ids, archive).result.map(({ kind }) => kind)).toEqual([
    'delivered',
    'rejected',
    'delivered',
  ]);
});

test('deleted for good, an unknown address is blocked all the same, an unknown id skipped', () => {
  const { result, calls } = deliver(
    [email('New@x.io'), { by: 'id', value: 77 }, { by: 'id', value: 3 }],
    gdpr,
  );
  expect(result.map(({ kind }) => kind)).toEqual(['delivered', 'skipped', 'delivered']);
  expect(calls.map(({ body }) => body)).toEqual([
    { objectId: 'new@x.io', idProperty: 'email' },
    { objectId: '77' },
    { objectId: '3' },
  ]);
});

test.each([
  ['nothing', {}],
  ['the words for the other mode', { ...gdpr, confirm: archive.confirm }],
  ['true', { confirm: true }],
])('a flow that confirms with %s is refused', (_, options) => {
  expect(deleteContact.options.safeParse(options).success).toBe(false);
});
