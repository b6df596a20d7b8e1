import { expect, test } from 'vitest';
import type { LoggedEvent } from '../../../kernel/event.ts';
import type { JsonObject } from '../../../kernel/json.ts';
import { identify } from './identify.ts';

function map(payload: JsonObject, options: object = {}) {
  const event: LoggedEvent = {
    position: 1,
    id: 'm1',
    source: 'site',
    type: 'identify',
    name: null,
    personKey: 'u1',
    occurredAt: '2026-11-01T00:00:00.000Z',
    receivedAt: '2026-11-01T00:00:00.000Z',
    payload,
  };
  return identify.map(event, identify.action.options.parse({ ...identify.options, ...options }));
}

function propertiesOf(traits: JsonObject, options: object = {}) {
  const mapped = map({ traits: { email: 'a@x.io', ...traits } }, options);
  return mapped.kind === 'input' ? mapped.input.properties : mapped;
}

test.each<[string, JsonObject, unknown]>([
  [
    'keys become lower case with underscores for blanks',
    { 'Favourite Colour': 'red' },
    { favourite_colour: 'red' },
  ],
  [
    'dots and hyphens become underscores too',
    { 'plan.name': 'gold', 'home-page': 'x' },
    { plan_name: 'gold', home_page: 'x' },
  ],
  [
    'camelCase and snake_case names are one trait',
    { firstName: 'A', last_name: 'B' },
    { firstname: 'A', lastname: 'B' },
  ],
  [
    'a name is split at its first blank',
    { name: ' Ada King  Lovelace ' },
    { firstname: 'Ada', lastname: 'King Lovelace' },
  ],
  [
    'given parts of a name beat the whole',
    { firstName: 'A', name: 'Ada King' },
    { firstname: 'A', lastname: 'King' },
  ],
  ["HubSpot's own word beats its translation", { jobtitle: 'CEO', position: 'Boss' }, { jobtitle: 'CEO' }],
  ['a position is a job title', { position: 'Boss' }, { jobtitle: 'Boss' }],
  ['a company object gives its name', { company: { name: 'Acme' } }, { company: 'Acme' }],
  ['a company text stays', { company: 'Acme' }, { company: 'Acme' }],
  ['a company name of its own is a company', { companyName: 'Acme' }, { company: 'Acme' }],
  [
    'other parts of a company are reported as unknown',
    { company: { plan: 'pro' } },
    { 'company.plan': 'pro' },
  ],
  [
    'an address object gives its parts',
    { address: { street: 'S 1', city: 'C', state: 'ST', postalCode: '1', country: 'SE' } },
    { address: 'S 1', city: 'C', state: 'ST', zip: '1', country: 'SE' },
  ],
  ['an address text stays', { address: 'S 1' }, { address: 'S 1' }],
  ['a postal code is a zip', { postal_code: '1' }, { zip: '1' }],
  ['lifecycle_stage is the lifecycle stage', { lifecycle_stage: 'lead' }, { lifecyclestage: 'lead' }],
  ['a custom stage keeps its name', { custom_lifecycle_stage: 'x' }, { custom_lifecycle_stage: 'x' }],
  ['null clears', { phone: null }, { phone: null }],
  ['flags and numbers stay what they are', { vip: true, age: 7 }, { vip: true, age: 7 }],
  ['a list of plain values stays a list', { topics: ['a', 1] }, { topics: ['a', '1'] }],
  ['a deeper value becomes JSON text', { meta: { a: [1] } }, { meta: '{"a":[1]}' }],
  ['the address is no property', {}, {}],
])('%s', (_, traits, expected) => {
  expect(propertiesOf(traits)).toEqual(expected);
});

test.each<[string, JsonObject, string]>([
  ['the trait', { userId: 'u1', traits: { email: ' a@x.io ' } }, 'a@x.io'],
  ['a trait in another spelling', { userId: 'u1', traits: { Email: 'a@x.io' } }, 'a@x.io'],
  ['a user id that is an address', { userId: 'b@x.io', traits: {} }, 'b@x.io'],
  ['the user id when the trait is no address', { userId: 'b@x.io', traits: { email: 'none' } }, 'b@x.io'],
])('the address comes from %s', (_, payload, email) => {
  expect(map(payload)).toMatchObject({ kind: 'input', input: { email } });
});

test('a call without address is skipped with that reason', () => {
  expect(map({ userId: 'u1', traits: { plan: 'gold' } })).toEqual({
    kind: 'skip',
    reason: 'The call has no e-mail address in traits.email or userId.',
  });
});

test('traits named like parts of an object prototype are plain names', () => {
  const traits = JSON.parse('{"email":"a@x.io","__proto__":"x","constructor":"y"}') as JsonObject;
  const mapped = map({ traits });
  expect(mapped.kind === 'input' && Object.entries(mapped.input.properties)).toEqual([
    ['__proto__', 'x'],
    ['constructor', 'y'],
  ]);
});

test('a trait goes to the property that the flow names, or nowhere', () => {
  const sent = { title: 'CEO', birthday: '1990-05-01', company: { name: 'Acme', plan: 'pro' }, Secret: 'x' };
  const options = {
    traits: { title: 'jobtitle', birthday: 'date_of_birth', 'company.plan': null, Secret: null },
  };
  expect(propertiesOf(sent, options)).toEqual({
    company: 'Acme',
    jobtitle: 'CEO',
    date_of_birth: '1990-05-01',
  });
});

test('with a property for user ids, the id identifies beside the address, or alone', () => {
  const options = { user_id_property: 'member_number' };
  expect(map({ userId: 'u1', traits: { email: 'a@x.io' } }, options)).toMatchObject({
    input: { email: 'a@x.io', key: { by: 'member_number', value: 'u1' } },
  });
  const alone = map({ userId: 'u1', traits: { plan: 'gold' } }, options);
  expect(alone).toMatchObject({ input: { key: { by: 'member_number', value: 'u1' } } });
  expect(alone).not.toHaveProperty('input.email');
  expect(map({ anonymousId: 'a1', traits: {} }, options).kind).toBe('skip');
});
