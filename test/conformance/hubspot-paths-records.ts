import { expect } from 'vitest';
import { DEFAULT_PORTAL_ID } from '../../emulators/hubspot/index.ts';
import type { Version } from '../../emulators/hubspot/versions.ts';
import { crm, idOf } from './hubspot-paths-frame.ts';
import type { PathRow } from './hubspot-paths-frame.ts';

const text: unknown = expect.any(String);
const list: unknown = expect.any(Array);
const anyRecord = {
  id: text,
  properties: expect.any(Object) as unknown,
  createdAt: text,
  updatedAt: text,
  archived: false,
};

const objectsV4 = (version: Version): string =>
  version === 'v3' ? '/crm/v4/objects' : `/crm/objects/${version}`;
const linksV4 = (version: Version): string =>
  version === 'v3' ? '/crm/v4/associations' : `/crm/associations/${version}`;

/** Records, what defines them and what links them. In order: later rows use what earlier ones have made. */
export const RECORD_ROWS: readonly PathRow[] = [
  {
    name: 'a contact is created',
    client: ({ crm: c }) =>
      c.contacts.basicApi.createWithHttpInfo({ properties: { email: 'ada@example.com' }, associations: [] }),
    wire: (v) => ({
      method: 'POST',
      path: `${crm(v, 'objects')}/contacts`,
      json: { properties: { email: 'ada@example.com' } },
    }),
    status: 201,
    shape: anyRecord,
    keep: idOf('contact'),
  },
  {
    name: 'a contact that exists is refused',
    client: ({ crm: c }) =>
      c.contacts.basicApi.createWithHttpInfo({ properties: { email: 'ada@example.com' }, associations: [] }),
    wire: (v) => ({
      method: 'POST',
      path: `${crm(v, 'objects')}/contacts`,
      json: { properties: { email: 'ada@example.com' } },
    }),
    status: 409,
    shape: {
      status: 'error',
      category: 'CONFLICT',
      message: expect.stringContaining('Existing ID') as unknown,
    },
  },
  {
    name: 'a company is created',
    client: ({ crm: c }) =>
      c.companies.basicApi.createWithHttpInfo({ properties: { name: 'ACME' }, associations: [] }),
    wire: (v) => ({
      method: 'POST',
      path: `${crm(v, 'objects')}/companies`,
      json: { properties: { name: 'ACME' } },
    }),
    status: 201,
    shape: anyRecord,
    keep: idOf('company'),
  },
  {
    name: 'a contact is read by its address',
    client: ({ crm: c }) =>
      c.contacts.basicApi.getByIdWithHttpInfo(
        'ada@example.com',
        undefined,
        undefined,
        undefined,
        false,
        'email',
      ),
    wire: (v) => ({
      method: 'GET',
      path: `${crm(v, 'objects')}/contacts/ada%40example.com?idProperty=email`,
    }),
    status: 200,
    shape: anyRecord,
  },
  {
    name: 'contacts are upserted in a batch',
    client: ({ crm: c }) =>
      c.contacts.batchApi.upsertWithHttpInfo({
        inputs: [{ id: 'bob@example.com', idProperty: 'email', properties: { email: 'bob@example.com' } }],
      }),
    wire: (v) => ({
      method: 'POST',
      path: `${crm(v, 'objects')}/contacts/batch/upsert`,
      json: {
        inputs: [{ id: 'bob@example.com', idProperty: 'email', properties: { email: 'bob@example.com' } }],
      },
    }),
    status: 200,
    shape: { status: 'COMPLETE', results: [{ ...anyRecord, new: true }] },
  },
  {
    name: 'a batch that is partly missing',
    client: ({ crm: c }, { contact = '' }) =>
      c.contacts.batchApi.readWithHttpInfo({
        inputs: [{ id: contact }, { id: '1' }],
        properties: ['email'],
        propertiesWithHistory: [],
      }),
    wire: (v, { contact }) => ({
      method: 'POST',
      path: `${crm(v, 'objects')}/contacts/batch/read`,
      json: { inputs: [{ id: contact }, { id: '1' }], properties: ['email'] },
    }),
    status: (v) => (v === '2026-09' ? 200 : 207),
    shape: { results: [anyRecord], numErrors: 1, errors: [{ category: 'OBJECT_NOT_FOUND' }] },
  },
  {
    name: 'contacts are searched',
    client: ({ crm: c }) =>
      c.contacts.searchApi.doSearchWithHttpInfo({
        filterGroups: [
          { filters: [{ propertyName: 'email', operator: 'EQ' as never, value: 'ada@example.com' }] },
        ],
        properties: ['email'],
        limit: 10,
        after: '0',
        sorts: [],
      }),
    wire: (v) => ({
      method: 'POST',
      path: `${crm(v, 'objects')}/contacts/search`,
      json: {
        filterGroups: [{ filters: [{ propertyName: 'email', operator: 'EQ', value: 'ada@example.com' }] }],
      },
    }),
    status: 200,
    shape: { total: 1, results: [anyRecord] },
  },
  {
    name: 'a property is created',
    client: ({ crm: c }) =>
      c.properties.coreApi.createWithHttpInfo('contacts', {
        groupName: 'contactinformation',
        name: 'vip',
        label: 'VIP',
        type: 'string' as never,
        fieldType: 'text' as never,
      }),
    wire: (v) => ({
      method: 'POST',
      path: `${crm(v, 'properties')}/contacts`,
      json: { groupName: 'contactinformation', name: 'vip', label: 'VIP', type: 'string', fieldType: 'text' },
    }),
    status: 201,
    shape: { name: 'vip', type: 'string', fieldType: 'text', createdAt: text },
  },
  {
    name: 'groups of properties are listed',
    client: ({ crm: c }) => c.properties.groupsApi.getAllWithHttpInfo('contacts'),
    wire: (v) => ({ method: 'GET', path: `${crm(v, 'properties')}/contacts/groups` }),
    status: 200,
    shape: { results: list },
  },
  {
    name: 'two records are linked plainly',
    client: ({ crm: c }, { contact = '', company = '' }) =>
      c.associations.v4.basicApi.createDefaultWithHttpInfo('contacts', contact, 'companies', company),
    wire: (v, { contact = '', company = '' }) => ({
      method: 'PUT',
      path: `${objectsV4(v)}/contacts/${contact}/associations/default/companies/${company}`,
    }),
    status: 200,
    shape: { status: 'COMPLETE', results: list },
  },
  {
    name: 'links are read in a batch',
    client: ({ crm: c }, { contact = '' }) =>
      c.associations.v4.batchApi.getPageWithHttpInfo('contacts', 'companies', { inputs: [{ id: contact }] }),
    wire: (v, { contact }) => ({
      method: 'POST',
      path: `${linksV4(v)}/contacts/companies/batch/read`,
      json: { inputs: [{ id: contact }] },
    }),
    status: 200,
    shape: { results: [{ from: { id: text }, to: [{ associationTypes: list }] }] },
  },
  {
    name: 'labels of a pair are listed',
    client: ({ crm: c }) =>
      c.associations.v4.schema.definitionsApi.getAllWithHttpInfo('contacts', 'companies'),
    wire: (v) => ({ method: 'GET', path: `${linksV4(v)}/contacts/companies/labels` }),
    status: 200,
    shape: {
      results: expect.arrayContaining([
        expect.objectContaining({ category: 'HUBSPOT_DEFINED', typeId: 279 }),
      ]) as unknown,
    },
  },
  {
    name: 'a custom object is defined',
    client: ({ crm: c }) =>
      c.schemas.coreApi.createWithHttpInfo({
        name: 'car',
        labels: { singular: 'Car', plural: 'Cars' },
        properties: [{ name: 'model', label: 'Model', type: 'string' as never, fieldType: 'text' }],
        requiredProperties: ['model'],
        primaryDisplayProperty: 'model',
        associatedObjects: ['CONTACT'],
      }),
    wire: (v) => ({
      method: 'POST',
      path: `/crm-object-schemas/${v}/schemas`,
      json: {
        name: 'car',
        labels: { singular: 'Car', plural: 'Cars' },
        properties: [{ name: 'model', label: 'Model', type: 'string', fieldType: 'text' }],
        requiredProperties: ['model'],
        primaryDisplayProperty: 'model',
        associatedObjects: ['CONTACT'],
      },
    }),
    status: 201,
    shape: {
      objectTypeId: expect.stringMatching(/^2-\d+$/) as unknown,
      fullyQualifiedName: `p${DEFAULT_PORTAL_ID}_car`,
    },
  },
  {
    name: 'pipelines are listed',
    client: ({ crm: c }) => c.pipelines.pipelinesApi.getAllWithHttpInfo('deals'),
    wire: (v) => ({ method: 'GET', path: `${crm(v, 'pipelines')}/deals` }),
    status: 200,
    shape: { results: [{ id: 'default', stages: list }] },
  },
  {
    name: 'owners are listed',
    client: ({ crm: c }) => c.owners.ownersApi.getPageWithHttpInfo(),
    wire: (v) => ({ method: 'GET', path: crm(v, 'owners') }),
    status: 200,
    shape: { results: list },
  },
  {
    name: 'a list is created',
    client: ({ crm: c }) =>
      c.lists.listsApi.createWithHttpInfo({ name: 'Payers', objectTypeId: '0-1', processingType: 'MANUAL' }),
    wire: (v) => ({
      method: 'POST',
      path: crm(v, 'lists'),
      json: { name: 'Payers', objectTypeId: '0-1', processingType: 'MANUAL' },
    }),
    status: 200,
    shape: { list: { listId: text, name: 'Payers', processingType: 'MANUAL' } },
    keep: (body) => ({ list: (body['list'] as { listId: string }).listId }),
  },
  {
    name: 'a record is put into a list',
    client: ({ crm: c }, { list: id = '', contact = '' }) =>
      c.lists.membershipsApi.addWithHttpInfo(id, [contact]),
    wire: (v, { list: id = '', contact }) => ({
      method: 'PUT',
      path: `${crm(v, 'lists')}/${id}/memberships/add`,
      json: [contact],
    }),
    status: 200,
    // The client's model lacks the odd name of the key that HubSpot documents.
    shape: { recordIdsMissing: [] },
  },
  {
    name: 'limits of custom properties are told',
    wire: (v) => ({ method: 'GET', path: `${crm(v, 'limits')}/custom-properties` }),
    status: 200,
    shape: { byObjectType: list },
  },
  {
    name: 'the account is described',
    wire: (v) => ({ method: 'GET', path: `/account-info/${v}/details` }),
    status: 200,
    shape: { portalId: DEFAULT_PORTAL_ID, accountType: 'STANDARD', uiDomain: text },
  },
  {
    name: 'two contacts become one',
    client: ({ crm: c }, { contact = '', other = '' }) =>
      c.contacts.basicApi.mergeWithHttpInfo({ primaryObjectId: contact, objectIdToMerge: other }),
    wire: (v, { contact, other }) => ({
      method: 'POST',
      path: `${crm(v, 'objects')}/contacts/merge`,
      json: { primaryObjectId: contact, objectIdToMerge: other },
    }),
    status: 200,
    shape: { id: text, properties: expect.any(Object) as unknown },
  },
  {
    name: 'a company is archived',
    client: ({ crm: c }, { company = '' }) => c.companies.basicApi.archiveWithHttpInfo(company),
    wire: (v, { company = '' }) => ({ method: 'DELETE', path: `${crm(v, 'objects')}/companies/${company}` }),
    status: 204,
  },
];
