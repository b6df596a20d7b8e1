import { expect } from 'vitest';
import { createContact } from './hubspot-emulator-contacts.ts';
import type { Expectation } from './hubspot-emulator-contacts.ts';

const TYPE = {
  groupName: 'contactinformation',
  name: 'subscription_type',
  label: 'Subscription type',
  type: 'enumeration',
  fieldType: 'checkbox',
  options: [
    { label: 'Digital', value: 'digital', displayOrder: 0, hidden: false },
    { label: 'Print', value: 'print', displayOrder: 1, hidden: false },
  ],
};

export const PROPERTY_EXPECTATIONS: readonly Expectation[] = [
  {
    name: 'a new property answers as recorded and can be read, listed and archived',
    run: async (api) => {
      const created = await api.createProperty(TYPE);
      expect(created).toMatchObject({
        status: 201,
        body: {
          ...TYPE,
          displayOrder: -1,
          calculated: false,
          externalOptions: false,
          hidden: false,
          formField: false,
          hasUniqueValue: false,
          archived: false,
          modificationMetadata: { archivable: true, readOnlyDefinition: false, readOnlyValue: false },
        },
      });
      expect(created.body).not.toHaveProperty('hubspotDefined');
      expect(await api.readProperty(TYPE.name)).toEqual({ status: 200, body: created.body });
      const names = ((await api.listProperties()).body as { results: { name: string }[] }).results.map(
        ({ name }) => name,
      );
      expect(names).toEqual(expect.arrayContaining(['email', 'lifecyclestage', 'hs_object_id', TYPE.name]));
      expect((await api.archiveProperty(TYPE.name)).status).toBe(204);
      expect((await api.readProperty(TYPE.name)).status).toBe(404);
    },
  },
  {
    name: 'a name that exists answers 409',
    run: async (api) => {
      expect((await api.createProperty({ ...TYPE, name: 'email' })).status).toBe(409);
    },
  },
  {
    name: 'names, types, options and groups that HubSpot does not know are refused',
    run: async (api) => {
      for (const wrong of [
        { name: 'Upper' },
        { name: '1st' },
        { name: '__proto__' },
        { type: 'text' },
        { type: 'string' },
        { options: [] },
        { options: [TYPE.options[0], TYPE.options[0]] },
        { groupName: 'nowhere' },
        { label: undefined },
      ]) {
        expect(await api.createProperty({ ...TYPE, ...wrong })).toMatchObject({
          status: 400,
          body: { category: 'VALIDATION_ERROR' },
        });
      }
    },
  },
  {
    name: 'a change of the options replaces the whole list',
    run: async (api) => {
      await api.createProperty(TYPE);
      const options = [{ label: 'Audio', value: 'audio', displayOrder: 0, hidden: false }];
      expect(await api.updateProperty(TYPE.name, { options })).toMatchObject({
        status: 200,
        body: { options },
      });
      const answer = await api.create({ properties: { subscription_type: 'print' }, associations: [] });
      expect(answer).toMatchObject({
        status: 400,
        body: {
          errors: [{ code: 'INVALID_OPTION', message: 'print was not one of the allowed options: [audio]' }],
        },
      });
    },
  },
  {
    name: 'a leading semicolon adds to a list of choices, a plain value replaces it',
    run: async (api) => {
      await api.createProperty(TYPE);
      const id = await createContact(api, { email: 'a@x.com', subscription_type: 'digital' });
      const chosen = async (value: string): Promise<unknown> => {
        await api.update(id, { properties: { subscription_type: value } });
        return (
          (await api.read(id, { properties: ['subscription_type'] })).body as {
            properties: Record<string, unknown>;
          }
        ).properties['subscription_type'];
      };
      expect(await chosen(';print')).toBe('digital;print');
      expect(await chosen(';print;digital')).toBe('digital;print');
      expect(await chosen('print')).toBe('print');
    },
  },
  {
    name: "HubSpot's own definitions and values are read-only where HubSpot fills them",
    run: async (api) => {
      expect((await api.updateProperty('createdate', { label: 'x' })).status).toBe(400);
      expect((await api.archiveProperty('email')).status).toBe(400);
      expect((await api.readProperty('createdate')).body).toMatchObject({
        type: 'datetime',
        hubspotDefined: true,
        modificationMetadata: { readOnlyValue: true },
      });
    },
  },
  {
    name: 'batches of properties are created, read and archived',
    run: async (api) => {
      const second = { ...TYPE, name: 'second' };
      const created = await api.batchProperties('create', { inputs: [TYPE, second] });
      expect(created.status).toBe(api.version === '2026-09' ? 200 : 201);
      const read = await api.batchProperties('read', { archived: false, inputs: [{ name: 'second' }] });
      expect(read).toMatchObject({ status: 200, body: { results: [{ name: 'second' }] } });
      expect((await api.batchProperties('archive', { inputs: [{ name: 'second' }] })).status).toBe(204);
      expect((await api.readProperty('second')).status).toBe(404);
    },
  },
  {
    name: 'groups are listed and created, once',
    run: async (api) => {
      const group = { name: 'linchpin', label: 'Linchpin' };
      expect(await api.createGroup(group)).toMatchObject({
        status: 201,
        body: { ...group, displayOrder: -1, archived: false },
      });
      expect((await api.createGroup(group)).status).toBe(409);
      const names = ((await api.listGroups()).body as { results: { name: string }[] }).results.map(
        ({ name }) => name,
      );
      expect(names).toEqual(expect.arrayContaining(['contactinformation', 'linchpin']));
      expect((await api.createProperty({ ...TYPE, groupName: 'linchpin' })).status).toBe(201);
    },
  },
];
