import { json, Refused } from '../../core/index.ts';
import type { EmulatorRequest, Reply, Route } from '../../core/index.ts';
import { errorReply, invalid, notEmulated, notFound } from '../errors.ts';
import type { Call } from '../guard.ts';
import { guardWithState } from '../guard-with-state.ts';
import { isFields, readFlag, readObject, readText, readTexts } from '../input.ts';
import type { Fields } from '../input.ts';
import { resolveType } from '../objects/object-types.ts';
import { getPortal } from '../state.ts';
import type { HubspotState } from '../state.ts';
import type { Version } from '../versions.ts';
import type { ExportJob, ExportRequest } from './export-job.ts';
import { startNextExport } from './run-export.ts';

const SCOPES = ['crm.export'];
// The guide: "the download URL will expire five minutes after" the request for it.
const URL_LIFE_MS = 300_000;

export function exportRoutes(version: Version): Route<HubspotState>[] {
  const base = version === 'v3' ? '/crm/v3/exports' : `/crm/exports/${version}`;
  return [
    guardWithState({ method: 'POST', path: `${base}/export/async`, scopes: SCOPES, handle: start(base) }),
    guardWithState({
      method: 'GET',
      path: `${base}/export/async/tasks/:taskId/status`,
      scopes: SCOPES,
      handle: status,
    }),
    guardWithState({ method: 'GET', path: `${base}/export/:exportId`, scopes: SCOPES, handle: show }),
  ];
}

/** The file itself: its address is secret enough. */
export const exportFileRoute: Route<HubspotState> = {
  method: 'GET',
  path: '/export-files/:portalId/:ticket',
  handle: (request, state) => {
    const portal = state.portals.get(Number(request.param('portalId')));
    const job = portal?.exports.redeem(request.param('ticket'), request.at);
    if (job === undefined) return errorReply(403, { message: 'Request has expired' });
    return { status: 200, headers: { 'content-type': 'text/csv;charset=utf-8' }, body: job.csv ?? '' };
  },
};

function start(base: string): (call: Call, state: HubspotState) => Reply {
  return (call, state) => {
    const { request, portal, now } = call;
    const wanted = parseExport(call, readObject(request));
    if (!portal.exports.hasRoom(now)) {
      throw new Refused(
        errorReply(429, {
          message: 'The limit of exports within 24 hours is reached',
          category: 'RATE_LIMITS',
        }),
      );
    }
    const job = portal.exports.add(wanted, now);
    startNextExport(state, portal);
    return json(202, {
      id: job.id,
      links: { status: `${request.origin}${base}/export/async/tasks/${job.id}/status` },
    });
  };
}

function parseExport({ request, portal }: Call, body: Fields): ExportRequest {
  const text = (key: string): string => readText(request, body, key) ?? '';
  const exportType = text('exportType');
  if (exportType !== 'VIEW' && exportType !== 'LIST') throw invalid(`Unknown exportType: ${exportType}`);
  const required = ['exportName', 'objectType', 'format', 'language'].filter((key) => text(key) === '');
  if (required.length > 0) throw invalid(`Some required fields were not set: [${required.join(', ')}]`);
  const format = text('format');
  if (!['CSV', 'XLS', 'XLSX'].includes(format)) throw invalid(`Unknown format: ${format}`);
  if (format !== 'CSV') throw notEmulated(`exports as ${format}`);
  const { id: typeId } = resolveType(portal, text('objectType'));
  const properties = readTexts(request, body, 'objectProperties') ?? [];
  if (properties.length === 0) throw invalid('Some required fields were not set: [objectProperties]');
  const unknown = properties.find((name) => portal.properties(typeId).find(name) === undefined);
  if (unknown !== undefined) throw invalid(`Property ${unknown} does not exist`);
  const listId = exportType === 'LIST' ? text('listId') : undefined;
  if (listId !== undefined && portal.lists.find(listId) === undefined) {
    throw invalid(`List does not exist with ID ${listId}.`);
  }
  const internal = readTexts(request, body, 'exportInternalValuesOptions') ?? [];
  const search = body['publicCrmSearchRequest'];
  return {
    exportType,
    exportName: text('exportName'),
    typeId,
    properties,
    hasInternalNames: internal.includes('NAMES'),
    hasInternalValues: internal.includes('VALUES'),
    associatedTypeIds: associatedTypes(request, body).map((type) => resolveType(portal, type).id),
    hasAllAssociations: readFlag(request, body, 'overrideAssociatedObjectsPerDefinitionPerRowLimit') ?? false,
    listId,
    search: isFields(search) ? toSearch(search) : {},
  };
}

/** One name, or a list of them: both are in the specifications. */
function associatedTypes(request: EmulatorRequest, body: Fields): string[] {
  const given = body['associatedObjectType'];
  return typeof given === 'string' ? [given] : (readTexts(request, body, 'associatedObjectType') ?? []);
}

/** Filters outside of a group are one group of their own. */
function toSearch(search: Fields): Fields {
  const { filters, sorts, ...rest } = search;
  return {
    ...rest,
    ...(Array.isArray(sorts) && sorts.length > 0 ? { sorts: sorts.slice(0, 1) as unknown[] } : {}),
    ...(Array.isArray(filters) && filters.length > 0 ? { filterGroups: [{ filters }] } : {}),
  };
}

function status(call: Call, state: HubspotState): Reply {
  const job = getExport(call, 'taskId');
  const { origin } = call.request;
  const at = (ms: number | undefined): string | undefined =>
    ms === undefined ? undefined : new Date(ms).toISOString();
  const isDone = job.status === 'COMPLETE';
  const ticket = isDone
    ? getPortal(state, call.portal.id).exports.issueTicket(job, call.now + URL_LIFE_MS)
    : undefined;
  return json(200, {
    status: job.status,
    requestedAt: at(job.requestedAt),
    startedAt: at(job.startedAt ?? job.requestedAt),
    completedAt: at(job.completedAt ?? call.now),
    ...(ticket === undefined
      ? {}
      : { result: `${origin}/export-files/${call.portal.id}/${ticket}`, numErrors: 0 }),
  });
}

function show(call: Call): Reply {
  const job = getExport(call, 'exportId');
  const { request } = job;
  return json(200, {
    id: job.id,
    exportName: request.exportName,
    exportType: request.exportType,
    exportState: job.status === 'COMPLETE' ? 'DONE' : job.status,
    objectType: resolveType(call.portal, request.typeId).messageName,
    objectProperties: request.properties,
    recordCount: job.recordCount,
    createdAt: new Date(job.requestedAt).toISOString(),
    updatedAt: new Date(job.completedAt ?? job.startedAt ?? job.requestedAt).toISOString(),
  });
}

function getExport({ request, portal }: Call, key: string): ExportJob {
  const job = portal.exports.find(request.param(key));
  if (job === undefined) throw notFound();
  return job;
}
