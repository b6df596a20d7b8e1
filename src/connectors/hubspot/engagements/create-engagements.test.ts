import { beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '../../../kernel/json.ts';
import type { Call, CallResponse } from '../../../kit/index.ts';
import { aCache, driveSteps } from '../../../../test/support/drive-steps.ts';
import { createEngagement } from '../actions/create-engagement.ts';
import { settingsSchema } from '../settings.ts';

interface Input {
  readonly id: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly objectWriteTraceId: string;
}

const settings = settingsSchema.parse({ access_token: 'pat-na1-test' });
const text = (name: string): JsonObject => ({ name, type: 'string', fieldType: 'text' });
const KEY = { ...text('linchpin_key'), hasUniqueValue: true };
let properties: JsonObject[];
let records: Map<string, { id: string; properties: Readonly<Record<string, string>>; associations: unknown }>;
let cache: ReturnType<typeof aCache>;
let onCall: (call: Call) => CallResponse | undefined;

beforeEach(() => {
  properties = [
    KEY,
    { name: 'hs_timestamp', type: 'datetime', fieldType: 'date' },
    ...['hs_note_body', 'hs_task_subject', 'hs_task_status', 'hubspot_owner_id'].map(text),
  ];
  records = new Map();
  cache = aCache();
  onCall = () => undefined;
});

const answered = (status: number, body: unknown): CallResponse => ({ status, headers: {}, body });
const inputsOf = ({ body }: Call): readonly Input[] => (body as unknown as { inputs: Input[] }).inputs;

/** Engagements by key; contacts `1@x.io` to `9@x.io` have ids 1 to 9. */
function answer(call: Call): CallResponse {
  const scripted = onCall(call);
  if (scripted !== undefined) return scripted;
  const { method, path } = call;
  if (path.includes('/properties/')) {
    if (method === 'POST' && !path.endsWith('/groups')) properties.push(call.body as JsonObject);
    return answered(200, method === 'GET' ? { results: properties } : call.body);
  }
  if (path.endsWith('/contacts/batch/read')) {
    const results = inputsOf(call).filter(({ id }) => /^[1-9]@/.test(id));
    return answered(200, { results: results.map(({ id }) => ({ id: id[0], properties: { email: id } })) });
  }
  if (path.endsWith('/batch/read')) {
    const results = inputsOf(call).flatMap(({ id }) => records.get(id) ?? []);
    return answered(200, { results });
  }
  const inputs = inputsOf(call);
  if (inputs.some((input) => records.has(input.properties['linchpin_key'] ?? '')))
    return answered(400, {
      category: 'VALIDATION_ERROR',
      message: 'Cannot set x on 5. 6 already has that value.',
    });
  const results = inputs.map((input) => {
    const record = { ...input, id: String(100 + records.size), associations: [] };
    records.set(input.properties['linchpin_key'] ?? record.id, record);
    return { id: record.id, properties: input.properties, objectWriteTraceId: input.objectWriteTraceId };
  });
  return answered(201, { status: 'COMPLETE', results });
}

function deliver(inputs: readonly object[], { options = {}, attempt = 1 } = {}) {
  const batch = inputs.map((input, index) => ({
    input: createEngagement.input.parse({
      type: 'note',
      key: 'k1',
      occurred_at: '2026-11-01T10:00:00Z',
      ...input,
    }),
    traceId: `t${String(index)}`,
    attempt,
  }));
  const context = {
    settings,
    options: createEngagement.options.parse(options),
    cache,
    nowMs: 1_790_000_000_000,
  };
  return driveSteps(createEngagement.deliver(batch, context), answer);
}

const ends = (calls: readonly Call[]): string[] => calls.map(({ path }) => path.replace(/^.*2026-09/, ''));
const toContact = (email: string): object => ({ to: { type: 'contact', by: 'email', value: email } });

test('a note is created with its associations in one call', () => {
  deliver([{ key: 'warm up' }]);
  const input = { body: 'Called back', owner_id: 7, associations: [toContact('1@x.io')] };
  const { result, calls } = deliver([input]);
  expect(result).toEqual([{ kind: 'delivered', remoteId: '101' }]);
  expect(ends(calls)).toEqual(['/contacts/batch/read', '/notes/batch/create']);
  expect(inputsOf(calls[1] as Call)).toEqual([
    {
      properties: {
        hs_timestamp: '2026-11-01T10:00:00.000Z',
        hs_note_body: 'Called back',
        hubspot_owner_id: '7',
        linchpin_key: 'k1',
      },
      associations: [
        { to: { id: '1' }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 202 }] },
      ],
      objectWriteTraceId: 't0',
    },
  ]);
});

test('engagements of different types take a call each', () => {
  const { result, calls } = deliver([{}, { type: 'task', title: 'Call' }]);
  expect(result.map(({ kind }) => kind)).toEqual(['delivered', 'delivered']);
  expect(ends(calls).filter((path) => path.endsWith('/create'))).toEqual([
    '/notes/batch/create',
    '/tasks/batch/create',
  ]);
});

test('a replay finds what it created before, in one read, and leaves it as it is', () => {
  deliver([{ key: 'k1', body: 'first' }, { key: 'k2' }]);
  const { result, calls } = deliver([{ key: 'k1', body: 'again' }, { key: 'k2' }, { key: 'k3' }]);
  expect(result).toEqual([
    { kind: 'delivered', remoteId: '100', notes: ['created before'] },
    { kind: 'delivered', remoteId: '101', notes: ['created before'] },
    { kind: 'delivered', remoteId: '102' },
  ]);
  expect(ends(calls)).toEqual(['/notes/batch/create', '/notes/batch/read', '/notes/batch/create']);
  expect(records.get('k1')?.properties).toMatchObject({ hs_note_body: 'first' });
});

test('a second attempt looks first, because the answer to the first may have been lost', () => {
  deliver([{}]);
  expect(ends(deliver([{}], { attempt: 2 }).calls)).toEqual(['/notes/batch/read']);
});

test('the property for keys is created once; refused, it suspends rather than create doubles', () => {
  properties = properties.filter((property) => property !== KEY);
  onCall = ({ method, path }) =>
    method === 'POST' && path.endsWith('/properties/2026-09/notes')
      ? answered(400, { category: 'VALIDATION_ERROR', message: 'limit' })
      : undefined;
  expect(deliver([{}]).result).toMatchObject([{ kind: 'suspended' }]);
  expect(deliver([{}], { options: { key_property: null } }).result).toMatchObject([{ kind: 'delivered' }]);
  onCall = () => undefined;
  expect(deliver([{}]).result).toMatchObject([{ kind: 'delivered' }]);
  expect(properties.at(-1)).toMatchObject({ name: 'linchpin_key', hasUniqueValue: true });
});

test('a record that it belongs to is waited for, and costs no other engagement', () => {
  const { result } = deliver([{ associations: [toContact('nobody@x.io')] }, { key: 'k2' }]);
  expect(result).toMatchObject([
    { kind: 'retry', fault: { code: 'hubspot.record_missing' } },
    { kind: 'delivered' },
  ]);
});

test('a row error is that engagement only, and a 2xx without one is its refusal', () => {
  onCall = (call) => {
    if (!call.path.endsWith('/batch/create')) return undefined;
    const errors = [{ category: 'VALIDATION_ERROR', message: 'no', context: { objectWriteTraceId: ['t1'] } }];
    const results = [{ id: '1', properties: {}, objectWriteTraceId: 't0' }];
    return answered(200, { results, numErrors: 1, errors });
  };
  expect(deliver([{ key: 'a' }, { key: 'b' }, { key: 'c' }]).result).toMatchObject([
    { kind: 'delivered', remoteId: '1' },
    { kind: 'rejected', fault: { code: 'hubspot.VALIDATION_ERROR' } },
    { kind: 'rejected', fault: { code: 'hubspot.item_missing' } },
  ]);
});

test('what HubSpot does not know is left out and named', () => {
  const { result } = deliver([{ title: 'T', properties: { shoe_size: 43 } }]);
  expect(result).toMatchObject([
    { notes: ['Left out, which a note does not have: title.', 'Left out, unknown to HubSpot: shoe_size.'] },
  ]);
});

test('the default association with a custom object is looked up', () => {
  onCall = ({ path }) =>
    path.endsWith('/labels')
      ? answered(200, { results: [{ category: 'USER_DEFINED', typeId: 61, label: null }] })
      : undefined;
  const { calls } = deliver([{ associations: [{ to: { type: '2-7', by: 'id', value: 3 } }] }]);
  expect(inputsOf(calls.at(-1) as Call)).toMatchObject([
    { associations: [{ types: [{ associationCategory: 'USER_DEFINED', associationTypeId: 61 }] }] },
  ]);
});
