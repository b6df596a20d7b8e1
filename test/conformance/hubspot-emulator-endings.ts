import { expect } from 'vitest';
import { call } from './hubspot-emulator-api.ts';
import { create, shown } from './hubspot-emulator-object-types.ts';
import type { ObjectExpectation } from './hubspot-emulator-objects.ts';

/** How records end, and how one comes back: merges, deletions for privacy, restores; and what becomes of their links. */
export const ENDING_EXPECTATIONS: readonly ObjectExpectation[] = [
  {
    name: 'two contacts become one: with a new id, both addresses, the further stage and what the primary lacked',
    run: async (api, emulator) => {
      const kinds: string[] = [];
      emulator.state.portals.get(1_000_001)?.changes.on(({ kind }) => kinds.push(kind));
      const one = await create(api, 'contacts', { email: 'a@x.com', city: 'Oslo', lifecyclestage: 'lead' });
      const two = await create(api, 'contacts', {
        email: 'b@x.com',
        city: 'Bergen',
        firstname: 'Ada',
        lifecyclestage: 'customer',
      });
      const merged = await api.merge('contacts', one.id, two.id);
      const { id } = shown(merged);
      expect([one.id, two.id]).not.toContain(id);
      expect(merged).toMatchObject({
        status: 200,
        body: {
          properties: {
            email: 'a@x.com',
            hs_additional_emails: 'b@x.com',
            city: 'Oslo',
            firstname: 'Ada',
            lifecyclestage: 'customer',
            hs_merged_object_ids: `${two.id};${one.id}`,
          },
        },
      });
      // The old ids lead to the new record one by one, and nowhere in batches; they are not archived either.
      for (const old of [one.id, two.id]) {
        expect(shown(await api.read('contacts', old)).id).toBe(id);
        expect(shown(await api.update('contacts', old, { phone: '1' })).id).toBe(id);
      }
      const batch = await api.batch('contacts', 'update', {
        inputs: [{ id: one.id, properties: { city: 'x' } }],
      });
      expect(batch.body).toMatchObject({ results: [], errors: [{ category: 'OBJECT_NOT_FOUND' }] });
      expect((await api.list('contacts', { archived: true })).body).toMatchObject({ results: [] });
      expect((await api.search('contacts', {})).body).toMatchObject({ total: 1, results: [{ id }] });
      const byOther = await api.read('contacts', 'b@x.com', { idProperty: 'email' });
      expect(shown(byOther).id).toBe(id);
      expect(kinds).toContain('merge');
    },
  },
  {
    name: "a merge keeps the primary's id when the switch says so",
    run: async (api, emulator) => {
      emulator.admin.seed({ switches: { mergeResultId: 'primary' } });
      const one = await create(api, 'companies', { name: 'A' });
      const two = await create(api, 'companies', { name: 'B', city: 'Oslo' });
      expect(shown(await api.merge('companies', one.id, two.id))).toMatchObject({
        id: one.id,
        properties: { name: 'A', city: 'Oslo', hs_merged_object_ids: two.id },
      });
      expect((await api.merge('companies', one.id, one.id)).status).toBe(400);
      expect((await api.merge('companies', one.id, '1')).status).toBe(404);
    },
  },
  {
    name: 'a contact deleted for privacy is nowhere any more, and its address is barred',
    run: async (api, emulator) => {
      const { id } = await create(api, 'contacts', { email: 'a@x.com' });
      expect((await api.forgetContact(id)).status).toBe(204);
      expect((await api.read('contacts', id)).status).toBe(404);
      expect((await api.read('contacts', id, { archived: true })).status).toBe(404);
      expect((await api.search('contacts', {})).body).toMatchObject({ total: 0 });
      // An address that nobody has is barred all the same.
      expect((await api.forgetContact('never@x.com', 'email')).status).toBe(204);
      for (const email of ['A@x.com', 'never@x.com']) {
        expect(await api.create('contacts', { email })).toMatchObject({
          status: 400,
          body: { errors: [{ code: 'GDPR_BLACKLISTED_EMAIL' }] },
        });
      }
      const refused = await call(emulator, 'POST', '/crm/v3/objects/companies/gdpr-delete', {
        objectId: '1',
      });
      expect(refused.status).toBe(400);
    },
  },
  {
    name: 'an archived record comes back whole, unless its values have gone to another',
    run: async (api, emulator) => {
      const restore = async (id: string): Promise<number> =>
        (await call(emulator, 'POST', `/_emulator/records/contacts/${id}/restore`)).status;
      const { id } = await create(api, 'contacts', { email: 'a@x.com', city: 'Oslo' });
      await api.archive('contacts', id);
      expect(await restore(id)).toBe(204);
      const read = await api.read('contacts', 'a@x.com', { idProperty: 'email', properties: ['city'] });
      expect(read.body).toMatchObject({ id, archived: false, properties: { city: 'Oslo' } });
      await api.archive('contacts', id);
      await create(api, 'contacts', { email: 'a@x.com' });
      expect(await restore(id)).toBe(400);
    },
  },
  {
    name: 'a record is made with its associations, shows them when asked, is found by them and loses them at its end',
    run: async (api) => {
      const contact = await create(api, 'contacts', { email: 'a@x.com' });
      const types = [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 202 }];
      const at = { hs_timestamp: '2026-03-12T10:00:00Z' };
      const note = shown(await api.create('notes', at, [{ to: { id: contact.id }, types }]));
      const read = await api.read('notes', note.id, { associations: ['contacts', 'companies'] });
      expect(read.body).toMatchObject({
        associations: { contacts: { results: [{ id: contact.id, type: 'note_to_contact' }] } },
      });
      expect(read.body).not.toHaveProperty('associations.companies');
      const filters = [{ propertyName: 'associations.contact', operator: 'EQ', value: contact.id }];
      expect((await api.search('notes', { filterGroups: [{ filters }] })).body).toMatchObject({
        total: 1,
        results: [{ id: note.id }],
      });
      // Nobody with that id: nothing is made either.
      const before = (await api.list('notes')).body;
      expect((await api.create('notes', at, [{ to: { id: '1' }, types }])).status).toBe(404);
      expect((await api.list('notes')).body).toEqual(before);
      await api.archive('contacts', contact.id);
      const after = await api.read('notes', note.id, { associations: ['contacts'] });
      expect(after.body).not.toHaveProperty('associations.contacts');
    },
  },
];
