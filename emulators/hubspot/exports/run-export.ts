import { toCsv } from '../../core/index.ts';
import { backgroundCall } from '../background-call.ts';
import { valueOf } from '../objects/computed.ts';
import { toObjectCall } from '../objects/object-call.ts';
import type { ObjectCall } from '../objects/object-call.ts';
import type { ObjectRecord } from '../objects/object-record.ts';
import { resolveType } from '../objects/object-types.ts';
import { runSearch } from '../objects/run-search.ts';
import { parseSearch } from '../objects/search-query.ts';
import type { Portal } from '../portal.ts';
import type { HubspotState } from '../state.ts';
import type { ExportJob, ExportRequest } from './export-job.ts';

// Documented: so many per row unless the request overrides it.
const ASSOCIATIONS_PER_ROW = 1_000;

/** Begins the next export when none is under way. */
export function startNextExport(state: HubspotState, portal: Portal): void {
  const job = portal.exports.isBusy ? undefined : portal.exports.next();
  if (job === undefined) return;
  job.status = 'PROCESSING';
  job.startedAt = state.clock.now();
  state.later.at(job.startedAt + state.switches.exportMs, () => {
    carryOut(state, portal, job);
    startNextExport(state, portal);
  });
}

function carryOut(state: HubspotState, portal: Portal, job: ExportJob): void {
  const { request } = job;
  const call = toObjectCall(
    backgroundCall(state, portal, { changeSource: 'EXPORT', sourceId: job.id }),
    resolveType(portal, request.typeId),
  );
  const records = choose(call, request);
  const rows = records.map((record) => rowOf(call, record, request));
  job.csv = toCsv([headerOf(call, request), ...rows]);
  job.recordCount = records.length;
  job.status = 'COMPLETE';
  job.completedAt = call.now;
}

function choose(call: ObjectCall, { listId, search }: ExportRequest): ObjectRecord[] {
  if (listId !== undefined) {
    const members = call.portal.lists.find(listId)?.members.keys() ?? [];
    return [...members].flatMap((id) => call.records.find(id) ?? []);
  }
  if (Object.keys(search).length === 0) {
    return [...call.records.all()].filter(({ archivedAt }) => archivedAt === undefined);
  }
  // The window of 10,000 is that of the search API, not of an export.
  return [...runSearch(call, { ...parseSearch(call, search), offset: 0, limit: Infinity }).records];
}

function headerOf(call: ObjectCall, request: ExportRequest): string[] {
  const names = request.properties.map((name) =>
    request.hasInternalNames ? name : (call.properties.find(name)?.label ?? name),
  );
  const associated = request.associatedTypeIds.map((typeId) => {
    const { singular } = resolveType(call.portal, typeId);
    return `Associated ${singular.charAt(0).toUpperCase()}${singular.slice(1)} IDs`;
  });
  return ['Record ID', ...names, ...associated];
}

function rowOf(call: ObjectCall, record: ObjectRecord, request: ExportRequest): string[] {
  const cells = request.properties.map((name) => {
    const value = valueOf(record, name, call.type, call.portal) ?? '';
    const options = request.hasInternalValues ? [] : (call.properties.find(name)?.options ?? []);
    return options.find((option) => option.value === value)?.label ?? value;
  });
  const associated = request.associatedTypeIds.map((typeId) => {
    const ids = call.portal.associations.idsOf(call.type.id, record.id, typeId);
    return (request.hasAllAssociations ? ids : ids.slice(0, ASSOCIATIONS_PER_ROW)).join(';');
  });
  return [record.id, ...cells, ...associated];
}
