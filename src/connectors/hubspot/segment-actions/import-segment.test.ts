import fc from 'fast-check';
import { expect, test } from 'vitest';
import { at, first, imported, run } from '../../../../test/support/imported-segment.ts';
import type { JsonObject, JsonValue } from '../../../kernel/json.ts';
import { parseCondition, parseMapping } from '../../../mapping/index.ts';
import { importSegment } from './import-segment.ts';

test('sendCustomBehavioralEvent keeps its name as Segment spells it, and makes nothing in HubSpot', () => {
  const { flows, remarks } = imported('sendCustomBehavioralEvent', {
    eventName: 'pe123_Order Completed',
    occurredAt: at('$.timestamp'),
    email: at('$.properties.email'),
    properties: { total: at('$.properties.total'), code: at('$.properties.code') },
  });
  expect(remarks).toEqual([]);
  const event = {
    type: 'track',
    messageId: 'm1',
    timestamp: '2026-11-20T10:00:00.000Z',
    properties: { email: 'a@x.io', total: 5, code: '01234' },
  };
  expect(run(first(flows), event)).toMatchObject({
    event: 'pe123_order_completed',
    email: 'a@x.io',
    occurred_at: '2026-11-20T10:00:00.000Z',
    uuid: 'm1',
    properties: { total: 5, code: '01234' },
  });
  expect(first(flows).options).toEqual({ schema: 'never' });
});

test.each([
  ['upsert', 'create', 0],
  ['update', 'extend', 0],
  ['add', 'create', 1],
])('customEvent in the mode %s makes in HubSpot what Segment makes: %s', (mode, schema, remarkCount) => {
  const { flows, remarks } = imported('customEvent', {
    __segment_internal_sync_mode: mode,
    event_name: at('$.event'),
    record_details: {
      object_type: 'deal',
      object_id: at('$.properties.deal'),
      email: at('$.properties.email'),
    },
    properties: at('$.properties'),
  });
  expect(first(flows).options).toEqual({ schema });
  expect(remarks).toHaveLength(remarkCount);
  // Segment sends no address with events of other records than contacts.
  const event = { type: 'track', event: 'Won', messageId: 'm', properties: { deal: 7, email: 'a@x.io' } };
  expect(run(first(flows), event)).toEqual({
    event: 'Won',
    object_type: 'deals',
    object_id: '7',
    uuid: 'm',
    properties: event.properties,
  });
});

test('upsertCustomObjectRecord becomes a record by a unique property, with its association', () => {
  const { flows, remarks } = imported('upsertCustomObjectRecord', {
    objectType: 'tickets',
    createNewCustomRecord: false,
    customObjectSearchFields: { ticket_ref: at('$.properties.ref') },
    properties: { subject: at('$.properties.subject') },
    toObjectType: 'contacts',
    searchFieldsToAssociateCustomObjects: { email: at('$.properties.email') },
    associationLabel: 'HUBSPOT_DEFINED:16',
  });
  expect(remarks.map(({ path, kind }) => [path, kind])).toEqual([
    ['mapping.customObjectSearchFields', 'differs'],
    ['mapping.createNewCustomRecord', 'differs'],
  ]);
  const properties = { ref: 'R1', subject: 'Help', email: 'a@x.io' };
  const record = {
    object: 'tickets',
    key: { by: 'ticket_ref', value: 'R1' },
    properties: { subject: 'Help' },
  };
  expect(run(first(flows), { type: 'track', properties })).toEqual({
    ...record,
    associations: [{ to: { type: 'contacts', by: 'email', value: 'a@x.io' } }],
  });
  expect(run(first(flows), { type: 'track', properties: { ...properties, email: '' } })).toMatchObject(
    record,
  );
});

const DEAL: JsonObject = {
  __segment_internal_sync_mode: 'upsert',
  object_details: {
    object_type: 'deal',
    id_field_name: 'order_number',
    id_field_value: at('$.properties.order'),
    property_group: 'dealinformation',
  },
  properties: { 'Total Amount': at('$.properties.total') },
  sensitive_properties: { ssn: at('$.properties.ssn') },
  association_sync_mode: 'upsert',
  associations: {
    '@arrayPath': [
      '$.properties.people',
      {
        object_type: 'contact',
        association_label: 'USER_DEFINED:37',
        id_field_name: 'email',
        id_field_value: at('$.mail'),
      },
    ],
  },
  dissociations: [{ object_type: 'contact' }],
  list_details: { connected_to_engage_audience: false, should_create_list: true },
};

test('upsertObject keeps names, associations and created properties, and says what it cannot keep', () => {
  const { flows, remarks } = imported('upsertObject', DEAL);
  expect(remarks.map(({ path, kind }) => [path, kind])).toEqual([
    ['mapping.association_sync_mode', 'differs'],
    ['mapping.associations.@arrayPath[1].association_label', 'left_out'],
    ['mapping.dissociations', 'left_out'],
    ['mapping.sensitive_properties', 'left_out'],
  ]);
  const properties = {
    order: 'O1',
    total: 5,
    ssn: 'x',
    people: [{ mail: 'a@x.io' }, { mail: '' }, { mail: 'b@x.io' }],
  };
  expect(run(first(flows), { type: 'track', properties })).toEqual({
    object: 'deals',
    key: { by: 'order_number', value: 'O1' },
    properties: { total_amount: 5 },
    associations: ['a@x.io', 'b@x.io'].map((value) => ({ to: { type: 'contacts', by: 'email', value } })),
  });
  expect(first(flows).options).toEqual({
    create_key: true,
    schema: 'create',
    schema_group: 'dealinformation',
  });
});

test.each([
  ['update', 'A record that HubSpot does not have is created.'],
  ['add', 'A record that HubSpot has is updated.'],
])('upsertObject in the mode %s differs, and says so', (mode, text) => {
  const { remarks } = imported('upsertObject', {
    ...DEAL,
    __segment_internal_sync_mode: mode,
    associations: [],
    dissociations: [],
    sensitive_properties: {},
  });
  expect(remarks).toMatchObject([{ path: 'mapping.__segment_internal_sync_mode', kind: 'differs', text }]);
});

test('an audience of Engage puts contacts on its list and takes them off, by the boolean alone', () => {
  const { flows } = imported(
    'upsertObject',
    {
      __segment_internal_sync_mode: 'upsert',
      object_details: {
        object_type: 'contact',
        id_field_name: 'email',
        id_field_value: at('$.traits.email'),
      },
      list_details: { connected_to_engage_audience: true, should_create_list: true },
    },
    'type = "identify"',
  );
  const list = flows[1];
  if (list === undefined) throw new Error('There is no flow for the list.');
  expect(list).toMatchObject({ name: 'mine-list', action: 'hubspot/add-to-list', options: { create: true } });
  const event = (member: JsonValue, computation_class = 'audience'): JsonObject => ({
    type: 'identify',
    traits: { email: 'a@x.io', vips: member },
    context: { personas: { computation_class, computation_key: 'vips' } },
  });
  const input = { list: { name: 'vips' }, member: { type: 'contacts', by: 'email', value: 'a@x.io' } };
  expect(run(list, event(true))).toEqual({ ...input, is_member: true });
  expect(run(list, event(false))).toEqual({ ...input, is_member: false });
  expect(run(list, event('true'))).toBeUndefined();
  expect(run(list, event(true, 'trait'))).toBeUndefined();
});

test('a list that the event decides on is one flow for both ways', () => {
  const { flows } = imported('upsertObject', {
    ...DEAL,
    list_details: {
      connected_to_engage_audience: false,
      should_create_list: false,
      list_name: 'Open orders',
      list_action: at('$.properties.open'),
    },
  });
  const list = flows[1];
  if (list === undefined) throw new Error('There is no flow for the list.');
  const event = (open: JsonValue): JsonObject => ({ type: 'track', properties: { order: 'O1', open } });
  const input = { list: { name: 'Open orders' }, member: { type: 'deals', by: 'order_number', value: 'O1' } };
  expect(run(list, event(false))).toEqual({ ...input, is_member: false });
  expect(run(list, event('no'))).toBeUndefined();
});

test('a trigger that denies does not hold where the field is missing, as in Segment', () => {
  const { flows } = imported(
    'upsertContact',
    { email: at('$.traits.email') },
    'type = "identify" and !contains(traits.email, "@test")',
  );
  expect(run(first(flows), { type: 'identify', traits: { email: 'a@x.io' } })).toBeDefined();
  expect(run(first(flows), { type: 'identify', traits: { email: 'a@test.io' } })).toBeUndefined();
  expect(run(first(flows), { type: 'identify', traits: {} })).toBeUndefined();
});

test('a trigger that compares numbers says that text may be one', () => {
  const { flows, remarks } = imported(
    'upsertContact',
    { email: at('$.traits.email') },
    'properties.total > 10',
  );
  expect(remarks).toMatchObject([{ path: 'trigger', kind: 'differs' }]);
  expect(flows).toMatchObject([{ when: { path: 'properties.total', more_than: 10 } }]);
});

test('a root directive is the first of two stages', () => {
  const { flows, remarks } = imported('upsertContact', {
    __segment_internal_directive: { '@transform': { apply: { user: at('$.context.traits') } } },
    email: at('$.user.email'),
    firstname: at('$.user.first'),
  });
  expect(remarks).toEqual([]);
  const event = { type: 'track', context: { traits: { email: 'a@x.io', first: 'Jo' } } };
  expect(run(first(flows), event)).toEqual({ email: 'a@x.io', properties: { firstname: 'Jo' } });
});

test.each<[string, JsonObject, string]>([
  ['is switched off', { enabled: false }, 'enabled'],
  ['reads a warehouse', { modelId: 'm1' }, 'modelId'],
  ['has an action that is not known', { actionSlug: 'upsertDream' }, 'action'],
  ['has a trigger that cannot be read', { trigger: 'type = ' }, 'trigger'],
  ['lacks what Segment needs', { settings: {} }, 'mapping.email'],
])('a mapping that %s comes to no flow, and that is said', (_, change, path) => {
  const subscription = {
    name: 'Mine',
    actionSlug: 'upsertContact',
    trigger: 'type = "identify"',
    settings: { email: at('$.traits.email') },
    ...change,
  };
  const result = importSegment([subscription]);
  expect(result?.flows).toEqual([]);
  expect(result?.remarks).toMatchObject([{ of: 'Mine', path, kind: 'left_out' }]);
});

test('the form of Segment’s libraries is read too, and names of flows are made fit and unique', () => {
  const mapping = { email: at('$.traits.email') };
  const subscription = {
    name: '1. Räksmörgås!',
    partnerAction: 'upsertContact',
    subscribe: 'type = "identify"',
    mapping,
  };
  const result = importSegment({ settings: { subscriptions: [subscription, subscription] } });
  expect(result?.flows.map(({ name }) => name)).toEqual(['raksmorgas', 'raksmorgas-2']);
  expect(importSegment({ anything: [1, 2] })).toBeUndefined();
});

const DIRECTIVES = [
  '@path',
  '@template',
  '@if',
  '@case',
  '@replace',
  '@arrayPath',
  '@merge',
  '@transform',
  '@json',
  '@flatten',
];
const anyMapping = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<JsonValue>,
    fc.dictionary(
      fc.constantFrom(...DIRECTIVES, 'exists', 'then', 'value', 'objects', 'apply', 'mapping', '$x'),
      tie('value'),
      { maxKeys: 3 },
    ),
    fc.array(tie('value'), { maxLength: 3 }),
  ),
})).value;

test('whatever is mapped, the import ends, and its flows can be read', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('upsertContact', 'customEvent', 'upsertCompany'),
      anyMapping,
      (action, mapping) => {
        const fields = {
          email: mapping,
          groupid: mapping,
          event_name: mapping,
          record_details: { email: mapping },
          properties: mapping,
        };
        for (const { map, when } of imported(action, fields).flows) {
          expect(parseCondition(when).ok).toBe(true);
          const parsed = parseMapping(map);
          expect(parsed.ok ? [] : parsed.problems).toEqual([]);
        }
      },
    ),
  );
});
