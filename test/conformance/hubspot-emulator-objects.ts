import { expect } from 'vitest';
import type { HubspotEmulator } from '../../emulators/hubspot/index.ts';
import type { ObjectApi } from './hubspot-emulator-object-api.ts';
import { AT, create, shown } from './hubspot-emulator-object-types.ts';
import type { Shown } from './hubspot-emulator-object-types.ts';

/** Something that holds for records of several types, on every version and through every client. */
export interface ObjectExpectation {
  readonly name: string;
  readonly run: (api: ObjectApi, emulator: HubspotEmulator) => Promise<void>;
}

const definition = (groupName: string, name: string): Record<string, unknown> => ({
  groupName,
  name,
  label: name,
  type: 'string',
  fieldType: 'text',
  hasUniqueValue: true,
});

export const OBJECT_EXPECTATIONS: readonly ObjectExpectation[] = [
  {
    name: 'a company answers with its website, its stage and its counters, and is not unique by domain',
    run: async (api) => {
      const { properties } = await create(api, 'companies', { name: 'Acme', domain: 'acme.com' });
      expect(properties).toMatchObject({
        website: 'acme.com',
        lifecyclestage: 'lead',
        hs_pipeline: 'companies-lifecycle-pipeline',
        hs_task_label: 'Acme',
        num_associated_contacts: '0',
        num_notes: '0',
        hs_annual_revenue_currency_code: 'USD',
      });
      expect(properties).not.toHaveProperty('lastmodifieddate');
      await create(api, 'companies', { domain: 'acme.com' });
      const refused = await api.batch('companies', 'upsert', {
        inputs: [{ id: 'acme.com', idProperty: 'domain', properties: {} }],
      });
      expect(refused).toMatchObject({
        status: 400,
        body: {
          message: 'Unable to perform update/upsert by non-unique 0-2 property domain in portal ID 1000001',
        },
      });
    },
  },
  {
    name: 'a company without name and domain, and an activity without its time, are refused',
    run: async (api) => {
      expect(await api.create('companies', { city: 'Oslo' })).toMatchObject({
        status: 400,
        body: { category: 'VALIDATION_ERROR', context: { properties: ['name', 'domain'] } },
      });
      expect(await api.create('notes', { hs_note_body: 'x' })).toMatchObject({
        status: 400,
        body: {
          message: 'Error creating NOTE. Some required properties were not set.',
          context: { properties: ['hs_timestamp'] },
        },
      });
    },
  },
  {
    name: 'a deal needs neither stage nor pipeline unless the account goes by the documents',
    run: async (api, emulator) => {
      const { properties } = await create(api, 'deals', { dealname: 'Big', amount: 10000 });
      expect(properties).toMatchObject({
        amount: '10000',
        amount_in_home_currency: '10000',
        hs_forecast_amount: '10000',
        hs_projected_amount: '0',
        hs_is_closed_won: 'false',
      });
      expect(properties).not.toHaveProperty('dealstage');
      emulator.admin.seed({ switches: { requiredProperties: 'documented' } });
      expect(await api.create('deals', { dealname: 'Big' })).toMatchObject({
        status: 400,
        body: { context: { properties: ['dealstage', 'pipeline'] } },
      });
    },
  },
  {
    name: "a deal's stage must be one of its pipeline's, and says whether the deal is won",
    run: async (api) => {
      const won = await create(api, 'deals', {
        dealname: 'A',
        amount: '50',
        pipeline: 'default',
        dealstage: 'closedwon',
      });
      expect(won.properties).toMatchObject({
        hs_is_closed: 'true',
        hs_is_closed_won: 'true',
        hs_projected_amount: '50',
      });
      for (const bad of [{ dealstage: 'nonsense' }, { pipeline: 'nonsense' }]) {
        expect(await api.update('deals', won.id, bad)).toMatchObject({
          status: 400,
          body: { errors: [{ code: 'INVALID_OPTION' }] },
        });
      }
    },
  },
  {
    name: 'a ticket begins in the first stage of the first pipeline',
    run: async (api) => {
      const ticket = await create(api, 'tickets', { subject: 'Help' });
      expect(ticket.properties).toMatchObject({
        hs_ticket_id: ticket.id,
        hs_pipeline: '0',
        hs_pipeline_stage: '1',
        hs_is_closed: 'false',
        hs_is_visible_in_help_desk: 'true',
      });
      await api.update('tickets', ticket.id, { hs_pipeline_stage: '4' });
      const read = await api.read('tickets', ticket.id, { properties: ['hs_is_closed'] });
      expect(shown(read).properties['hs_is_closed']).toBe('true');
    },
  },
  {
    name: 'a note echoes its time as it was sent and reads it as it is stored, with a preview of its body',
    run: async (api) => {
      const note = await create(api, 'notes', { hs_timestamp: AT, hs_note_body: '<p>Hello</p>' });
      expect(note.properties).toMatchObject({
        hs_timestamp: AT,
        hs_body_preview: 'Hello',
        hs_body_preview_is_truncated: 'false',
        hs_obj_coords: `0-46-${note.id}`,
      });
      const read = await api.read('notes', note.id, { properties: ['hs_timestamp'] });
      expect(shown(read).properties['hs_timestamp']).toBe('2026-03-12T10:00:00.000Z');
    },
  },
  {
    name: 'a custom unique property identifies records of any type, and its value is taken once',
    run: async (api) => {
      const made = await api.createProperty('companies', definition('companyinformation', 'org_no'));
      expect(made).toMatchObject({ status: 201, body: { hasUniqueValue: true } });
      const inputs = [{ id: 'o1', idProperty: 'org_no', properties: { name: 'Acme' } }];
      const created = await api.batch('companies', 'upsert', { inputs });
      expect(created).toMatchObject({
        status: 200,
        body: { results: [{ new: true, properties: { org_no: 'o1', name: 'Acme' } }] },
      });
      expect((await api.batch('companies', 'upsert', { inputs })).body).toMatchObject({
        results: [{ new: false }],
      });
      const read = await api.read('companies', 'o1', { idProperty: 'org_no', properties: ['name'] });
      const { id } = shown(read);
      expect(read).toMatchObject({ status: 200, body: { properties: { name: 'Acme' } } });
      const other = await api.create('companies', { name: 'B', org_no: 'o1' });
      expect(other).toMatchObject({
        status: 400,
        body: {
          message: expect.stringMatching(
            new RegExp(
              `ObjectTypeId\\{legacyObjectType=COMPANY\\}, propertyName=org_no, value=o1\\} on \\d+\\. ${id} already`,
            ),
          ) as unknown,
        },
      });
      // The same name on another object is another property.
      await create(api, 'deals', { dealname: 'C' });
      expect((await api.read('deals', 'o1', { idProperty: 'org_no' })).status).toBe(400);
    },
  },
  {
    name: 'properties belong to their object, and ten of them at most are unique',
    run: async (api) => {
      for (let n = 1; n <= 10; n++) {
        expect((await api.createProperty('deals', definition('dealinformation', `key_${n}`))).status).toBe(
          201,
        );
      }
      expect((await api.createProperty('deals', definition('dealinformation', 'key_11'))).status).toBe(400);
      const { results } = (await api.listProperties('deals')).body as {
        results: readonly { name: string; options: { value: string }[] }[];
      };
      const names = results.map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining(['dealname', 'amount', 'key_10']));
      expect(names).not.toContain('firstname');
      // Stages are the options of the property that holds them.
      const stages = results.find(({ name }) => name === 'dealstage')?.options.map(({ value }) => value);
      expect(stages).toContain('closedwon');
    },
  },
  {
    name: "an owner's id that nobody has is refused where the switch says so",
    run: async (api, emulator) => {
      const owners = [{ id: '12', email: 'ann@x.com' }];
      emulator.admin.seed({ portals: [{ portalId: 1_000_001, owners }] });
      await create(api, 'deals', { dealname: 'A', hubspot_owner_id: 99 });
      emulator.admin.seed({ switches: { unknownOwner: 'refuse' } });
      await create(api, 'deals', { dealname: 'B', hubspot_owner_id: 12 });
      expect(await api.create('deals', { dealname: 'C', hubspot_owner_id: 99 })).toMatchObject({
        status: 400,
        body: { errors: [{ code: 'INVALID_OPTION', context: { propertyName: ['hubspot_owner_id'] } }] },
      });
    },
  },
  {
    name: 'what an account requires of its records is enforced on 2026-09 alone',
    run: async (api, emulator) => {
      emulator.admin.seed({
        portals: [
          {
            portalId: 1_000_001,
            requiredFields: [
              { objectType: 'deals', properties: ['amount'] },
              {
                objectType: 'deals',
                properties: ['closed_lost_reason'],
                when: { property: 'dealstage', value: 'closedlost' },
              },
            ],
          },
        ],
      });
      const isEnforced = api.version === '2026-09';
      expect((await api.create('deals', { dealname: 'A' })).status).toBe(isEnforced ? 400 : 201);
      const { id } = await create(api, 'deals', { dealname: 'A', amount: 1, pipeline: 'default' });
      const lost = await api.update('deals', id, { dealstage: 'closedlost' });
      expect(lost.status).toBe(isEnforced ? 400 : 200);
      if (isEnforced) {
        expect(lost.body).toMatchObject({
          category: 'VALIDATION_ERROR',
          errors: [{ context: { propertyName: ['closed_lost_reason'] } }],
        });
      }
    },
  },
  {
    name: 'searches are bounded and sorted by id and times, and by any other property',
    run: async (api, emulator) => {
      const ids: string[] = [];
      for (const [name, city] of [
        ['A', 'Oslo'],
        ['B', 'Bergen'],
        ['C', 'Oslo'],
        ['D', ''],
      ] as const) {
        ids.push((await create(api, 'companies', { name, city })).id);
        emulator.clock.advance(1_000);
      }
      const names = async (body: Readonly<Record<string, unknown>>): Promise<string> => {
        // A second apart: five searches a second are allowed.
        emulator.clock.advance(1_000);
        const { results } = (await api.search('companies', body)).body as { results: readonly Shown[] };
        return results.map(({ properties }) => properties['name']).join('');
      };
      const by = (
        propertyName: string,
        operator: string,
        value: string | undefined,
        sort: string,
      ): object => ({
        filterGroups: [{ filters: [{ propertyName, operator, ...(value === undefined ? {} : { value }) }] }],
        sorts: [sort],
      });
      const changed = await api.update('companies', ids[1] ?? '', { phone: '1' });
      const { updatedAt } = changed.body as { updatedAt: string };
      expect(await names({ ...by('hs_object_id', 'GT', ids[0] ?? '', '-hs_object_id') })).toBe('DCB');
      expect(await names({ ...by('hs_object_id', 'LTE', ids[1] ?? '', 'name') })).toBe('AB');
      expect(await names({ ...by('hs_lastmodifieddate', 'GTE', updatedAt, 'hs_object_id') })).toBe('B');
      expect(await names({ ...by('name', 'HAS_PROPERTY', undefined, '-hs_lastmodifieddate') })).toBe('BDCA');
      expect(await names({ sorts: ['city'] })).toBe('BACD');
      expect(await names({ sorts: ['-city'] })).toBe('ACBD');
      expect(await names({ ...by('city', 'EQ', 'OSLO', '-name') })).toBe('CA');
      await api.update('companies', ids[2] ?? '', { city: 'Bergen' });
      expect(await names({ ...by('city', 'EQ', 'oslo', 'name') })).toBe('A');
      await api.archive('companies', ids[0] ?? '');
      expect(await names({ ...by('city', 'EQ', 'oslo', 'name') })).toBe('');
      expect(await names({ query: 'c' })).toBe('C');
    },
  },
];
