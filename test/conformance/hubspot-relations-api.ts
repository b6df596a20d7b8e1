import { Client } from '@hubspot/api-client';
import { DEFAULT_TOKEN } from '../../emulators/hubspot/index.ts';
import type { HubspotEmulator } from '../../emulators/hubspot/index.ts';
import type { Version } from '../../emulators/hubspot/versions.ts';
import { answerOf, call } from './hubspot-emulator-api.ts';
import type { Answer, ClientAnswer } from './hubspot-emulator-api.ts';

/** One call, as HubSpot's client makes it and as it looks on the wire of a version. */
interface Way {
  readonly client?: (client: Client) => Promise<ClientAnswer>;
  readonly wire: (version: Version) => readonly [method: string, path: string, body?: unknown];
}

/** Makes calls one way or the other; what HubSpot's client cannot do, plain HTTP does for it. */
export interface Caller {
  readonly version: Version;
  send(way: Way): Promise<Answer>;
}

export function plainCaller(emulator: HubspotEmulator, version: Version): Caller {
  return {
    version,
    send: async ({ wire }) => {
      const { status, body } = await call(emulator, ...wire(version));
      return { status, body };
    },
  };
}

export function clientCaller(emulator: HubspotEmulator): Caller {
  const client = new Client({
    accessToken: DEFAULT_TOKEN,
    basePath: emulator.url,
    numberOfApiCallRetries: 0,
    limiterOptions: { minTime: 0, maxConcurrent: 10 },
  });
  const plain = plainCaller(emulator, 'v3');
  return {
    version: 'v3',
    send: async (way) => {
      const { client: viaClient } = way;
      if (viaClient === undefined) return plain.send(way);
      const { status, body } = await answerOf(() => viaClient(client));
      // `from` is `_from` in the client's models.
      return { status, body: JSON.parse(JSON.stringify(body).replaceAll('"_from":', '"from":')) as unknown };
    },
  };
}

/** A body in the client's words: its models call `from` differently and its types forbid what tests must send. */
function toModel(body: unknown): never {
  return JSON.parse(JSON.stringify(body).replaceAll('"from":', '"_from":')) as never;
}

const area = (version: Version, name: string): string =>
  version === 'v3' ? `/crm/v3/${name}` : `/crm/${name}/${version}`;

const objects = (version: Version): string =>
  version === 'v3' ? '/crm/v4/objects' : `/crm/objects/${version}`;

const associations = (version: Version): string =>
  version === 'v3' ? '/crm/v4/associations' : `/crm/associations/${version}`;

const schemas = (version: Version): string => `/crm-object-schemas/${version}/schemas`;

export const createRecord = (type: string, body: unknown): Way => ({
  wire: (version) => ['POST', `${area(version, 'objects')}/${type}`, body],
});

export const archiveRecord = (type: string, id: string): Way => ({
  wire: (version) => ['DELETE', `${area(version, 'objects')}/${type}/${id}`],
});

export const mergeRecords = (type: string, primaryObjectId: string, objectIdToMerge: string): Way => ({
  wire: (version) => [
    'POST',
    `${area(version, 'objects')}/${type}/merge`,
    { primaryObjectId, objectIdToMerge },
  ],
});

export const linkPlainly = (from: string, id: string, to: string, toId: string): Way => ({
  client: ({ crm }) => crm.associations.v4.basicApi.createDefaultWithHttpInfo(from, id, to, toId),
  wire: (version) => ['PUT', `${objects(version)}/${from}/${id}/associations/default/${to}/${toId}`],
});

export const link = (from: string, id: string, to: string, toId: string, types: unknown): Way => ({
  client: ({ crm }) => crm.associations.v4.basicApi.createWithHttpInfo(from, id, to, toId, types as never),
  wire: (version) => ['PUT', `${objects(version)}/${from}/${id}/associations/${to}/${toId}`, types],
});

export const unlink = (from: string, id: string, to: string, toId: string): Way => ({
  client: ({ crm }) => crm.associations.v4.basicApi.archiveWithHttpInfo(from, id, to, toId),
  wire: (version) => ['DELETE', `${objects(version)}/${from}/${id}/associations/${to}/${toId}`],
});

export const readLinks = (from: string, id: string, to: string, limit?: number, after?: string): Way => ({
  client: ({ crm }) => crm.associations.v4.basicApi.getPageWithHttpInfo(from, id, to, after, limit),
  wire: (version) => [
    'GET',
    `${objects(version)}/${from}/${id}/associations/${to}?${new URLSearchParams({
      ...(limit === undefined ? {} : { limit: String(limit) }),
      ...(after === undefined ? {} : { after }),
    }).toString()}`,
  ],
});

export type LinkBatch = 'associate/default' | 'create' | 'read' | 'archive' | 'labels/archive';

export const batchLinks = (operation: LinkBatch, from: string, to: string, inputs: unknown): Way => ({
  client: ({ crm }) => {
    const { batchApi } = crm.associations.v4;
    const body = toModel({ inputs });
    switch (operation) {
      case 'associate/default':
        return batchApi.createDefaultWithHttpInfo(from, to, body);
      case 'create':
        return batchApi.createWithHttpInfo(from, to, body);
      case 'read':
        return batchApi.getPageWithHttpInfo(from, to, body);
      case 'archive':
        return batchApi.archiveWithHttpInfo(from, to, body);
      case 'labels/archive':
        return batchApi.archiveLabelsWithHttpInfo(from, to, body);
    }
  },
  wire: (version) => ['POST', `${associations(version)}/${from}/${to}/batch/${operation}`, { inputs }],
});

export const labels = (
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  from: string,
  to: string,
  given?: unknown,
): Way => ({
  client: ({ crm }) => {
    const { definitionsApi } = crm.associations.v4.schema;
    switch (method) {
      case 'GET':
        return definitionsApi.getAllWithHttpInfo(from, to);
      case 'POST':
        return definitionsApi.createWithHttpInfo(from, to, given as never);
      case 'PUT':
        return definitionsApi.updateWithHttpInfo(from, to, given as never);
      case 'DELETE':
        return definitionsApi.removeWithHttpInfo(from, to, Number(given));
    }
  },
  wire: (version) => {
    const path = `${associations(version)}/${from}/${to}/labels`;
    return method === 'DELETE' ? [method, `${path}/${String(given)}`] : [method, path, given];
  },
});

// HubSpot's client has the code for these two, but no way to it.
export const configure = (operation: 'create' | 'purge', from: string, to: string, inputs: unknown): Way => ({
  wire: (version) => [
    'POST',
    `${associations(version)}/definitions/configurations/${from}/${to}/batch/${operation}`,
    { inputs },
  ],
});

export const listPipelines = (type: string): Way => ({
  client: ({ crm }) => crm.pipelines.pipelinesApi.getAllWithHttpInfo(type),
  wire: (version) => ['GET', `${area(version, 'pipelines')}/${type}`],
});

export const createPipeline = (type: string, body: unknown): Way => ({
  client: ({ crm }) => crm.pipelines.pipelinesApi.createWithHttpInfo(type, body as never),
  wire: (version) => ['POST', `${area(version, 'pipelines')}/${type}`, body],
});

export const replacePipeline = (type: string, id: string, body: unknown): Way => ({
  client: ({ crm }) => crm.pipelines.pipelinesApi.replaceWithHttpInfo(type, id, body as never),
  wire: (version) => ['PUT', `${area(version, 'pipelines')}/${type}/${id}`, body],
});

export const removePipeline = (type: string, id: string, isValidated: boolean): Way => ({
  client: ({ crm }) => crm.pipelines.pipelinesApi.archiveWithHttpInfo(type, id, isValidated),
  wire: (version) => [
    'DELETE',
    `${area(version, 'pipelines')}/${type}/${id}?validateReferencesBeforeDelete=${isValidated}`,
  ],
});

export const readPipelineAudit = (type: string, id: string): Way => ({
  client: ({ crm }) => crm.pipelines.pipelineAuditsApi.getAuditWithHttpInfo(type, id),
  wire: (version) => ['GET', `${area(version, 'pipelines')}/${type}/${id}/audit`],
});

export const createStage = (type: string, pipeline: string, body: unknown): Way => ({
  client: ({ crm }) => crm.pipelines.pipelineStagesApi.createWithHttpInfo(type, pipeline, body as never),
  wire: (version) => ['POST', `${area(version, 'pipelines')}/${type}/${pipeline}/stages`, body],
});

export const updateStage = (type: string, pipeline: string, id: string, body: unknown): Way => ({
  client: ({ crm }) => crm.pipelines.pipelineStagesApi.updateWithHttpInfo(type, pipeline, id, body as never),
  wire: (version) => ['PATCH', `${area(version, 'pipelines')}/${type}/${pipeline}/stages/${id}`, body],
});

export const removeStage = (type: string, pipeline: string, id: string): Way => ({
  client: ({ crm }) => crm.pipelines.pipelineStagesApi.archiveWithHttpInfo(type, pipeline, id),
  wire: (version) => ['DELETE', `${area(version, 'pipelines')}/${type}/${pipeline}/stages/${id}`],
});

export const listOwners = (email?: string, isArchived = false): Way => ({
  client: ({ crm }) => crm.owners.ownersApi.getPageWithHttpInfo(email, undefined, undefined, isArchived),
  wire: (version) => [
    'GET',
    `${area(version, 'owners')}/?archived=${isArchived}${email === undefined ? '' : `&email=${encodeURIComponent(email)}`}`,
  ],
});

export const readOwner = (id: number, idProperty: 'id' | 'userId'): Way => ({
  client: ({ crm }) => crm.owners.ownersApi.getByIdWithHttpInfo(id, idProperty),
  wire: (version) => ['GET', `${area(version, 'owners')}/${id}?idProperty=${idProperty}`],
});

export const listSchemas = (): Way => ({
  client: ({ crm }) => crm.schemas.coreApi.getAllWithHttpInfo(),
  wire: (version) => ['GET', schemas(version)],
});

export const createSchema = (body: unknown): Way => ({
  client: ({ crm }) => crm.schemas.coreApi.createWithHttpInfo(body as never),
  wire: (version) => ['POST', schemas(version), body],
});

export const updateSchema = (type: string, body: unknown): Way => ({
  client: ({ crm }) => crm.schemas.coreApi.updateWithHttpInfo(type, body as never),
  wire: (version) => ['PATCH', `${schemas(version)}/${type}`, body],
});

export const removeSchema = (type: string, isPurge: boolean): Way => ({
  client: ({ crm }) => crm.schemas.coreApi.archiveWithHttpInfo(type, isPurge),
  wire: (version) => ['DELETE', `${schemas(version)}/${type}?archived=${isPurge}`],
});

export const associateSchema = (type: string, body: unknown): Way => ({
  client: ({ crm }) => crm.schemas.coreApi.createAssociationWithHttpInfo(type, body as never),
  wire: (version) => ['POST', `${schemas(version)}/${type}/associations`, body],
});

export const createList = (body: unknown): Way => ({
  client: ({ crm }) => crm.lists.listsApi.createWithHttpInfo(body as never),
  wire: (version) => ['POST', area(version, 'lists'), body],
});

export const readList = (id: string, hasFilters = false): Way => ({
  client: ({ crm }) => crm.lists.listsApi.getByIdWithHttpInfo(id, hasFilters),
  wire: (version) => ['GET', `${area(version, 'lists')}/${id}?includeFilters=${hasFilters}`],
});

export const readListByName = (name: string, typeId: string): Way => ({
  client: ({ crm }) => crm.lists.listsApi.getByNameWithHttpInfo(name, typeId),
  wire: (version) => [
    'GET',
    `${area(version, 'lists')}/object-type-id/${typeId}/name/${encodeURIComponent(name)}`,
  ],
});

export const searchLists = (body: unknown): Way => ({
  client: ({ crm }) => crm.lists.listsApi.doSearchWithHttpInfo(body as never),
  wire: (version) => ['POST', `${area(version, 'lists')}/search`, body],
});

export const renameList = (id: string, name: string): Way => ({
  client: ({ crm }) => crm.lists.listsApi.updateNameWithHttpInfo(id, name),
  wire: (version) => [
    'PUT',
    `${area(version, 'lists')}/${id}/update-list-name?listName=${encodeURIComponent(name)}`,
  ],
});

export const removeList = (id: string): Way => ({
  client: ({ crm }) => crm.lists.listsApi.removeWithHttpInfo(id),
  wire: (version) => ['DELETE', `${area(version, 'lists')}/${id}`],
});

export const restoreList = (id: string): Way => ({
  client: ({ crm }) => crm.lists.listsApi.restoreWithHttpInfo(id),
  wire: (version) => ['PUT', `${area(version, 'lists')}/${id}/restore`],
});

export const changeMembers = (id: string, operation: 'add' | 'remove', ids: readonly string[]): Way => ({
  client: ({ crm }) =>
    operation === 'add'
      ? crm.lists.membershipsApi.addWithHttpInfo(id, [...ids])
      : crm.lists.membershipsApi.removeWithHttpInfo(id, [...ids]),
  wire: (version) => ['PUT', `${area(version, 'lists')}/${id}/memberships/${operation}`, ids],
});

export const clearMembers = (id: string): Way => ({
  client: ({ crm }) => crm.lists.membershipsApi.removeAllWithHttpInfo(id),
  wire: (version) => ['DELETE', `${area(version, 'lists')}/${id}/memberships`],
});

export const readMembers = (id: string, limit?: number, after?: string): Way => ({
  client: ({ crm }) => crm.lists.membershipsApi.getPageWithHttpInfo(id, after, undefined, limit),
  wire: (version) => [
    'GET',
    `${area(version, 'lists')}/${id}/memberships?${new URLSearchParams({
      ...(limit === undefined ? {} : { limit: String(limit) }),
      ...(after === undefined ? {} : { after }),
    }).toString()}`,
  ],
});

export const readListsOf = (typeId: string, recordId: string): Way => ({
  client: ({ crm }) => crm.lists.membershipsApi.getListsWithHttpInfo(typeId, recordId),
  wire: (version) => ['GET', `${area(version, 'lists')}/records/${typeId}/${recordId}/memberships`],
});
