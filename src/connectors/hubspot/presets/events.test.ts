import { expect, test } from 'vitest';
import type { EventType, LoggedEvent } from '../../../kernel/event.ts';
import type { JsonObject } from '../../../kernel/json.ts';
import { lastPage } from './last-page.ts';
import { page } from './page.ts';
import { track } from './track.ts';

const AT = '2026-11-01T10:00:00.000Z';

function anEvent(type: EventType, name: string | null, payload: JsonObject): LoggedEvent {
  return {
    position: 1,
    id: 'm1',
    source: 'site',
    type,
    name,
    personKey: 'u1',
    occurredAt: AT,
    receivedAt: AT,
    payload,
  };
}

function mapTrack(payload: JsonObject, options: object = {}) {
  const parsed = track.action.options.parse({ ...track.options, ...options });
  return track.map(anEvent('track', 'Order Completed', payload), parsed);
}

test('a track call is an event of its name, time and id, with its properties', () => {
  const properties = { email: 'a@x.io', total: 5, code: '01234', lines: [{ sku: 1 }] };
  expect(mapTrack({ userId: 'u1', properties })).toEqual({
    kind: 'input',
    input: {
      event: 'Order Completed',
      email: 'a@x.io',
      object_type: 'contacts',
      occurred_at: AT,
      uuid: 'm1',
      properties: { total: 5, code: '01234', lines: [{ sku: 1 }] },
    },
  });
});

test.each<[string, JsonObject, object]>([
  [
    'properties.email first',
    { userId: 'c@x.io', properties: { email: 'a@x.io' }, context: { traits: { email: 'b@x.io' } } },
    { email: 'a@x.io' },
  ],
  [
    'context.traits.email next',
    { userId: 'c@x.io', context: { traits: { email: 'b@x.io' } } },
    { email: 'b@x.io' },
  ],
  ['a user id that is an address', { userId: 'c@x.io' }, { email: 'c@x.io' }],
  ['the cookie of HubSpot', { anonymousId: 'a1', context: { hubspotutk: 'abc' } }, { utk: 'abc' }],
  [
    'the cookie among the properties',
    { anonymousId: 'a1', properties: { hubspotutk: 'abc' } },
    { utk: 'abc' },
  ],
])('the contact of an event is found by %s', (_, payload, subject) => {
  expect(mapTrack(payload)).toMatchObject({ input: subject });
  expect(mapTrack(payload)).not.toHaveProperty('input.properties.hubspotutk');
});

test('context.traits become properties of the contact, with the names that identify calls give them', () => {
  const payload = {
    properties: { email: 'a@x.io' },
    context: {
      traits: { firstName: 'Peter', company: { name: 'Acme' }, 'Favourite Colour': 'red', email: 'b@x.io' },
    },
  };
  expect(mapTrack(payload)).toMatchObject({
    input: {
      email: 'a@x.io',
      contact_properties: { firstname: 'Peter', company: 'Acme', favourite_colour: 'red' },
    },
  });
  expect(mapTrack(payload, { contact_traits: false })).not.toHaveProperty('input.contact_properties');
  // A visitor without address is nobody whose properties could be written.
  const visitor = { context: { hubspotutk: 'abc', traits: { firstName: 'Peter' } } };
  expect(mapTrack(visitor)).not.toHaveProperty('input.contact_properties');
});

test('an event of nobody is skipped with its reason', () => {
  expect(mapTrack({ userId: 'u1', properties: {} })).toEqual({
    kind: 'skip',
    reason:
      'The call has no e-mail address in properties.email, context.traits.email or userId, and no hubspotutk.',
  });
});

test.each<[EventType, string]>([
  ['page', 'Viewed Page'],
  ['screen', 'Viewed Screen'],
])('a %s call is the event %s, told apart by its properties', (type, event) => {
  const properties = { url: 'https://acme.com/a', title: 'A' };
  const payload = { userId: 'a@x.io', category: 'Docs', properties };
  const mapped = page.map(anEvent(type, 'Home', payload), page.action.options.parse(page.options));
  expect(mapped).toMatchObject({
    input: { event, email: 'a@x.io', properties: { name: 'Home', category: 'Docs', ...properties } },
  });
});

test('the names of the events for pages and screens are the flow’s to choose', () => {
  const options = page.action.options.parse({ ...page.options, page_event: 'Loaded a page' });
  expect(page.map(anEvent('page', null, { userId: 'a@x.io' }), options)).toMatchObject({
    input: { event: 'Loaded a page', properties: {} },
  });
});

function mapLastPage(type: EventType, payload: JsonObject, options: object = {}) {
  const parsed = lastPage.action.options.parse({ ...lastPage.options, ...options });
  return lastPage.map(anEvent(type, 'Home', payload), parsed);
}

test('without custom events the last page is kept with the contact', () => {
  const url = 'https://acme.com/a';
  expect(mapLastPage('page', { userId: 'a@x.io', properties: { url, title: 'A' } })).toMatchObject({
    input: { email: 'a@x.io', properties: { last_page_url: url, last_page_title: 'A', last_page_at: AT } },
  });
  expect(mapLastPage('page', { userId: 'a@x.io', context: { page: { url } } })).toMatchObject({
    input: { properties: { last_page_url: url, last_page_title: 'Home' } },
  });
});

test('a screen has no address, and clears that of the page before', () => {
  expect(mapLastPage('screen', { userId: 'a@x.io' })).toMatchObject({
    input: { properties: { last_page_url: null, last_page_title: 'Home' } },
  });
});

test('a page of somebody unknown is skipped, unless a property holds user ids', () => {
  expect(mapLastPage('page', { userId: 'u1' })).toMatchObject({ kind: 'skip' });
  expect(mapLastPage('page', { userId: 'u1' }, { user_id_property: 'member' })).toMatchObject({
    input: { key: { by: 'member', value: 'u1' } },
  });
});
