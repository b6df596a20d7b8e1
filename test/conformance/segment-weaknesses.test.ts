/**
 * What publishers suffer from in Segment's own HubSpot destinations, Classic, Web and Cloud Mode (Actions), and what
 * happens in Linchpin instead. Each was seen in their code or documents
 * (github.com/segmentio/action-destinations and analytics.js-integrations, segment.com/docs, 2026-11).
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hubspot } from '../../src/connectors/hubspot/index.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import type { Outcome } from '../../src/kernel/outcome.ts';
import type { Call } from '../../src/kit/index.ts';
import { makeTestPortal } from '../support/test-portal.ts';
import type { TestPortal } from '../support/test-portal.ts';

let portal: TestPortal;

beforeEach(async () => {
  portal = await makeTestPortal();
});
afterEach(() => portal.close());

const email = 'jo@example.com';
const identify = (traits: JsonObject, userId = 'u1'): JsonObject => ({ userId, traits });
const notesOf = (outcome: Outcome | undefined): string =>
  outcome?.kind === 'delivered' ? (outcome.notes ?? []).join(' ') : '';
const writes = (): readonly Call[] =>
  portal.calls.filter(({ method, path }) => method !== 'GET' && !/batch\/read|search/.test(path));

async function createProperty(type: string, name: string, rest: object = {}): Promise<void> {
  const body = {
    name,
    label: name,
    type: 'string',
    fieldType: 'text',
    groupName: `${type}information`,
    ...rest,
  };
  const { status } = await portal.ask('POST', `/crm/v3/properties/${type}`, body);
  expect(status).toBe(201);
}

test('1: the company object of the specification leaves the contact alive, and names it', async () => {
  const company = { id: 'c1', name: 'Acme', industry: 'Steel', employee_count: 3, plan: 'pro' };
  const [outcome] = await portal.run('hubspot/identify', [identify({ email, company })]);
  expect(outcome).toMatchObject({ kind: 'delivered' });
  expect(await portal.contact(email, 'company')).toMatchObject({ company: 'Acme' });
  expect(notesOf(outcome)).toContain('company.plan');
});

test('2: null and the empty text clear a property', async () => {
  await portal.run('hubspot/identify', [identify({ email, phone: '1', city: 'Oslo', firstName: 'Jo' })]);
  await portal.run('hubspot/identify', [identify({ email, phone: null, city: '' })]);
  expect(await portal.contact(email, 'phone', 'city', 'firstname')).toMatchObject({
    phone: null,
    city: null,
    firstname: 'Jo',
  });
});

test('3: one contact that HubSpot refuses costs none of the ninety-nine others', async () => {
  await createProperty('contact', 'member', { hasUniqueValue: true });
  await portal.run('hubspot/identify', [identify({ email: 'holder@example.com', member: 'M1' })]);
  const people = Array.from({ length: 100 }, (_, index) =>
    identify({ email: `p${String(index)}@example.com`, member: index === 50 ? 'M1' : `N${String(index)}` }),
  );
  const outcomes = await portal.run('hubspot/identify', people);
  expect(outcomes.filter(({ kind }) => kind === 'delivered')).toHaveLength(99);
  expect(outcomes.filter(({ kind }) => kind === 'rejected')).toHaveLength(1);
});

test('4: two calls about one contact in a batch both count, newest first field by field', async () => {
  const outcomes = await portal.run('hubspot/identify', [
    identify({ email, first_name: 'Jo', phone: '1' }),
    identify({ email: 'JO@Example.com', phone: '2' }),
  ]);
  expect(outcomes).toHaveLength(1);
  expect(await portal.contact(email, 'firstname', 'phone')).toMatchObject({ firstname: 'Jo', phone: '2' });
});

test('5: an address with signs that mean something in a path stays an address', async () => {
  const odd = 'a#b/c?d@example.com';
  const outcomes = await portal.run('hubspot/identify', [identify({ email: odd, firstName: 'Odd' })]);
  expect(outcomes).toMatchObject([{ kind: 'delivered' }]);
  expect(await portal.contact(odd, 'firstname')).toMatchObject({ firstname: 'Odd' });
  expect(portal.calls.map(({ path }) => path).join(' ')).not.toContain('a#b');
});

test('6: a contact that somebody else creates in between is updated, and not in conflict', async () => {
  let isCreated = false;
  const outcomes = await portal.run('hubspot/identify', [identify({ email, firstName: 'Jo' })], {
    before: async ({ path }) => {
      if (isCreated || !/batch\/(upsert|create)/.test(path)) return;
      isCreated = true;
      await portal.ask('POST', '/crm/v3/objects/contacts', { properties: { email, city: 'Oslo' } });
    },
  });
  expect(isCreated).toBe(true);
  expect(outcomes).toMatchObject([{ kind: 'delivered' }]);
  expect(await portal.contact(email, 'firstname', 'city')).toMatchObject({ firstname: 'Jo', city: 'Oslo' });
});

test('7: companies that travel together are associated with their contacts all the same', async () => {
  const names = ['a', 'b', 'c'];
  await portal.run(
    'hubspot/identify',
    names.map((name) => identify({ email: `${name}@example.com` })),
  );
  const outcomes = await portal.run(
    'hubspot/group',
    names.map((name) => ({
      userId: `${name}@example.com`,
      groupId: name,
      traits: { website: `https://${name}.example`, name },
    })),
  );
  expect(outcomes.map(({ kind }) => kind)).toEqual(['delivered', 'delivered', 'delivered']);
  for (const outcome of outcomes) {
    const id = outcome.kind === 'delivered' ? (outcome.remoteId ?? '') : '';
    const { body } = await portal.ask('GET', `/crm/v4/objects/companies/${id}/associations/contacts`);
    expect((body as { results: unknown[] }).results).toHaveLength(1);
  }
  expect(writes().filter(({ path }) => path.includes('associations'))).toHaveLength(1);
});

test('8: a property that HubSpot does not have is named and the rest is written, or it is created', async () => {
  const traits = { email, firstName: 'Jo', shoe_size: 43 };
  const [outcome] = await portal.run('hubspot/identify', [identify(traits)]);
  expect(notesOf(outcome)).toContain('shoe_size');
  expect(await portal.contact(email, 'firstname')).toMatchObject({ firstname: 'Jo' });
  await portal.run('hubspot/identify', [identify(traits)], { options: { schema: 'create' } });
  expect(await portal.contact(email, 'shoe_size')).toMatchObject({ shoe_size: '43' });
});

test('9: a group call from a browser is as good as one from a server', async () => {
  const fromBrowser = {
    anonymousId: 'a1',
    userId: email,
    groupId: 'g1',
    traits: { website: 'https://acme.example', name: 'Acme' },
    context: {
      library: { name: 'analytics.js', version: 'npm:next-1.84.3' },
      page: { url: 'https://x.example' },
    },
  };
  await portal.run('hubspot/identify', [identify({ email })]);
  expect(await portal.run('hubspot/group', [fromBrowser])).toMatchObject([{ kind: 'delivered' }]);
});

test('10: page and screen calls of servers arrive, as events or with the contact', async () => {
  const call = { userId: email, name: 'Pricing', properties: { url: 'https://acme.example/pricing' } };
  for (const type of ['page', 'screen'] as const) {
    expect(await portal.run('hubspot/page', [call], { type })).toMatchObject([{ kind: 'delivered' }]);
  }
  expect(await portal.run('hubspot/last-page', [call])).toMatchObject([{ kind: 'delivered' }]);
  expect(await portal.contact(email, 'last_page_url')).toMatchObject({ last_page_url: call.properties.url });
});

test('11: the token of a private app is enough', async () => {
  const settings = hubspot.settings.parse({ access_token: 'pat-na1-mine' });
  expect(hubspot.auth(settings)).toMatchObject({ kind: 'bearer' });
  expect(await portal.run('hubspot/identify', [identify({ email })])).toMatchObject([{ kind: 'delivered' }]);
});

test('12: a lifecycle stage moves forward in one write, and is never blanked on the way', async () => {
  for (const stage of ['lead', 'customer', 'lead']) {
    await portal.run('hubspot/identify', [identify({ email, lifecycle_stage: stage })]);
    expect(writes().length).toBeLessThanOrEqual(1);
    expect(JSON.stringify(writes())).not.toContain('"lifecyclestage":""');
  }
  expect(await portal.contact(email, 'lifecyclestage')).toMatchObject({ lifecyclestage: 'customer' });
});

test('13: numbers, flags and dates are brought into the form of their property, or named', async () => {
  await createProperty('contact', 'renewal', { type: 'date', fieldType: 'date' });
  await createProperty('contact', 'visits', { type: 'number', fieldType: 'number' });
  const options = [
    { label: 'Yes', value: 'true' },
    { label: 'No', value: 'false' },
  ];
  await createProperty('contact', 'is_vip', { type: 'bool', fieldType: 'booleancheckbox', options });
  const traits = { email, renewal: '2026-11-20T23:30:00+01:00', visits: '7', is_vip: true };
  await portal.run('hubspot/identify', [identify(traits)]);
  const written = { renewal: '2026-11-20', visits: '7', is_vip: 'true' };
  expect(await portal.contact(email, 'renewal', 'visits', 'is_vip')).toMatchObject(written);
  const [outcome] = await portal.run('hubspot/identify', [
    identify({ email, renewal: 'soon', visits: 'many' }),
  ]);
  expect(notesOf(outcome)).toMatch(/renewal[^]*visits|visits[^]*renewal/);
  expect(await portal.contact(email, 'renewal', 'visits')).toMatchObject({
    renewal: '2026-11-20',
    visits: '7',
  });
});

test('14: every call of a batch has an outcome and remarks of its own', async () => {
  const outcomes = await portal.run('hubspot/identify', [
    identify({ email: 'a@example.com', first_name: 'A' }),
    identify({ email: 'b@example.com', nonsense: 1 }),
    identify({ email: 'c,c@example.com', first_name: 'C' }),
    identify({ plan: 'gold' }),
  ]);
  expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['delivered', 'delivered', 'rejected', 'skipped']);
  expect(outcomes.map(notesOf).filter((notes) => notes.includes('nonsense'))).toHaveLength(1);
});

test('15: a visitor without address is kept by the cookie of HubSpot, when the sender passes it on', async () => {
  const call = {
    anonymousId: 'a1',
    event: 'Read',
    context: { hubspotutk: 'c0ffee' },
    properties: { depth: 3 },
  };
  expect(await portal.run('hubspot/track', [call])).toMatchObject([{ kind: 'delivered' }]);
  const sent = writes().find(({ path }) => path.includes('/send'));
  expect(JSON.stringify(sent?.body)).toContain('"utk":"c0ffee"');
});

test('16: a contact is found by a unique property of the publisher, without any address', async () => {
  await createProperty('contact', 'member', { hasUniqueValue: true });
  const options = { user_id_property: 'member' };
  await portal.run('hubspot/identify', [identify({ email, first_name: 'Jo' }, 'M1')], { options });
  expect(await portal.run('hubspot/identify', [identify({ city: 'Oslo' }, 'M1')], { options })).toMatchObject(
    [{ kind: 'delivered' }],
  );
  expect(await portal.contact(email, 'member', 'city')).toMatchObject({ member: 'M1', city: 'Oslo' });
});

test('17: calls wait for HubSpot’s limits before they are made, by the plan of the account', () => {
  const settings = hubspot.settings.parse({ access_token: 'x', plan: 'free' });
  const call: Call = { kind: 'call', method: 'POST', path: '/crm/v3/objects/contacts/batch/upsert' };
  const limits = hubspot.http.limits(settings).filter(({ appliesTo }) => appliesTo(call));
  expect(limits).toContainEqual(expect.objectContaining({ calls: 100, perMs: 10_000 }));
});

test('18: values of events arrive to the letter', async () => {
  const properties = {
    code: '01234',
    hex: '0x10',
    phone: '+31612345678',
    long: '12345678901234567890',
    empty: '',
    list: [5],
    flag: 'true',
    nothing: null,
  };
  const [outcome] = await portal.run('hubspot/track', [{ userId: email, event: 'Odd Values', properties }]);
  expect(outcome).toMatchObject({ kind: 'delivered' });
  const sent = writes().find(({ path }) => path.includes('/send'));
  const { inputs = [] } = (sent?.body ?? {}) as { inputs?: readonly { properties: object }[] };
  const { nothing, list, ...same } = properties;
  expect(inputs[0]?.properties).toEqual({ ...same, list: '5' });
  expect([nothing, list, notesOf(outcome)]).toEqual([null, [5], expect.stringContaining('nothing')]);
});

test('18: long ids that JSON has rounded are left out and named, never sent changed', async () => {
  const ids = JSON.parse('{"order":12345678901234567890,"n":9007199254740993}') as JsonObject;
  await createProperty('contact', 'n', { type: 'number', fieldType: 'number' });
  await createProperty('contact', 'order', { type: 'string', fieldType: 'text' });
  const [contact] = await portal.run('hubspot/identify', [identify({ email, ...ids, firstName: 'Ann' })]);
  expect(notesOf(contact)).toContain('send it as text): order, n.');
  expect(await portal.contact(email, 'firstname', 'order', 'n')).toMatchObject({
    firstname: 'Ann',
    order: null,
    n: null,
  });
  const properties = { ...ids, code: '9007199254740993' };
  const [event] = await portal.run('hubspot/track', [{ userId: email, event: 'Paid', properties }]);
  expect(notesOf(event)).toContain('send it as text): order, n.');
  const sent = writes().find(({ path }) => path.includes('/send'));
  expect(sent?.body).toMatchObject({ inputs: [{ properties: { code: '9007199254740993' } }] });
  expect(JSON.stringify(sent?.body)).not.toMatch(/12345678901234567|9007199254740992/);
});

test('19: a list stays one value, in events and in contacts', async () => {
  const options = ['news', 'sport'].map((value) => ({ label: value, value }));
  await createProperty('contact', 'topics', { type: 'enumeration', fieldType: 'checkbox', options });
  const topics = ['news', 'sport'];
  await portal.run('hubspot/identify', [identify({ email, topics })]);
  expect(await portal.contact(email, 'topics')).toMatchObject({ topics: 'news;sport' });
  await portal.run('hubspot/track', [{ userId: email, event: 'Chose', properties: { topics } }]);
  const sent = JSON.stringify(writes().find(({ path }) => path.includes('/send'))?.body);
  expect(sent).toContain('"topics":"news;sport"');
  expect(sent).not.toContain('topics_0');
});

test('20: records for different lists share a batch, and each reaches its own', async () => {
  await portal.run('hubspot/identify', [identify({ email }), identify({ email: 'bo@example.com' })]);
  const outcomes = await portal.deliver(
    'add-to-list',
    [
      { list: { name: 'VIPs' }, member: { type: 'contacts', by: 'email', value: email } },
      { list: { name: 'Leavers' }, member: { type: 'contacts', by: 'email', value: 'bo@example.com' } },
    ],
    { create: true },
  );
  expect(outcomes.map(({ kind }) => kind)).toEqual(['delivered', 'delivered']);
  for (const name of ['VIPs', 'Leavers']) {
    const { body } = await portal.ask('GET', `/crm/v3/lists/object-type-id/0-1/name/${name}`);
    const { listId } = (body as { list: { listId: string } }).list;
    const members = await portal.ask('GET', `/crm/v3/lists/${listId}/memberships`);
    expect((members.body as { results: unknown[] }).results).toHaveLength(1);
  }
});
