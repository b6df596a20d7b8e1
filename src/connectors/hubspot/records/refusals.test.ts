import { beforeEach, expect, test } from 'vitest';
import type { Call, CallResponse } from '../../../kit/index.ts';
import { aCache, driveSteps } from '../../../../test/support/drive-steps.ts';
import { HubspotModel } from '../../../../test/support/hubspot-model.ts';
import { upsertContact } from '../actions/upsert-contact.ts';
import { settingsSchema } from '../settings.ts';
import { contactOptionsSchema } from './contact-input.ts';

const settings = settingsSchema.parse({ access_token: 'pat-na1-test' });
let model: HubspotModel;
let cache: ReturnType<typeof aCache>;
let nowMs: number;

beforeEach(() => {
  model = new HubspotModel();
  cache = aCache();
  nowMs = 1_790_000_000_000;
});

interface Written {
  readonly id: string;
  readonly objectWriteTraceId: string;
  readonly properties: Readonly<Record<string, string>>;
}

function deliver(plans: Readonly<Record<string, string>>) {
  const batch = Object.entries(plans).map(([email, plan]) => ({
    input: { email, properties: { plan } },
    traceId: `t-${email}`,
    attempt: 1,
  }));
  const context = { settings, options: contactOptionsSchema.parse({}), cache, nowMs };
  model.calls.length = 0;
  return driveSteps(upsertContact.deliver(batch, context), model.answer);
}

function inputsOf({ body }: Call): readonly Written[] {
  return (body as unknown as { inputs: Written[] }).inputs;
}

function on(
  kind: 'upsert' | 'update',
  answer: (inputs: readonly Written[]) => CallResponse | undefined,
): void {
  model.onCall = (call) => (call.path.endsWith(`/batch/${kind}`) ? answer(inputsOf(call)) : undefined);
}

const answered = (status: number, body: unknown): CallResponse => ({ status, headers: {}, body });
const written = ({ objectWriteTraceId }: Written, id: string) => ({ id, properties: {}, objectWriteTraceId });

test.each([200, 207])('one bad row of a %i costs one record', (status) => {
  on('upsert', ([good, bad]) =>
    answered(status, {
      results: good === undefined ? [] : [written(good, '7')],
      numErrors: 1,
      errors: [
        {
          status: 'error',
          category: 'VALIDATION_ERROR',
          message: 'Property value "secret" is not a valid email',
          context: { objectWriteTraceId: [bad?.objectWriteTraceId] },
        },
      ],
    }),
  );
  const { result } = deliver({ 'a@x.io': 'gold', 'b@x.io': 'gold' });
  expect(result).toEqual([
    { kind: 'delivered', remoteId: '7' },
    {
      kind: 'rejected',
      fault: { code: 'hubspot.VALIDATION_ERROR', message: 'HubSpot refused: VALIDATION_ERROR.' },
    },
  ]);
});

test('a whole call refused for one record is halved until that record stands alone', () => {
  on('upsert', (inputs) =>
    inputs.some(({ id }) => id === 'c@x.io')
      ? answered(400, { category: 'VALIDATION_ERROR', message: 'broken: "c@x.io"', correlationId: 'cid' })
      : undefined,
  );
  const { result, calls } = deliver({ 'a@x.io': '1', 'b@x.io': '2', 'c@x.io': '3', 'd@x.io': '4' });
  expect(result.map(({ kind }) => kind)).toEqual(['delivered', 'delivered', 'rejected', 'delivered']);
  expect(result[2]).toMatchObject({ fault: { requestId: 'cid', status: 400 } });
  expect(JSON.stringify(result)).not.toContain('c@x.io');
  expect(calls.filter(({ path }) => path.endsWith('/batch/read'))).toHaveLength(1);
});

test('a 2xx without the record is a refusal of the record', () => {
  on('upsert', ([first]) =>
    answered(200, { status: 'COMPLETE', results: first === undefined ? [] : [written(first, '7')] }),
  );
  expect(deliver({ 'a@x.io': '1', 'b@x.io': '2' }).result).toMatchObject([
    { kind: 'delivered' },
    { kind: 'rejected', fault: { code: 'hubspot.item_missing' } },
  ]);
});

test.each([
  [
    'a unique value held by another record',
    400,
    {
      category: 'VALIDATION_ERROR',
      message:
        'Cannot set PropertyValueCoordinates{portalId=1, objectTypeId=ObjectTypeId{legacyObjectType=CONTACT}, propertyName=email, value=b@x.io} on 555. 1000 already has that value.',
    },
  ],
  [
    'a conflict with an existing record',
    409,
    { category: 'CONFLICT', message: 'Contact already exists. Existing ID: 1000' },
  ],
])('%s leads to that record, whose addresses stay', (_, status, body) => {
  model.add({ email: 'a@x.io' });
  on('upsert', () => answered(status, body));
  expect(deliver({ 'b@x.io': 'gold' }).result).toEqual([{ kind: 'delivered', remoteId: '1000' }]);
  expect(model.contacts).toEqual([{ id: '1000', properties: { email: 'a@x.io', plan: 'gold' } }]);
});

test('a holder that vanishes meanwhile is left to a later attempt', () => {
  on('upsert', () =>
    answered(409, { category: 'CONFLICT', message: 'Contact already exists. Existing ID: 4' }),
  );
  expect(deliver({ 'b@x.io': 'gold' }).result).toMatchObject([
    { kind: 'retry', fault: { code: 'hubspot.identity_unsettled' } },
  ]);
});

test('a property that has gone since the catalogue was read is left out at the next attempt', () => {
  deliver({ 'a@x.io': 'gold', 'b@x.io': 'gold' });
  nowMs += 60_000;
  model.properties = model.properties.filter((property) => !('name' in property && property.name === 'plan'));
  on('update', (inputs) =>
    inputs.some(({ properties }) => 'plan' in properties)
      ? answered(400, {
          category: 'VALIDATION_ERROR',
          message: 'Property values were not valid: []',
          errors: [{ message: 'x', code: 'PROPERTY_DOESNT_EXIST', context: { propertyName: ['plan'] } }],
        })
      : undefined,
  );
  const first = deliver({ 'a@x.io': 'silver', 'b@x.io': 'silver' });
  expect(first.result.map(({ kind }) => kind)).toEqual(['retry', 'retry']);
  expect(first.calls).toHaveLength(1);
  nowMs += 60_000;
  expect(deliver({ 'a@x.io': 'silver', 'b@x.io': 'silver' }).result).toMatchObject([
    { kind: 'delivered', notes: ['unchanged', 'Left out, unknown to HubSpot: plan.'] },
    { kind: 'delivered' },
  ]);
});

test('the same refusal with a fresh catalogue is final', () => {
  on('upsert', () =>
    answered(400, {
      category: 'VALIDATION_ERROR',
      message:
        'Property values were not valid: [{"isValid":false,"message":"gold was not…","error":"INVALID_OPTION","name":"plan"}]',
    }),
  );
  expect(deliver({ 'a@x.io': 'gold' }).result).toMatchObject([
    {
      kind: 'rejected',
      fault: {
        code: 'hubspot.INVALID_OPTION',
        message: 'HubSpot refused: INVALID_OPTION (properties plan).',
      },
    },
  ]);
});

test('an unreadable answer to a read writes nothing', () => {
  model.onCall = ({ path }) => (path.endsWith('/batch/read') ? answered(200, {}) : undefined);
  expect(deliver({ 'a@x.io': 'gold' }).result).toMatchObject([{ kind: 'retry' }]);
  expect(model.writes()).toEqual([]);
});
