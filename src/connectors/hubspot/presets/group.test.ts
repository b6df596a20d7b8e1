import { expect, test } from 'vitest';
import type { LoggedEvent } from '../../../kernel/event.ts';
import type { JsonObject } from '../../../kernel/json.ts';
import { companyDomain } from './company-domain.ts';
import { group } from './group.ts';

function map(payload: JsonObject, options: object = {}) {
  const event: LoggedEvent = {
    position: 1,
    id: 'm1',
    source: 'site',
    type: 'group',
    name: null,
    personKey: 'u1',
    occurredAt: '2026-11-01T00:00:00.000Z',
    receivedAt: '2026-11-01T00:00:00.000Z',
    payload: { groupId: 'g1', ...payload },
  };
  return group.map(event, group.action.options.parse({ ...group.options, ...options }));
}

function propertiesOf(traits: JsonObject, options: object = {}) {
  const mapped = map({ userId: 'a@x.io', traits: { website: 'https://acme.com', ...traits } }, options);
  if (mapped.kind !== 'input') return mapped;
  const { website, ...properties } = mapped.input.properties;
  expect(website).toBe('https://acme.com');
  return { ...properties, ...(mapped.notes?.length === 0 ? {} : { notes: mapped.notes }) };
}

test.each([
  ['https://www.example.com', 'example.com'],
  [' HTTP://Shop.Acme.co.uk:8080/about?x=1#y ', 'acme.co.uk'],
  ['https://deep.below.acme.github.io', 'acme.github.io'],
  ['https://bücher.de', 'xn--bcher-kva.de'],
  ['https://user:secret@acme.com/', 'acme.com'],
])('%s is of the company %s', (website, domain) => {
  expect(companyDomain(website)).toBe(domain);
});

test.each([
  'acme.com',
  'www.acme.com',
  '//acme.com',
  'ftp://acme.com',
  'https://',
  'https://localhost',
  'https://10.0.0.1/',
  'https://[::1]/',
  'https://co.uk',
  'mailto:jo@acme.com',
  'https://acme com',
  '',
])('%j is no full web address of a company', (website) => {
  expect(companyDomain(website)).toBeUndefined();
});

test.each<[string, JsonObject, unknown]>([
  [
    'special traits keep their names',
    { name: 'Acme', phone: '1', industry: 'Banking' },
    { name: 'Acme', phone: '1', industry: 'Banking' },
  ],
  [
    'flat parts of an address are properties',
    { address: 'S 1', city: 'C', state: 'ST', zip: '1', country: 'SE' },
    { address: 'S 1', city: 'C', state: 'ST', zip: '1', country: 'SE' },
  ],
  [
    'an address object gives its parts, which flat ones beat',
    { address: { street: 'S 1', city: 'C', postal_code: '1' }, city: 'D' },
    { address: 'S 1', city: 'D', zip: '1' },
  ],
  ['employees are a number', { employees: 12 }, { numberofemployees: 12 }],
  ['employees may be text', { employees: ' 1,200 ' }, { numberofemployees: '1200' }],
  ['employee_count is the same', { employee_count: 3 }, { numberofemployees: 3 }],
  [
    'a range of employees is left out and said',
    { employees: '51-200' },
    { notes: ['Left out, a range instead of a number: employees.'] },
  ],
  [
    'other traits go by their names',
    { Plan: 'pro', 'account.owner': 'Jo' },
    { plan: 'pro', account_owner: 'Jo' },
  ],
  ['null clears', { phone: null }, { phone: null }],
  ['the stage is the lifecycle stage', { lifecycle_stage: 'customer' }, { lifecyclestage: 'customer' }],
])('%s', (_, traits, expected) => {
  expect(propertiesOf(traits)).toEqual(expected);
});

test.each([
  ['lowest', '51-200', '51'],
  ['highest', '51 – 200', '200'],
  ['lowest', '1,001 to 5,000', '1001'],
  ['lowest', '10,000+', '10000'],
])('the %s of %s employees is %s', (employee_range, employees, expected) => {
  expect(propertiesOf({ employees }, { employee_range })).toEqual({ numberofemployees: expected });
});

test('the highest of an open range is unknown, and left out', () => {
  expect(propertiesOf({ employees: '10,000+' }, { employee_range: 'highest' })).toHaveProperty('notes');
});

const WEBSITE = { website: 'https://acme.com' };

test.each<[string, JsonObject, object, unknown]>([
  [
    'context.traits.email',
    { context: { traits: { email: 'a@x.io' } } },
    {},
    { by: 'email', value: 'a@x.io' },
  ],
  ['a user id that is an address', { userId: 'a@x.io' }, {}, { by: 'email', value: 'a@x.io' }],
  [
    'the property that holds user ids',
    { userId: 'u1' },
    { user_id_property: 'member' },
    { by: 'member', value: 'u1' },
  ],
])('the contact is found by %s', (_, payload, options, key) => {
  expect(map({ ...payload, traits: WEBSITE }, options)).toMatchObject({
    input: { domain: 'acme.com', associations: [{ to: { type: 'contacts', ...(key as object) } }] },
    notes: [],
  });
});

test('without a way to the contact the company is written all the same, and the outcome says why', () => {
  // The e-mail address in the traits of a group is the company's.
  const mapped = map({ userId: 'u1', traits: { ...WEBSITE, email: 'info@acme.com' } });
  expect(mapped).toMatchObject({ input: { domain: 'acme.com', properties: { email: 'info@acme.com' } } });
  expect(mapped).not.toHaveProperty('input.associations');
  expect(mapped).toHaveProperty('notes', [expect.stringContaining('No contact was associated')]);
  expect(map({ userId: 'u1', traits: WEBSITE }, { associate: false })).toHaveProperty('notes', []);
});

test.each([
  [{}, 'The call has no traits.website, whose domain identifies the company.'],
  [
    { website: 'www.acme.com' },
    'traits.website is no full web address such as https://www.example.com, whose domain identifies the company.',
  ],
])('a group call with %j is skipped with its reason', (traits, reason) => {
  expect(map({ userId: 'a@x.io', traits })).toEqual({ kind: 'skip', reason });
});

test('with a property for group ids the id identifies, website or not', () => {
  const options = { group_id_property: 'segment_group_id' };
  const key = { by: 'segment_group_id', value: 'g1' };
  expect(map({ traits: { name: 'Acme' } }, options)).toMatchObject({ input: { key } });
  expect(map({ traits: WEBSITE }, options)).toMatchObject({ input: { key, domain: 'acme.com' } });
});
