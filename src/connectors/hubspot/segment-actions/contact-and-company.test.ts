import { expect, test } from 'vitest';
import { at, first, imported, run } from '../../../../test/support/imported-segment.ts';
import type { JsonValue } from '../../../kernel/json.ts';

test('upsertContact keeps its fields, trims them and leaves out what is empty', () => {
  const { flows, remarks } = imported(
    'upsertContact',
    {
      email: at('$.traits.email'),
      company: at('$.traits.company.name'),
      firstname: at('$.traits.first'),
      phone: at('$.traits.phone'),
      lifecyclestage: at('$.traits.stage'),
      properties: { plan: at('$.traits.plan'), city: at('$.traits.city'), meta: at('$.traits.meta') },
      enable_batching: true,
    },
    'type = "identify"',
  );
  expect(remarks).toEqual([]);
  const traits = {
    email: 'a@x.io',
    company: { name: 'Acme' },
    first: ' Jo ',
    phone: '',
    stage: 'Lead',
    plan: null,
    city: '',
    meta: { a: [1] },
  };
  expect(run(first(flows), { type: 'identify', traits })).toEqual({
    email: 'a@x.io',
    properties: { company: 'Acme', firstname: 'Jo', lifecyclestage: 'lead', city: '', meta: '{"a":[1]}' },
  });
  expect(first(flows)).toMatchObject({
    name: 'mine',
    action: 'hubspot/upsert-contact',
    options: { lifecycle: 'any' },
  });
  expect(run(first(flows), { type: 'track', traits })).toBeUndefined();
});

test.each<[string, JsonValue, JsonValue, JsonValue | undefined]>([
  ['the name of an object', at('$.traits.company'), { name: ' Acme ', plan: 'pro' }, 'Acme'],
  ['a text as it is', at('$.traits.company'), 'Acme.name {"a":1}', 'Acme.name {"a":1}'],
  ['a number as it is', at('$.traits.company'), 7, 7],
  ['nothing of an object without name', at('$.traits.company'), { plan: 'pro' }, undefined],
  ['nothing where there is none', at('$.traits.company'), null, undefined],
  ['a name that the mapping asks for', at('$.traits.company.name'), { name: 'Acme' }, 'Acme'],
  [
    'the name behind a choice',
    { '@if': { exists: at('$.traits.firm'), then: at('$.traits.firm'), else: at('$.traits.company') } },
    { name: 'Acme' },
    'Acme',
  ],
  [
    'the name behind another choice',
    { '@if': { blank: at('$.traits.company'), then: at("$.traits['company']") } },
    { name: 'Acme' },
    'Acme',
  ],
  [
    'the name behind a stage',
    { '@transform': { apply: { firm: at('$.traits.company') }, mapping: at('$.firm') } },
    { name: 'Acme' },
    'Acme',
  ],
  ['a fixed text', 'Acme', null, 'Acme'],
])('the company of an upsertContact is %s', (_, company, sent, expected) => {
  const { flows, remarks } = imported('upsertContact', { email: at('$.traits.email'), company });
  expect(remarks).toEqual([]);
  const made = run(first(flows), { type: 'track', traits: { email: 'a@x.io', company: sent } });
  expect(made).toEqual({
    email: 'a@x.io',
    properties: expected === undefined ? {} : { company: expected },
  });
});

test('upsertCompany keeps the property of the group ids, and associates a contact that the event names', () => {
  const { flows, remarks } = imported(
    'upsertCompany',
    {
      groupid: { '@if': { exists: at('$.groupId'), then: at('$.groupId'), else: at('$.context.groupId') } },
      createNewCompany: true,
      associateContact: true,
      name: at('$.traits.name'),
      numberofemployees: at('$.traits.employees'),
    },
    'type = "group"',
  );
  expect(remarks).toMatchObject([{ path: 'mapping.associateContact', kind: 'differs' }]);
  const event = { type: 'group', groupId: 'g1', traits: { name: 'Acme', employees: 7 } };
  const company = {
    key: { by: 'segment_group_id', value: 'g1' },
    properties: { name: 'Acme', numberofemployees: 7 },
  };
  expect(run(first(flows), event)).toEqual(company);
  expect(run(first(flows), { ...event, context: { traits: { email: 'a@x.io' } } })).toEqual({
    ...company,
    associations: [{ to: { type: 'contacts', by: 'email', value: 'a@x.io' } }],
  });
});
