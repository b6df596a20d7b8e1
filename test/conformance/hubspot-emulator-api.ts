import { Client } from '@hubspot/api-client';
import type { HubspotEmulator } from '../../emulators/hubspot/index.ts';
import { DEFAULT_TOKEN } from '../../emulators/hubspot/index.ts';
import type { Version } from '../../emulators/hubspot/versions.ts';
import { pathOf } from '../../emulators/hubspot/versions.ts';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

type Body = Readonly<Record<string, unknown>>;

export interface ReadOptions {
  readonly properties?: readonly string[];
  readonly propertiesWithHistory?: readonly string[];
  readonly idProperty?: string;
  readonly archived?: boolean;
}

export type ContactBatch = 'create' | 'read' | 'update' | 'upsert' | 'archive';

/** The calls that the expectations make, whoever makes them and on whatever version. */
export interface HubspotApi {
  readonly name: string;
  readonly version: Version;
  list(options: {
    readonly limit?: number;
    readonly after?: string;
    readonly archived?: boolean;
  }): Promise<Answer>;
  create(body: Body): Promise<Answer>;
  read(id: string, options?: ReadOptions): Promise<Answer>;
  update(id: string, body: Body, idProperty?: string): Promise<Answer>;
  archive(id: string): Promise<Answer>;
  batch(operation: ContactBatch, body: Body): Promise<Answer>;
  search(body: Body): Promise<Answer>;
  listProperties(): Promise<Answer>;
  createProperty(body: Body): Promise<Answer>;
  readProperty(name: string): Promise<Answer>;
  updateProperty(name: string, body: Body): Promise<Answer>;
  archiveProperty(name: string): Promise<Answer>;
  batchProperties(operation: 'create' | 'read' | 'archive', body: Body): Promise<Answer>;
  listGroups(): Promise<Answer>;
  createGroup(body: Body): Promise<Answer>;
}

/** Any call by plain HTTP. */
export async function call(
  emulator: HubspotEmulator,
  method: string,
  path: string,
  body?: unknown,
  token = DEFAULT_TOKEN,
): Promise<Answer & { readonly headers: Headers }> {
  const response = await fetch(emulator.url + path, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  return {
    status: response.status,
    headers: response.headers,
    body: isJson && text !== '' ? JSON.parse(text) : text,
  };
}

export function plainApi(emulator: HubspotEmulator, version: Version): HubspotApi {
  const contacts = `${pathOf(version, 'objects')}/contacts`;
  const properties = `${pathOf(version, 'properties')}/contacts`;
  const send = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const { status, body: answer } = await call(emulator, method, path, body);
    return { status, body: answer };
  };
  return {
    name: `plain HTTP on ${version}`,
    version,
    list: (options) => send('GET', `${contacts}${toQuery(options)}`),
    create: (body) => send('POST', contacts, body),
    read: (id, options = {}) => send('GET', `${contacts}/${encodeURIComponent(id)}${toQuery(options)}`),
    update: (id, body, idProperty) =>
      send('PATCH', `${contacts}/${encodeURIComponent(id)}${toQuery({ idProperty })}`, body),
    archive: (id) => send('DELETE', `${contacts}/${id}`),
    batch: (operation, body) => send('POST', `${contacts}/batch/${operation}`, body),
    search: (body) => send('POST', `${contacts}/search`, body),
    listProperties: () => send('GET', properties),
    createProperty: (body) => send('POST', properties, body),
    readProperty: (name) => send('GET', `${properties}/${name}`),
    updateProperty: (name, body) => send('PATCH', `${properties}/${name}`, body),
    archiveProperty: (name) => send('DELETE', `${properties}/${name}`),
    batchProperties: (operation, body) => send('POST', `${properties}/batch/${operation}`, body),
    listGroups: () => send('GET', `${properties}/groups`),
    createGroup: (body) => send('POST', `${properties}/groups`, body),
  };
}

export function toQuery(options: object): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(options)) if (value !== undefined) query.set(key, String(value));
  return query.size === 0 ? '' : `?${query.toString()}`;
}

/**
 * The same calls through HubSpot's own Node client, whose models must be able to read the answers. Bodies
 * go in as they are: the expectations also send what the client's types rule out.
 */
export function clientApi(emulator: HubspotEmulator, accessToken = DEFAULT_TOKEN): HubspotApi {
  const client = new Client({
    accessToken,
    basePath: emulator.url,
    numberOfApiCallRetries: 0,
    // The client's own brake of nine calls a second would only slow the tests down.
    limiterOptions: { minTime: 0, maxConcurrent: 10 },
  });
  const { basicApi, batchApi, searchApi } = client.crm.contacts;
  const { coreApi, groupsApi, batchApi: propertyBatchApi } = client.crm.properties;
  const list = (names: readonly string[] | undefined): string[] | undefined =>
    names === undefined ? undefined : [...names];
  return {
    name: "HubSpot's client on v3",
    version: 'v3',
    list: ({ limit, after, archived }) =>
      answerOf(() => basicApi.getPageWithHttpInfo(limit, after, undefined, undefined, undefined, archived)),
    create: (body) => answerOf(() => basicApi.createWithHttpInfo(body as never)),
    read: (id, { properties, propertiesWithHistory, archived, idProperty } = {}) =>
      answerOf(() =>
        basicApi.getByIdWithHttpInfo(
          id,
          list(properties),
          list(propertiesWithHistory),
          undefined,
          archived,
          idProperty,
        ),
      ),
    update: (id, body, idProperty) =>
      answerOf(() => basicApi.updateWithHttpInfo(id, body as never, idProperty)),
    archive: (id) => answerOf(() => basicApi.archiveWithHttpInfo(id)),
    batch: (operation, body) => {
      const input = body as never;
      const calls: Record<ContactBatch, () => Promise<ClientAnswer>> = {
        create: () => batchApi.createWithHttpInfo(input),
        read: () => batchApi.readWithHttpInfo(input),
        update: () => batchApi.updateWithHttpInfo(input),
        upsert: () => batchApi.upsertWithHttpInfo(input),
        archive: () => batchApi.archiveWithHttpInfo(input),
      };
      return answerOf(calls[operation]);
    },
    search: (body) => answerOf(() => searchApi.doSearchWithHttpInfo(body)),
    listProperties: () => answerOf(() => coreApi.getAllWithHttpInfo('contacts')),
    createProperty: (body) => answerOf(() => coreApi.createWithHttpInfo('contacts', body as never)),
    readProperty: (name) => answerOf(() => coreApi.getByNameWithHttpInfo('contacts', name)),
    updateProperty: (name, body) => answerOf(() => coreApi.updateWithHttpInfo('contacts', name, body)),
    archiveProperty: (name) => answerOf(() => coreApi.archiveWithHttpInfo('contacts', name)),
    batchProperties: (operation, body) => {
      const input = body as never;
      const calls: Record<typeof operation, () => Promise<ClientAnswer>> = {
        create: () => propertyBatchApi.createWithHttpInfo('contacts', input),
        read: () => propertyBatchApi.readWithHttpInfo('contacts', input),
        archive: () => propertyBatchApi.archiveWithHttpInfo('contacts', input),
      };
      return answerOf(calls[operation]);
    },
    listGroups: () => answerOf(() => groupsApi.getAllWithHttpInfo('contacts')),
    createGroup: (body) => answerOf(() => groupsApi.createWithHttpInfo('contacts', body as never)),
  };
}

export interface ClientAnswer {
  readonly httpStatusCode: number;
  readonly data: unknown;
}

/**
 * The client throws every refusal; its models turn times into Date objects, which JSON turns back, and call
 * `new` (a word of JavaScript) `_new`.
 */
export async function answerOf(send: () => Promise<ClientAnswer>): Promise<Answer> {
  try {
    const { httpStatusCode, data } = await send();
    return {
      status: httpStatusCode,
      body:
        data === undefined
          ? ''
          : (JSON.parse(JSON.stringify(data).replaceAll('"_new":', '"new":')) as unknown),
    };
  } catch (error) {
    if (!isApiException(error)) throw error;
    return { status: error.code, body: JSON.parse(JSON.stringify(error.body)) as unknown };
  }
}

function isApiException(error: unknown): error is Error & { readonly code: number; readonly body: unknown } {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' && 'body' in error;
}
