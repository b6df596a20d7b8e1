import { Client } from '@hubspot/api-client';
import type { HubspotEmulator } from '../../emulators/hubspot/index.ts';
import { DEFAULT_TOKEN } from '../../emulators/hubspot/index.ts';
import type { Version } from '../../emulators/hubspot/versions.ts';
import { pathOf } from '../../emulators/hubspot/versions.ts';
import { answerOf, call, toQuery } from './hubspot-emulator-api.ts';
import type { Answer, ClientAnswer, ContactBatch, ReadOptions } from './hubspot-emulator-api.ts';

/** Types whose associations a read shows. */
interface Linked {
  readonly associations?: readonly string[];
}

type MergeableType = 'contacts' | 'companies';
type Body = Readonly<Record<string, unknown>>;

/** The calls about records of any type, whoever makes them and on whatever version. */
export interface ObjectApi {
  readonly version: Version;
  list(type: string, options?: { readonly limit?: number; readonly archived?: boolean }): Promise<Answer>;
  create(type: string, properties: Body, associations?: readonly unknown[]): Promise<Answer>;
  read(type: string, id: string, options?: ReadOptions & Linked): Promise<Answer>;
  update(type: string, id: string, properties: Body, idProperty?: string): Promise<Answer>;
  archive(type: string, id: string): Promise<Answer>;
  batch(type: string, operation: ContactBatch, body: Body): Promise<Answer>;
  search(type: string, body: Body): Promise<Answer>;
  merge(type: MergeableType, primaryObjectId: string, objectIdToMerge: string): Promise<Answer>;
  forgetContact(objectId: string, idProperty?: string): Promise<Answer>;
  createProperty(type: string, body: Body): Promise<Answer>;
  listProperties(type: string): Promise<Answer>;
}

export function plainObjects(emulator: HubspotEmulator, version: Version): ObjectApi {
  const objects = (type: string): string => `${pathOf(version, 'objects')}/${type}`;
  const properties = (type: string): string => `${pathOf(version, 'properties')}/${type}`;
  const send = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const { status, body: answer } = await call(emulator, method, path, body);
    return { status, body: answer };
  };
  return {
    version,
    list: (type, options = {}) => send('GET', objects(type) + toQuery(options)),
    create: (type, given, associations = []) =>
      send('POST', objects(type), { properties: given, associations }),
    read: (type, id, options = {}) => send('GET', `${objects(type)}/${id}${toQuery(options)}`),
    update: (type, id, given, idProperty) =>
      send('PATCH', `${objects(type)}/${id}${toQuery({ idProperty })}`, { properties: given }),
    archive: (type, id) => send('DELETE', `${objects(type)}/${id}`),
    batch: (type, operation, body) => send('POST', `${objects(type)}/batch/${operation}`, body),
    search: (type, body) => send('POST', `${objects(type)}/search`, body),
    merge: (type, primaryObjectId, objectIdToMerge) =>
      send('POST', `${objects(type)}/merge`, { primaryObjectId, objectIdToMerge }),
    forgetContact: (objectId, idProperty) =>
      send('POST', `${objects('contacts')}/gdpr-delete`, { objectId, idProperty }),
    createProperty: (type, body) => send('POST', properties(type), body),
    listProperties: (type) => send('GET', properties(type)),
  };
}

/** The same through HubSpot's own client, by its calls for objects of any type. */
export function clientObjects(emulator: HubspotEmulator): ObjectApi {
  const client = new Client({
    accessToken: DEFAULT_TOKEN,
    basePath: emulator.url,
    numberOfApiCallRetries: 0,
    // The client's own brake of nine calls a second would only slow the tests down.
    limiterOptions: { minTime: 0, maxConcurrent: 10 },
  });
  const { basicApi, batchApi, searchApi } = client.crm.objects;
  const { coreApi } = client.crm.properties;
  const list = (names: readonly string[] | undefined): string[] | undefined =>
    names === undefined ? undefined : [...names];
  return {
    version: 'v3',
    list: (type, { limit, archived } = {}) =>
      answerOf(() =>
        basicApi.getPageWithHttpInfo(type, limit, undefined, undefined, undefined, undefined, archived),
      ),
    create: (type, properties, associations = []) =>
      answerOf(() => basicApi.createWithHttpInfo(type, { properties, associations } as never)),
    read: (type, id, { properties, propertiesWithHistory, associations, archived, idProperty } = {}) =>
      answerOf(() =>
        basicApi.getByIdWithHttpInfo(
          type,
          id,
          list(properties),
          list(propertiesWithHistory),
          list(associations),
          archived,
          idProperty,
        ),
      ),
    update: (type, id, properties, idProperty) =>
      answerOf(() => basicApi.updateWithHttpInfo(type, id, { properties: properties as never }, idProperty)),
    archive: (type, id) => answerOf(() => basicApi.archiveWithHttpInfo(type, id)),
    batch: (type, operation, body) => {
      const input = body as never;
      const calls: Record<ContactBatch, () => Promise<ClientAnswer>> = {
        create: () => batchApi.createWithHttpInfo(type, input),
        read: () => batchApi.readWithHttpInfo(type, input),
        update: () => batchApi.updateWithHttpInfo(type, input),
        upsert: () => batchApi.upsertWithHttpInfo(type, input),
        archive: () => batchApi.archiveWithHttpInfo(type, input),
      };
      return answerOf(calls[operation]);
    },
    search: (type, body) => answerOf(() => searchApi.doSearchWithHttpInfo(type, body)),
    merge: (type, primaryObjectId, objectIdToMerge) =>
      answerOf(() => client.crm[type].basicApi.mergeWithHttpInfo({ primaryObjectId, objectIdToMerge })),
    forgetContact: (objectId, idProperty) =>
      answerOf(() =>
        client.crm.contacts.basicApi.purgeWithHttpInfo(
          idProperty === undefined ? { objectId } : { objectId, idProperty },
        ),
      ),
    createProperty: (type, body) => answerOf(() => coreApi.createWithHttpInfo(type, body as never)),
    listProperties: (type) => answerOf(() => coreApi.getAllWithHttpInfo(type)),
  };
}
