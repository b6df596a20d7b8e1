import { expect } from 'vitest';
import type { HubspotEmulator } from '../../emulators/hubspot/index.ts';
import type { Answer, HubspotApi } from './hubspot-emulator-api.ts';

/** Something that holds on every version and through every client. */
export interface Expectation {
  readonly name: string;
  readonly run: (api: HubspotApi, emulator: HubspotEmulator) => Promise<void>;
}

export function idOf(answer: Answer): string {
  return (answer.body as { id: string }).id;
}

export async function createContact(
  api: HubspotApi,
  properties: Readonly<Record<string, unknown>>,
): Promise<string> {
  const answer = await api.create({ properties, associations: [] });
  expect(answer.status).toBe(201);
  return idOf(answer);
}

/** A contact with a primary and a secondary address. */
export async function seedTwoAddresses(api: HubspotApi, emulator: HubspotEmulator): Promise<string> {
  emulator.admin.seed({
    portals: [
      {
        portalId: 1_000_001,
        contacts: [
          { properties: { email: 'main@x.com', firstname: 'Ada' }, additionalEmails: ['Old@x.com'] },
        ],
      },
    ],
  });
  return idOf(await api.read('main@x.com', { idProperty: 'email' }));
}

const refused = (status: number, message: unknown, category = 'VALIDATION_ERROR'): unknown => ({
  status,
  body: expect.objectContaining({
    message,
    category,
    correlationId: expect.any(String) as unknown,
  }) as unknown,
});

export const CONTACT_EXPECTATIONS: readonly Expectation[] = [
  {
    name: 'a new contact answers with what was sent and what HubSpot computes',
    run: async (api, emulator) => {
      const answer = await api.create({
        properties: { email: ' Ada@X.com ', firstname: 'Ada', lastname: 'L', phone: '+1 555 123-4567' },
        associations: [],
      });
      const at = emulator.admin.clock().now;
      expect(answer).toMatchObject({
        status: 201,
        body: {
          id: expect.stringMatching(/^\d{12}$/) as unknown,
          createdAt: at,
          updatedAt: at,
          archived: false,
          properties: {
            email: 'ada@x.com',
            createdate: at,
            lastmodifieddate: at,
            hs_object_id: idOf(answer),
            hs_all_contact_vids: idOf(answer),
            hs_email_domain: 'x.com',
            hs_full_name_or_email: 'Ada L',
            hs_is_contact: 'true',
            hs_is_unworked: 'true',
            lifecyclestage: 'lead',
            hs_lifecyclestage_lead_date: String(Date.parse(at)),
            hs_pipeline: 'contacts-lifecycle-pipeline',
            hs_object_source: 'INTEGRATION',
            hs_object_source_id: '2000001',
            hs_object_source_label: 'INTEGRATION',
            hs_searchable_calculated_phone_number: '5551234567',
            hs_registered_member: '0',
            num_notes: '0',
          },
        },
      });
    },
  },
  {
    name: 'a read gives the default properties, or those asked for: unset ones as null, unknown ones not at all',
    run: async (api) => {
      const id = await createContact(api, { email: 'a@x.com' });
      expect((await api.read(id)).body).toMatchObject({
        properties: { email: 'a@x.com', firstname: null, lastname: null, hs_object_id: id },
      });
      const { properties } = (await api.read(id, { properties: ['city', 'nonsense'] })).body as {
        properties: object;
      };
      expect(Object.keys(properties).toSorted()).toEqual([
        'city',
        'createdate',
        'hs_object_id',
        'lastmodifieddate',
      ]);
      expect(properties).toMatchObject({ city: null });
    },
  },
  {
    name: 'an update answers with what was touched, echoes a clearing, and reads null afterwards',
    run: async (api, emulator) => {
      const id = await createContact(api, { email: 'a@x.com', city: 'Oslo', firstname: 'Ada' });
      emulator.clock.advance(5_000);
      const { status, body } = await api.update(id, { properties: { city: '' } });
      const { properties, updatedAt } = body as { properties: Record<string, string>; updatedAt: string };
      expect([status, properties['city'], updatedAt]).toEqual([200, '', emulator.admin.clock().now]);
      expect(properties).not.toHaveProperty('firstname');
      expect(properties).toMatchObject({ lifecyclestage: 'lead', hs_object_source: 'INTEGRATION' });
      expect((await api.read(id, { properties: ['city'] })).body).toMatchObject({
        properties: { city: null },
      });
    },
  },
  {
    name: 'numbers and booleans come back as text',
    run: async (api) => {
      await api.createProperty({
        groupName: 'contactinformation',
        name: 'score',
        label: 'Score',
        type: 'number',
        fieldType: 'number',
      });
      await api.createProperty({
        groupName: 'contactinformation',
        name: 'vip',
        label: 'VIP',
        type: 'bool',
        fieldType: 'booleancheckbox',
      });
      const id = await createContact(api, { score: 10000, vip: true });
      expect((await api.read(id, { properties: ['score', 'vip'] })).body).toMatchObject({
        properties: { score: '10000', vip: 'true' },
      });
    },
  },
  {
    name: 'all bad properties are named in one answer',
    run: async (api) => {
      const answer = await api.create({
        properties: { email: 'nonsense', foo: '1', hs_object_id: '5', lifecyclestage: 'Lead' },
        associations: [],
      });
      expect(answer).toEqual(
        refused(400, expect.stringMatching(/^Property values were not valid: \[\{"isValid":false/)),
      );
      const { errors } = answer.body as { errors: { code: string; context: { propertyName: string[] } }[] };
      expect(errors.map(({ code, context }) => [code, context.propertyName[0]])).toEqual([
        ['INVALID_EMAIL', 'email'],
        ['PROPERTY_DOESNT_EXIST', 'foo'],
        ['READ_ONLY_VALUE', 'hs_object_id'],
        ['INVALID_OPTION', 'lifecyclestage'],
      ]);
    },
  },
  {
    name: "an address that is another's primary answers 409 with the other's id",
    run: async (api) => {
      const id = await createContact(api, { email: 'a@x.com' });
      expect(await api.create({ properties: { email: 'A@X.COM' }, associations: [] })).toEqual(
        refused(409, `Contact already exists. Existing ID: ${id}`, 'CONFLICT'),
      );
    },
  },
  {
    name: "an address that is another's secondary, or written to someone else, answers 400 and uses up an id",
    run: async (api, emulator) => {
      const holder = await seedTwoAddresses(api, emulator);
      const other = await createContact(api, { email: 'other@x.com' });
      const text = (id: string): string =>
        'Cannot set PropertyValueCoordinates{portalId=1000001, objectTypeId=ObjectTypeId{legacyObjectType=CONTACT}, ' +
        `propertyName=email, value=old@x.com} on ${id}. ${holder} already has that value.`;
      const next = (id: string): string => String(Number(id) + 1);
      expect(await api.create({ properties: { email: 'OLD@x.com' }, associations: [] })).toEqual(
        refused(400, text(next(other))),
      );
      expect(await api.update(other, { properties: { email: 'old@x.com' } })).toEqual(
        refused(400, text(other)),
      );
      expect(await createContact(api, { email: 'third@x.com' })).toBe(next(next(other)));
    },
  },
  {
    name: 'a contact is found and updated by any of its addresses, whatever their case',
    run: async (api, emulator) => {
      const id = await seedTwoAddresses(api, emulator);
      expect((await api.update('OLD@X.com', { properties: { city: 'Bergen' } }, 'email')).status).toBe(200);
      const read = await api.read(id, { properties: ['city', 'email', 'hs_additional_emails'] });
      expect(read.body).toMatchObject({
        properties: { city: 'Bergen', email: 'main@x.com', hs_additional_emails: 'old@x.com' },
      });
    },
  },
  {
    name: 'unknown and archived ids answer 404 without category',
    run: async (api) => {
      const id = await createContact(api, { email: 'a@x.com' });
      expect((await api.archive(id)).status).toBe(204);
      const frame = {
        status: 'error',
        message: 'resource not found',
        correlationId: expect.any(String) as unknown,
      };
      for (const unknown of [id, '999999999999', 'x']) {
        expect(await api.read(unknown)).toEqual({ status: 404, body: frame });
        expect(await api.update(unknown, { properties: { city: 'x' } })).toEqual({
          status: 404,
          body: frame,
        });
      }
      expect((await api.read(id, { archived: true })).body).toMatchObject({ archived: true });
      // The address is free again.
      await createContact(api, { email: 'a@x.com' });
    },
  },
  {
    name: 'an update of nothing is refused',
    run: async (api) => {
      const id = await createContact(api, { email: 'a@x.com' });
      expect(await api.update(id, { properties: {} })).toMatchObject({
        status: 400,
        body: {
          message: 'No properties found to update, please provide at least one.',
          context: { properties: ['{}'] },
        },
      });
    },
  },
  {
    name: 'the lifecycle stage only moves forward, silently, until it is cleared',
    run: async (api) => {
      const id = await createContact(api, { email: 'a@x.com', lifecyclestage: 'customer' });
      const stage = async (): Promise<unknown> =>
        (
          (await api.read(id, { properties: ['lifecyclestage'] })).body as {
            properties: Record<string, unknown>;
          }
        ).properties['lifecyclestage'];
      expect((await api.update(id, { properties: { lifecyclestage: 'lead' } })).status).toBe(200);
      expect(await stage()).toBe('customer');
      await api.update(id, { properties: { lifecyclestage: 'evangelist' } });
      expect(await stage()).toBe('evangelist');
      await api.update(id, { properties: { lifecyclestage: '' } });
      expect(await stage()).toBeNull();
      await api.update(id, { properties: { lifecyclestage: 'lead' } });
      expect(await stage()).toBe('lead');
    },
  },
  {
    name: 'pages come in order of ids, with the next id and a link',
    run: async (api) => {
      const ids = [];
      for (let n = 0; n < 5; n++) ids.push(await createContact(api, { email: `p${n}@x.com` }));
      await api.archive(ids[1] ?? '');
      const first = (await api.list({ limit: 2 })).body as {
        results: { id: string }[];
        paging?: { next?: { after: string; link: string } };
      };
      expect(first.results.map(({ id }) => id)).toEqual([ids[0], ids[2]]);
      expect(first.paging?.next).toMatchObject({
        after: ids[3],
        link: expect.stringContaining(`after=${ids[3]}`) as unknown,
      });
      const last = (await api.list({ limit: 2, after: ids[3] ?? '' })).body;
      expect(last).not.toHaveProperty('paging.next');
      expect((await api.list({ limit: 101 })).status).toBe(400);
    },
  },
  {
    name: 'the versions of a property are kept, newest first',
    run: async (api) => {
      const id = await createContact(api, { email: 'a@x.com', city: 'Oslo' });
      await api.update(id, { properties: { city: 'Bergen' } });
      await api.update(id, { properties: { city: 'Bergen' } });
      expect((await api.read(id, { propertiesWithHistory: ['city'] })).body).toMatchObject({
        propertiesWithHistory: { city: [{ value: 'Bergen', sourceType: 'INTEGRATION' }, { value: 'Oslo' }] },
      });
    },
  },
  {
    name: 'search sees a contact only after its lag, by ascending creation, ten at first',
    run: async (api, emulator) => {
      for (let n = 0; n < 12; n++)
        await createContact(api, { email: `s${n}@x.com`, firstname: n % 2 === 0 ? 'Even' : 'Odd' });
      const body = {
        filterGroups: [{ filters: [{ propertyName: 'firstname', operator: 'EQ', value: 'even' }] }],
      };
      expect((await api.search(body)).body).toMatchObject({ total: 0, results: [] });
      emulator.clock.advance(3_000);
      expect((await api.search(body)).body).toMatchObject({ total: 6 });
      emulator.clock.advance(1_000);
      const page = (await api.search({ filterGroups: [], sorts: [], after: '', limit: 10 })).body as {
        results: { properties: Record<string, string> }[];
        paging: unknown;
      };
      expect(page.results.map(({ properties }) => properties['email'])[0]).toBe('s0@x.com');
      expect(page.paging).toEqual({ next: { after: '10' } });
    },
  },
];
