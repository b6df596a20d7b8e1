import { expect, test } from 'vitest';
import type { JsonValue } from '../../../kernel/json.ts';
import type { AnyPreset, FlowUse } from '../../../kit/index.ts';
import { hubspot } from '../index.ts';
import { group } from '../presets/group.ts';
import { identify } from '../presets/identify.ts';
import { lastPage } from '../presets/last-page.ts';
import { page } from '../presets/page.ts';
import { subscribers } from '../presets/subscribers.ts';
import { track } from '../presets/track.ts';
import { openFlows, scopesOf } from './needed-scopes.ts';
import { isGranted } from './object-scopes.ts';

const of = (kind: 'objects' | 'schemas', type: string, ...verbs: string[]): string[] =>
  verbs.map((verb) => `crm.${kind}.${type}.${verb}`);
const records = (type: string): string[] => of('objects', type, 'read', 'write');
const schema = (type: string, ...verbs: string[]): string[] => of('schemas', type, ...verbs);
const LISTS = ['crm.lists.read', 'crm.lists.write'];
const EVENTS = ['analytics.behavioral_events.send', 'behavioral_events.event_definitions.read_write'];

function needed(...flows: readonly FlowUse[]): readonly string[] {
  return [...scopesOf(flows).keys()].filter((scope) => scope !== 'oauth').toSorted();
}

function uses(preset: AnyPreset, options: object = {}): FlowUse {
  return { preset, options: preset.action.options.parse({ ...(preset.options as object), ...options }) };
}

function ownFlow(id: string, map: JsonValue, options: object = {}): FlowUse {
  const action = hubspot.actions[id];
  if (action === undefined) throw new TypeError(`There is no action ${id}.`);
  return { preset: { id: `hubspot/${id}`, action }, options: action.options.parse(options), map };
}

test.each<[string, FlowUse, readonly string[]]>([
  ['identify creates nothing', uses(identify), [...records('contacts'), ...schema('contacts', 'read')]],
  [
    'identify that creates properties',
    uses(identify, { schema: 'create' }),
    [...records('contacts'), ...schema('contacts', 'read', 'write')],
  ],
  [
    'identify whose options grow',
    uses(identify, { options: { plan: 'add' } }),
    [...records('contacts'), ...schema('contacts', 'read', 'write')],
  ],
  [
    'identify that creates its key',
    uses(identify, { create_key: true }),
    [...records('contacts'), ...schema('contacts', 'read', 'write')],
  ],
  ['subscribers', uses(subscribers), [...records('contacts'), ...schema('contacts', 'read', 'write')]],
  ['last-page', uses(lastPage), [...records('contacts'), ...schema('contacts', 'read', 'write')]],
  [
    'group keeps the domain and associates the contact',
    uses(group),
    [...records('companies'), ...schema('companies', 'read', 'write'), ...records('contacts')],
  ],
  [
    'group that does neither',
    uses(group, { associate: false, domain_property: null }),
    [...records('companies'), ...schema('companies', 'read')],
  ],
  ['track', uses(track), [...EVENTS, ...records('contacts'), ...schema('contacts', 'read')]],
  ['page without contact traits', uses(page, { contact_traits: false }), EVENTS],
])('a preset needs what its options make it do: %s', (_, flow, scopes) => {
  expect(needed(flow)).toEqual([...scopes].toSorted());
  expect(openFlows([flow])).toEqual([]);
});

const VALUE = { $path: 'properties.id' };
const contact = { type: 'contact', by: 'email', value: VALUE };
const dealById = { type: '0-3', by: 'id', value: VALUE };

test.each<[string, FlowUse, readonly string[]]>([
  [
    'deals',
    ownFlow('upsert-object', { object: 'Deal', key: { by: 'number', value: VALUE }, properties: {} }),
    [...records('deals'), ...schema('deals', 'read')],
  ],
  [
    'a custom object whose key is created',
    ownFlow(
      'upsert-object',
      { object: 'p1_pets', key: { by: 'tag', value: VALUE }, properties: {} },
      { create_key: true },
    ),
    [...records('custom'), ...schema('custom', 'read', 'write')],
  ],
  [
    'tickets, whose properties are read with their records',
    ownFlow('upsert-object', { object: '0-5', key: { by: 'number', value: VALUE }, properties: {} }),
    records('tickets'),
  ],
  [
    'tasks, which count as contacts',
    ownFlow('upsert-object', { object: 'tasks', key: { by: 'id', value: VALUE }, properties: {} }),
    [...records('contacts'), ...schema('contacts', 'read')],
  ],
  [
    'a contact and its deals',
    ownFlow('upsert-contact', {
      email: VALUE,
      properties: { type: 'x', by: 'y' },
      associations: { $default: [{ $path: 'properties.deals' }, [{ to: dealById }]] },
    }),
    [...records('contacts'), ...schema('contacts', 'read'), ...records('deals')],
  ],
  [
    'a company by another key than its domain',
    ownFlow('upsert-company', { key: { by: 'number', value: VALUE }, properties: {} }),
    [...records('companies'), ...schema('companies', 'read')],
  ],
  [
    'an association',
    ownFlow('associate', { from: contact, to: dealById }),
    [...records('contacts'), ...records('deals')],
  ],
  ['an event alone', ownFlow('send-event', { event: 'x', email: VALUE }), EVENTS],
  [
    'an event that makes contact properties',
    ownFlow(
      'send-event',
      { event: 'x', email: VALUE, contact_properties: VALUE },
      { contact: { schema: 'create' } },
    ),
    [...EVENTS, ...records('contacts'), ...schema('contacts', 'read', 'write')],
  ],
  [
    'a list of contacts',
    ownFlow('add-to-list', { list: { name: 'VIP' }, member: contact }),
    [...LISTS, ...of('objects', 'contacts', 'read')],
  ],
  [
    'a list of companies',
    ownFlow('remove-from-list', { list: { name: 'VIP' }, member: { ...contact, type: 'company' } }),
    [...LISTS, ...of('objects', 'companies', 'read')],
  ],
  ['members by id', ownFlow('add-to-list', { list: { name: 'VIP' }, member: dealById }), LISTS],
  [
    'an engagement with its key',
    ownFlow('create-engagement', { type: 'note', associations: [{ to: dealById }] }),
    [...records('contacts'), ...schema('contacts', 'read', 'write'), ...of('objects', 'deals', 'read')],
  ],
  [
    'an engagement without one',
    ownFlow('create-engagement', { type: 'note' }, { key_property: null }),
    [...records('contacts'), ...schema('contacts', 'read')],
  ],
  ['a form', ownFlow('submit-form', { form_id: 'f', fields: {} }), ['forms']],
  [
    'a deletion',
    ownFlow('delete-contact', { contact: { by: 'email', value: VALUE } }, { confirm: 'delete contacts' }),
    records('contacts'),
  ],
])('a flow of its own needs what its mapping names: %s', (_, flow, scopes) => {
  expect(needed(flow)).toEqual([...scopes].toSorted());
  expect(openFlows([flow])).toEqual([]);
});

test.each<[string, FlowUse]>([
  ['object', ownFlow('upsert-object', { object: VALUE, key: { by: 'id', value: VALUE }, properties: {} })],
  ['type id', ownFlow('upsert-object', { object: '0-999', key: { by: 'id', value: 1 }, properties: {} })],
  ['whole record', ownFlow('upsert-object', { $path: 'properties.record' })],
  ['end', ownFlow('associate', { from: contact, to: { ...contact, type: VALUE } })],
  ['pair', ownFlow('associate', { $path: 'properties.pair' })],
  ['member', ownFlow('add-to-list', { list: { name: 'VIP' }, member: VALUE })],
  ['associated record', ownFlow('upsert-contact', { email: VALUE, properties: {}, associations: VALUE })],
])('a flow whose events decide the %s may need more', (_, flow) => {
  expect(openFlows([flow])).toEqual([flow]);
});

test('a scope names all that need it, and an install always asks for the one of every app', () => {
  const toList = ownFlow('add-to-list', { list: { name: 'VIP' }, member: contact });
  const scopes = scopesOf([uses(identify), uses(identify), toList]);
  expect(scopes.get('crm.objects.contacts.read')).toEqual(['hubspot/identify', 'hubspot/add-to-list']);
  expect(scopes.get('crm.lists.write')).toEqual(['hubspot/add-to-list']);
  expect([...scopesOf([]).keys()]).toEqual(['oauth']);
});

test('the older scopes of whole objects do for the finer ones', () => {
  expect(isGranted('crm.objects.tickets.write', ['tickets'])).toBe(true);
  expect(isGranted('crm.objects.line_items.read', ['e-commerce'])).toBe(true);
  expect(isGranted('crm.objects.deals.read', ['tickets', 'e-commerce'])).toBe(false);
});
