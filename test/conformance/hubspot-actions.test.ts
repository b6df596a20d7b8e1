import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startHubspotEmulator } from '../../emulators/hubspot/index.ts';
import type { HubspotEmulator } from '../../emulators/hubspot/index.ts';
import { addToList } from '../../src/connectors/hubspot/actions/add-to-list.ts';
import { associate } from '../../src/connectors/hubspot/actions/associate.ts';
import { createEngagement } from '../../src/connectors/hubspot/actions/create-engagement.ts';
import { deleteContact } from '../../src/connectors/hubspot/actions/delete-contact.ts';
import { removeFromList } from '../../src/connectors/hubspot/actions/remove-from-list.ts';
import { sendEvent } from '../../src/connectors/hubspot/actions/send-event.ts';
import { submitForm } from '../../src/connectors/hubspot/actions/submit-form.ts';
import { upsertContact } from '../../src/connectors/hubspot/actions/upsert-contact.ts';
import { API_VERSIONS } from '../../src/connectors/hubspot/settings.ts';
import { aCache } from '../support/drive-steps.ts';
import { EmulatedHubspot } from '../support/emulated-hubspot.ts';

const PORTAL_ID = 1_000_001;
const FORM = '11111111-2222-4333-8444-555555555555';
const ALL = ['a@x.io', 'b@x.io', 'c@x.io'] as const;

describe.each(API_VERSIONS)('HubSpot %s', (version) => {
  let emulator: HubspotEmulator;
  let portal: EmulatedHubspot;

  beforeEach(async () => {
    emulator = await startHubspotEmulator();
    portal = new EmulatedHubspot(emulator, version);
    emulator.admin.seed({
      portals: [
        {
          portalId: PORTAL_ID,
          plan: 'enterprise',
          objects: {
            contacts: ALL.map((email) => ({ properties: { email } })),
            companies: [{ properties: { name: 'Acme', domain: 'acme.com' } }],
          },
          forms: [{ guid: FORM, fields: [{ name: 'email', required: true }, { name: 'firstname' }] }],
        },
      ],
      switches: { eventLagMs: 0, searchLagMs: 0 },
    });
  });
  afterEach(() => emulator.close());

  const contact = (email: string) => ({ type: 'contacts', by: 'email', value: email });
  const acme = { type: 'companies', by: 'domain', value: 'Acme.com' };

  async function idOf(email: string): Promise<string> {
    const path = `/crm/v3/objects/contacts/${encodeURIComponent(email)}`;
    const { body } = await portal.send({ method: 'GET', path, query: { idProperty: 'email' } });
    return (body as { id: string }).id;
  }

  async function linksOf(email: string): Promise<readonly unknown[]> {
    const path = `/crm/v4/objects/contacts/${await idOf(email)}/associations/companies`;
    const { body } = await portal.send({ method: 'GET', path });
    return (body as { results: { associationTypes: unknown[] }[] }).results.flatMap(
      ({ associationTypes }) => associationTypes,
    );
  }

  test('associations are made in one call, with labels, the primary one, and again without harm', async () => {
    const links = [
      { from: contact('a@x.io'), to: acme },
      { from: contact('b@x.io'), to: acme, label: 'Primary' },
      { from: contact('c@x.io'), to: acme, label: 'Editor in chief' },
    ];
    const cache = aCache();
    const made = await portal.deliver(associate, links, { create_label: true }, cache);
    expect(made.map(({ kind }) => kind)).toEqual(['delivered', 'delivered', 'delivered']);
    expect(await linksOf('b@x.io')).toContainEqual(expect.objectContaining({ typeId: 1 }));
    expect(await linksOf('c@x.io')).toContainEqual(expect.objectContaining({ label: 'Editor in chief' }));
    expect(await portal.deliver(associate, links, {}, cache)).toEqual(made);
    expect(portal.calls.map((call) => call.replace(/^.*companies/, ''))).toEqual([
      '/batch/associate/default',
      '/batch/create',
    ]);
  });

  test('an end that is missing is named, and costs no other link', async () => {
    const outcomes = await portal.deliver(associate, [
      { from: contact('late@x.io'), to: acme },
      { from: contact('a@x.io'), to: { type: 'companies', by: 'id', value: '404' } },
      { from: contact('b@x.io'), to: acme },
    ]);
    expect(outcomes).toMatchObject([
      { kind: 'retry', fault: { message: expect.stringContaining('"from" end') as string } },
      { kind: 'retry', fault: { message: expect.stringContaining('"to" end') as string } },
      { kind: 'delivered' },
    ]);
  });

  test('events are sent with definitions made on the way, and values arrive as they were', async () => {
    const cache = aCache();
    const properties = { order_id: '00123', total: 12.5, vip: true, items: ['a', 'b'], note: '' };
    const events = ALL.map((email) => ({
      event: 'Order Completed',
      email,
      occurred_at: '2026-10-01T10:00:00.000Z',
      uuid: `m-${email}`,
      properties,
      contact_properties: { firstname: 'Ada' },
    }));
    expect(await portal.deliver(sendEvent, events, { schema: 'create' }, cache)).toEqual(
      ALL.map(() => ({ kind: 'delivered' })),
    );
    const more = events.map((event) => ({ ...event, properties: { ...properties, coupon: 'X' } }));
    expect(await portal.deliver(sendEvent, more, { schema: 'extend' }, cache)).toMatchObject([
      { kind: 'delivered' },
      { kind: 'delivered' },
      { kind: 'delivered' },
    ]);
    await portal.deliver(sendEvent, more, {}, cache);
    expect(portal.calls.map((call) => call.replace(/^.*\/events/, '/events'))).toEqual([
      version === 'v3' ? '/events/v3/send/batch' : `/events/custom/${version}/send/batch`,
    ]);
    expect(await portal.records('contacts', 'firstname')).toContainEqual({ firstname: 'Ada' });
    const occurrences = await portal.send({
      method: 'GET',
      path: '/events/v3/events',
      query: {
        objectType: 'contact',
        objectId: await idOf('a@x.io'),
        eventType: `pe${String(PORTAL_ID)}_order_completed`,
      },
    });
    expect(occurrences.body).toMatchObject({
      results: expect.arrayContaining([
        expect.objectContaining({
          properties: expect.objectContaining({
            order_id: '00123',
            total: '12.5',
            vip: 'true',
            items: 'a;b',
          }),
        }),
      ]),
    });
  });

  test('an event that HubSpot refuses costs that event only', async () => {
    const cache = aCache();
    await portal.deliver(sendEvent, [{ event: 'seen', email: 'a@x.io' }], { schema: 'create' }, cache);
    const outcomes = await portal.deliver(
      sendEvent,
      [
        { event: 'seen', email: 'a@x.io' },
        { event: 'seen', object_id: 'not a number' },
        { event: 'never made', email: 'a@x.io' },
      ],
      {},
      cache,
    );
    expect(outcomes.map(({ kind }) => kind)).toEqual(['delivered', 'rejected', 'rejected']);
  });

  test('records go in and out of a list that is made on the way, and an active one is refused', async () => {
    const inVip = (email: string) => ({ list: { name: 'VIP' }, member: contact(email) });
    expect((await portal.deliver(addToList, [inVip('a@x.io')]))[0]).toMatchObject({ kind: 'rejected' });
    const added = await portal.deliver(addToList, ['late@x.io', ...ALL].map(inVip), { create: true });
    expect(added.map(({ kind }) => kind)).toEqual(['retry', 'delivered', 'delivered', 'delivered']);
    const again = await portal.deliver(addToList, [inVip('a@x.io')]);
    expect(again).toMatchObject([{ kind: 'delivered', notes: ['unchanged'] }]);
    expect(await portal.deliver(removeFromList, [inVip('a@x.io'), inVip('nobody@x.io')])).toMatchObject([
      { kind: 'delivered' },
      { kind: 'skipped' },
    ]);
  });

  test('an engagement is created once per key, with what it belongs to', async () => {
    const note = (key: string, ...emails: string[]) => ({
      type: 'note',
      key,
      occurred_at: '2026-10-01T10:00:00Z',
      body: `Note ${key}`,
      associations: [...emails.map((email) => ({ to: contact(email) })), { to: acme }],
    });
    const cache = aCache();
    const first = await portal.deliver(
      createEngagement,
      [note('1', 'a@x.io'), note('2', 'b@x.io')],
      {},
      cache,
    );
    expect(first.map(({ kind }) => kind)).toEqual(['delivered', 'delivered']);
    const second = await portal.deliver(createEngagement, [note('1', 'a@x.io'), note('3')], {}, cache);
    expect(second).toMatchObject([{ ...first[0], notes: ['created before'] }, { kind: 'delivered' }]);
    expect(await portal.records('notes', 'hs_note_body')).toHaveLength(3);
    const path = `/crm/v4/objects/contacts/${await idOf('a@x.io')}/associations/notes`;
    expect((await portal.send({ method: 'GET', path })).body).toMatchObject({
      results: [{ associationTypes: [{ typeId: 201 }] }],
    });
  });

  test.each(['call', 'email', 'meeting', 'task'] as const)('a %s is created', async (type) => {
    const engagement = { type, key: 'k', occurred_at: '2026-10-01T10:00:00Z', title: 'T', body: 'B' };
    const associations = [{ to: contact('a@x.io') }];
    const [outcome] = await portal.deliver(createEngagement, [{ ...engagement, associations }]);
    expect(outcome).toMatchObject({ kind: 'delivered', remoteId: expect.any(String) as string });
    expect(outcome).not.toHaveProperty('notes');
  });

  test('a form makes the contact, and a bad cookie costs the cookie only', async () => {
    const form = {
      form_id: FORM,
      fields: { email: 'New@x.io', firstname: 'Eva' },
      page_url: 'https://x.io/p',
    };
    expect(await portal.deliver(submitForm, [{ ...form, hutk: 'f'.repeat(32) }])).toEqual([
      { kind: 'delivered' },
    ]);
    expect(await portal.deliver(submitForm, [{ ...form, hutk: 'nonsense' }])).toEqual([
      { kind: 'delivered', notes: ['Left out, refused by HubSpot: hutk.'] },
    ]);
    expect(await portal.deliver(submitForm, [{ form_id: FORM, fields: { firstname: 'Eva' } }])).toMatchObject(
      [{ kind: 'rejected', fault: { code: 'hubspot.REQUIRED_FIELD' } }],
    );
    expect(await portal.records('contacts', 'email', 'firstname')).toContainEqual({
      email: 'new@x.io',
      firstname: 'Eva',
    });
  });

  test('a contact that was deleted is made anew, though this worker wrote the same values before', async () => {
    const cache = aCache();
    const ada = { email: 'a@x.io', properties: { firstname: 'Ada' } };
    await portal.deliver(upsertContact, [ada], {}, cache);
    const by = { contact: { by: 'email', value: 'A@x.io' } };
    await portal.deliver(deleteContact, [by], { confirm: 'delete contacts' }, cache);
    await portal.deliver(upsertContact, [ada], {}, cache);
    expect(await portal.records('contacts', 'firstname', 'email')).toContainEqual({
      firstname: 'Ada',
      email: 'a@x.io',
    });
  });

  test('contacts are archived together, or deleted for good and their addresses blocked', async () => {
    const by = (email: string) => ({ contact: { by: 'email', value: email } });
    const archive = { confirm: 'delete contacts' };
    const gone = await portal.deliver(deleteContact, [by('a@x.io'), by('nobody@x.io')], archive);
    expect(gone.map(({ kind }) => kind)).toEqual(['delivered', 'skipped']);
    const forGood = { mode: 'gdpr', confirm: 'delete contacts for good' };
    expect(await portal.deliver(deleteContact, [by('b@x.io')], forGood)).toEqual([{ kind: 'delivered' }]);
    expect(await portal.records('contacts', 'email')).toEqual([{ email: 'c@x.io' }]);
    expect(await portal.deliver(upsertContact, [{ email: 'b@x.io', properties: {} }])).toMatchObject([
      { kind: 'rejected' },
    ]);
  });
});
