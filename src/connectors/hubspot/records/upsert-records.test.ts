import { beforeEach, expect, test } from 'vitest';
import { aCache, driveSteps } from '../../../../test/support/drive-steps.ts';
import { HubspotModel } from '../../../../test/support/hubspot-model.ts';
import { upsertContact } from '../actions/upsert-contact.ts';
import { settingsSchema } from '../settings.ts';
import { contactOptionsSchema } from './contact-input.ts';
import type { ContactInput } from './contact-input.ts';

const HOUR_MS = 3_600_000;
const settings = settingsSchema.parse({ access_token: 'pat-na1-test' });
let model: HubspotModel;
let cache: ReturnType<typeof aCache>;
let nowMs: number;

beforeEach(() => {
  model = new HubspotModel();
  cache = aCache();
  nowMs = 1_790_000_000_000;
});

function deliver(
  inputs: readonly ContactInput[],
  options: object = {},
  onClaim?: () => boolean,
  isReplay = false,
) {
  const batch = inputs.map((input, index) => ({ input, traceId: `trace-${String(index)}`, attempt: 1 }));
  const context = { settings, options: contactOptionsSchema.parse(options), cache, nowMs, isReplay };
  model.calls.length = 0;
  return driveSteps(upsertContact.deliver(batch, context), model.answer, onClaim);
}

function anInput(email: string, properties: ContactInput['properties']): ContactInput {
  return { email, properties };
}

const ifEmpty = { rules: { firstname: 'if_empty' } };

test('a hundred new contacts cost a read and a write, changed ones a write, unchanged ones nothing', () => {
  const inputs = (plan: string) =>
    Array.from({ length: 100 }, (_, index) => anInput(`a${String(index)}@x.io`, { plan }));
  const paths = (plan: string) =>
    deliver(inputs(plan)).calls.map(({ path }) => path.replace(/^.*contacts/, ''));

  expect(paths('gold')).toEqual(['', '/batch/read', '/batch/upsert']);
  expect(paths('silver')).toEqual(['/batch/update']);
  expect(paths('silver')).toEqual([]);
  expect(model.contacts).toHaveLength(100);
  expect(model.find('a7@x.io')).toMatchObject({ plan: 'silver' });
});

test('what is sent again is compared with what HubSpot holds, not with what is remembered', () => {
  const input = anInput('a@x.io', { plan: 'gold' });
  deliver([input]);
  model.change('1000', { plan: 'lost' });
  expect(deliver([input]).calls).toEqual([]);
  deliver([input], {}, undefined, true);
  expect(model.find('a@x.io')).toMatchObject({ plan: 'gold' });
});

test('new contacts and known ones of a batch share a read and a write', () => {
  deliver([anInput('a@x.io', { plan: 'gold' })]);
  const { calls } = deliver([anInput('a@x.io', { plan: 'silver' }), anInput('b@x.io', { plan: 'silver' })]);
  expect(calls.map(({ path }) => path.replace(/^.*contacts/, ''))).toEqual(['/batch/read', '/batch/upsert']);
});

test('a known contact keeps the primary address and the key that somebody gave it since', () => {
  const id = model.add({ email: 'a@x.io', member: 'M1' });
  const send = (plan: string) =>
    deliver([{ ...anInput('a@x.io', { plan }), key: { by: 'member', value: 'M1' } }]).result;
  send('gold');
  const chosen = { email: 'b@x.io', hs_additional_emails: 'a@x.io', member: 'M2' };
  model.change(id, chosen);
  expect(send('silver')).toEqual([{ kind: 'delivered', remoteId: id }]);
  expect(model.contacts).toEqual([{ id, properties: { ...chosen, plan: 'silver' } }]);
});

test('a day after a key was seen on a contact it is looked up again, however often the contact is written', () => {
  const id = model.add({ email: 'a@x.io', member: 'M1' });
  const send = (plan: string) =>
    deliver([{ ...anInput('a@x.io', { plan }), key: { by: 'member', value: 'M1' } }]);
  send('gold');
  model.change(id, { member: 'M2' });
  nowMs += 23 * HOUR_MS;
  expect(send('silver').calls).toHaveLength(1);
  nowMs += HOUR_MS;
  expect(send('tin').result).toMatchObject([
    { kind: 'rejected', fault: { code: 'hubspot.identity_conflict' } },
  ]);
  expect(model.find('a@x.io')).toMatchObject({ plan: 'silver' });
});

test('a key of another contact is not taken to lead to the one that was written instead', () => {
  model.add({ email: 'a@x.io' });
  const other = model.add({ email: 'b@x.io', member: 'M1' });
  const key = { by: 'member', value: 'M1' };
  deliver([{ ...anInput('a@x.io', { plan: 'gold' }), key }], { merge_by: 'email' });
  expect(deliver([{ key, properties: { plan: 'gold' } }]).result).toEqual([
    { kind: 'delivered', remoteId: other },
  ]);
  expect(model.find('b@x.io')).toMatchObject({ plan: 'gold' });
});

test('every outcome names the record, and an unchanged one says so', () => {
  const id = model.add({ email: 'a@x.io', plan: 'gold' });
  expect(deliver([anInput(' A@X.io ', { plan: 'gold' })]).result).toEqual([
    { kind: 'delivered', remoteId: id, notes: ['unchanged'] },
  ]);
  expect(deliver([anInput('a@x.io', { plan: 'silver' })]).result).toEqual([
    { kind: 'delivered', remoteId: id },
  ]);
});

test('a value in HubSpot survives if_empty, an empty one is filled', () => {
  model.add({ email: 'a@x.io', firstname: 'Kept' });
  model.add({ email: 'b@x.io' });
  const input = { firstname: 'Written', plan: 'gold' };
  deliver([anInput('a@x.io', input), anInput('b@x.io', input)], ifEmpty);
  expect(model.find('a@x.io')).toMatchObject({ firstname: 'Kept', plan: 'gold' });
  expect(model.find('b@x.io')).toMatchObject({ firstname: 'Written', plan: 'gold' });
});

test('a record that another batch held is read again before a rule is applied', () => {
  model.add({ email: 'a@x.io' });
  const { claims } = deliver([anInput('a@x.io', { firstname: 'Late', plan: 'gold' })], ifEmpty, () => {
    Object.assign(model.contacts[0]?.properties ?? {}, { firstname: 'First' });
    return true;
  });
  expect(claims).toEqual([{ kind: 'claim', keys: ['contacts:id:1000'] }]);
  expect(model.find('a@x.io')).toMatchObject({ firstname: 'First', plan: 'gold' });
});

test('a secondary address reaches the contact under its primary one, in a call of its own', () => {
  model.add({ email: 'a@x.io', hs_additional_emails: 'b@x.io;c@x.io' });
  const { result } = deliver([anInput('a@x.io', { plan: 'gold' }), anInput('b@x.io', { plan: 'silver' })]);
  expect(result.map(({ kind }) => kind)).toEqual(['delivered', 'delivered']);
  expect(
    model.writes().map(({ body }) => (body as { inputs: { id: string }[] }).inputs.map(({ id }) => id)),
  ).toEqual([['a@x.io'], ['a@x.io']]);
  expect(model.contacts).toHaveLength(1);
  expect(model.find('a@x.io')).toMatchObject({ plan: 'silver' });
});

test('two inputs of one record keep to if_empty in turn', () => {
  model.add({ email: 'a@x.io', hs_additional_emails: 'b@x.io' });
  deliver(
    [anInput('a@x.io', { firstname: 'One' }), anInput('b@x.io', { firstname: 'Two', plan: 'gold' })],
    ifEmpty,
  );
  expect(model.find('a@x.io')).toMatchObject({ firstname: 'One', plan: 'gold' });
});

test('unknown and read-only properties and unfit values are left out and named', () => {
  const { result } = deliver([anInput('a@x.io', { plan: 'gold', shoe_size: 43, score: '1', age: 'old' })]);
  expect(result).toEqual([
    {
      kind: 'delivered',
      remoteId: '1000',
      notes: [
        'Left out, unknown to HubSpot: shoe_size.',
        'Left out, read-only in HubSpot: score.',
        'Left out, not a number: age.',
      ],
    },
  ]);
  expect(model.find('a@x.io')).toEqual({ email: 'a@x.io', plan: 'gold' });
});

test('a key that is not unique in HubSpot costs the inputs that have it, and no other', () => {
  const byPlan = { email: 'b@x.io', key: { by: 'plan', value: 'gold' }, properties: { age: 7 } };
  const keyed = upsertContact.input.parse(byPlan);
  const { result } = deliver([
    anInput('a@x.io', { plan: 'gold' }),
    keyed,
    anInput('c@x.io', { plan: 'gold' }),
  ]);
  expect(result).toMatchObject([
    { kind: 'delivered' },
    { kind: 'rejected', fault: { code: 'hubspot.key_not_unique' } },
    { kind: 'delivered' },
  ]);
});

test('null clears', () => {
  model.add({ email: 'a@x.io', plan: 'gold' });
  deliver([anInput('a@x.io', { plan: null })]);
  expect(model.find('a@x.io')).toEqual({ email: 'a@x.io' });
});

test('the lifecycle stage moves forward only', () => {
  model.add({ email: 'a@x.io', lifecyclestage: 'lead' });
  const { result } = deliver([anInput('a@x.io', { lifecyclestage: 'Subscriber' })]);
  expect(result[0]).toMatchObject({
    notes: ['unchanged', 'Kept, because it only moves forward: lifecyclestage.'],
  });
  deliver([anInput('a@x.io', { lifecyclestage: 'customer' })]);
  expect(model.find('a@x.io')).toMatchObject({ lifecyclestage: 'customer' });
});

test('the lifecycle stage moves back by way of empty when the flow says so', () => {
  model.add({ email: 'a@x.io', lifecyclestage: 'customer' });
  deliver([anInput('a@x.io', { lifecyclestage: 'lead' })], { lifecycle: 'any' });
  expect(model.writes().map(({ body }) => (body as { inputs: unknown[] }).inputs)).toMatchObject([
    [{ id: 'a@x.io', properties: { lifecyclestage: '' } }],
    [{ id: '1000', properties: { lifecyclestage: 'lead' } }],
  ]);
  expect(model.find('a@x.io')).toMatchObject({ lifecyclestage: 'lead' });
});

test.each([
  ['another value', 'plan', 'gold'],
  ['the stage itself', 'lifecyclestage', 'lead'],
])('a contact whose stage is to move back keeps it when HubSpot refuses %s', (_what, name, refused) => {
  model.add({ email: 'a@x.io', lifecyclestage: 'customer' });
  model.onCall = ({ path, body }) => {
    const inputs = /batch\/(upsert|update)$/.test(path) ? (body as { inputs: ContactInput[] }).inputs : [];
    return inputs.some(({ properties }) => properties[name] === refused)
      ? { status: 400, headers: {}, body: { category: 'VALIDATION_ERROR', message: 'no' } }
      : undefined;
  };
  const { result } = deliver([anInput('a@x.io', { lifecyclestage: 'lead', plan: 'gold' })], {
    lifecycle: 'any',
  });
  expect(result).toMatchObject([{ kind: 'rejected', fault: { code: 'hubspot.VALIDATION_ERROR' } }]);
  expect(model.find('a@x.io')).toMatchObject({ lifecyclestage: 'customer' });
});

test('an address without form is refused without a call', () => {
  const { result, calls } = deliver([anInput('nobody', { plan: 'gold' })]);
  expect(result).toMatchObject([{ kind: 'rejected', fault: { code: 'hubspot.INVALID_EMAIL' } }]);
  expect(calls).toEqual([]);
});

const grow = {
  ensure: [
    { name: 'user_ref', label: 'User', type: 'string', field_type: 'text' },
    { name: 'subscriptions', label: 'Subscriptions', type: 'enumeration', field_type: 'checkbox' },
  ],
  add_options: ['subscriptions', 'topics'],
};

test('missing properties are created, an enumeration with its first options', () => {
  deliver([anInput('a@x.io', { user_ref: 'u1', subscriptions: [] })], grow);
  expect(model.properties.map((property) => 'name' in property && property.name)).toContain('user_ref');
  const { result } = deliver([anInput('a@x.io', { user_ref: 'u1', subscriptions: ['Gold - Year'] })], grow);
  expect(result).toEqual([{ kind: 'delivered', remoteId: '1000' }]);
  expect(model.find('a@x.io')).toMatchObject({ subscriptions: 'Gold - Year' });
});

test('an option is added beside those that others added meanwhile, and again when another writer undid it', () => {
  const topics = model.properties.find((property) => 'name' in property && property.name === 'topics');
  const values = () => (topics as { options: { value: string }[] }).options.map(({ value }) => value);
  deliver([anInput('a@x.io', { topics: ['news'] })], grow);
  const before = structuredClone(topics as object);
  let isFirst = true;
  model.onCall = ({ method, path }) => {
    if (method !== 'GET' || !path.endsWith('/topics')) return undefined;
    const isAfterPatch = values().includes('opera');
    if (isAfterPatch && isFirst) {
      isFirst = false;
      Object.assign(topics as object, before);
      (topics as { options: object[] }).options.push({
        label: 'Film',
        value: 'film',
        displayOrder: 2,
        hidden: false,
      });
    }
    return undefined;
  };
  const { claims } = deliver([anInput('a@x.io', { topics: ['opera', 'news'] })], grow);
  expect(claims[0]?.keys).toContain('contacts:options:topics');
  expect(values()).toEqual(['news', 'sport', 'film', 'opera']);
  expect(model.find('a@x.io')).toMatchObject({ topics: 'opera;news' });
});

test('an option that HubSpot refuses costs its property only', () => {
  model.onCall = ({ method }) => (method === 'PATCH' ? { status: 400, headers: {}, body: {} } : undefined);
  const { result } = deliver([anInput('a@x.io', { topics: ['opera'], plan: 'gold' })], grow);
  expect(result).toMatchObject([{ kind: 'delivered', notes: ['Left out, not one of the options: topics.'] }]);
  expect(model.find('a@x.io')).toEqual({ email: 'a@x.io', plan: 'gold' });
});

test('an option that HubSpot refuses costs its property only, of a known contact under rules too', () => {
  model.onCall = ({ method }) => (method === 'PATCH' ? { status: 400, headers: {}, body: {} } : undefined);
  const options = { ...grow, rules: { firstname: 'if_empty', age: 'never_lower' } };
  const ruled = { firstname: 'Ada', age: 7 };
  deliver([anInput('a@x.io', { ...ruled, plan: 'gold' })], options);
  const { result, calls } = deliver(
    [anInput('a@x.io', { ...ruled, topics: ['opera'], plan: 'tin' })],
    options,
  );
  expect(result).toMatchObject([{ kind: 'delivered', notes: ['Left out, not one of the options: topics.'] }]);
  expect(calls.some(({ path }) => path.endsWith('/batch/read'))).toBe(false);
  expect(model.find('a@x.io')).toEqual({ email: 'a@x.io', firstname: 'Ada', age: '7', plan: 'tin' });
});

test('what was made for an input and where its keys lead is said beside an option that was refused', () => {
  model.onCall = ({ method }) => (method === 'PATCH' ? { status: 400, headers: {}, body: {} } : undefined);
  model.add({ email: 'a@x.io', member: 'M1' });
  const input = anInput('b@x.io', { topics: ['opera'], shoe_size: 43 });
  const keyed = { ...input, key: { by: 'member', value: 'M1' } };
  expect(deliver([keyed], { add_options: ['topics'], schema: 'create' }).result).toMatchObject([
    {
      notes: [
        'Created in HubSpot: shoe_size (number).',
        'Left out, not one of the options: topics.',
        'The contact has another primary e-mail address, which stays.',
      ],
    },
  ]);
});

test('a refused property definition suspends the connection, so that nothing is lost', () => {
  model.onCall = ({ method, path }) =>
    method === 'POST' && path.endsWith('/contacts')
      ? { status: 400, headers: {}, body: { category: 'VALIDATION_ERROR', message: 'limit' } }
      : undefined;
  const { result } = deliver([anInput('a@x.io', { user_ref: 'u1' })], grow);
  expect(result).toMatchObject([{ kind: 'suspended', fault: { code: 'hubspot.VALIDATION_ERROR' } }]);
});
