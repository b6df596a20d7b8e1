import { empty, json } from '../../core/index.ts';
import type { Reply, Route } from '../../core/index.ts';
import type { Call } from '../call.ts';
import { invalid } from '../errors.ts';
import { guard } from '../guard.ts';
import type { GuardedRoute } from '../guard.ts';
import { isFields, readInputs, readList, readObject, readText, wrongType } from '../input.ts';
import type { Fields } from '../input.ts';
import type { HubspotState } from '../state.ts';
import { batchStatus } from '../versions.ts';
import type { Version } from '../versions.ts';
import {
  linkChecked,
  linkedBy,
  pairOf,
  readEnd,
  readTypes,
  requireEnds,
  requirePlain,
  showId,
} from './association-call.ts';
import type { Pair } from './association-call.ts';
import { endMissing, notAssociated } from './association-errors.ts';
import { associationsPath } from './association-paths.ts';
import { rowsEnvelope, runRows } from './association-rows.ts';
import { LINKS_PER_PAGE, pageOf } from './pair-routes.ts';
import { showDefaultLink } from './show-links.ts';

// Documented for create; taken to hold for what else changes links.
const LINKS_MAX = 2_000;
// Documented for read.
const READS_MAX = 1_000;

/** Associations by the thousand. */
export function associationBatchRoutes(version: Version): Route<HubspotState>[] {
  const batch = `${associationsPath(version)}/:from/:to/batch`;
  const make = (operation: string, handle: (call: Call, version: Version) => Reply): GuardedRoute => ({
    method: 'POST',
    path: `${batch}/${operation}`,
    scopes: ['oauth'],
    kind: 'associations',
    handle: (call) => handle(call, version),
  });
  return [
    make('associate/default', linkPlainly),
    make('create', create),
    make('read', read),
    make('archive', archive),
    make('labels/archive', archiveLabels),
  ].map(guard);
}

function linkPlainly(call: Call): Reply {
  const pair = pairOf(call, 'write');
  const inputs = readInputs(call.request, readObject(call.request), LINKS_MAX);
  const plain = requirePlain(call, pair);
  const rows = runRows(inputs, (input) => {
    const [fromId, toId] = [readEnd(call, input, 'from'), readEnd(call, input, 'to')];
    requireEnds(call, pair, fromId, toId);
    linkChecked(call, pair, fromId, toId, [plain], 'add');
    return showDefaultLink(call, plain, fromId, toId);
  });
  // The published specifications know no other status here, with errors or without.
  return json(200, rowsEnvelope(call, rows));
}

/** Labels that a pair has already stay: this adds. */
function create(call: Call, version: Version): Reply {
  const pair = pairOf(call, 'write');
  const inputs = readInputs(call.request, readObject(call.request), LINKS_MAX);
  requirePlain(call, pair);
  const specs = inputs.map((input) => readList(call.request, input, 'types') ?? []);
  if (call.switches.unknownAssociationType === 'refuse_batch') {
    for (const given of specs) readTypes(call, pair, given);
  }
  const rows = runRows(inputs, (input, index) => {
    const types = readTypes(call, pair, specs[index] ?? []);
    const [fromId, toId] = [readEnd(call, input, 'from'), readEnd(call, input, 'to')];
    requireEnds(call, pair, fromId, toId);
    linkChecked(call, pair, fromId, toId, types, 'add');
    return [
      {
        fromObjectTypeId: pair.from.id,
        fromObjectId: showId(call, fromId),
        toObjectTypeId: pair.to.id,
        toObjectId: showId(call, toId),
        labels: types.flatMap(({ label }) => label ?? []),
      },
    ];
  });
  const whole = version === '2026-09' ? 200 : 201;
  return json(batchStatus(version, whole, rows.errors.length > 0, call.switches), rowsEnvelope(call, rows));
}

function read(call: Call, version: Version): Reply {
  const pair = pairOf(call, 'read');
  const inputs = readInputs(call.request, readObject(call.request), READS_MAX);
  const rows = runRows(inputs, (input) => readOne(call, pair, input));
  return json(batchStatus(version, 200, rows.errors.length > 0, call.switches), rowsEnvelope(call, rows));
}

function readOne(call: Call, { from, to }: Pair, input: Fields): unknown[] {
  const id = readText(call.request, input, 'id');
  if (id === undefined || id === '') throw invalid('Some required fields were not set: [id]');
  if (call.portal.records(from.id).find(id) === undefined) throw endMissing(from, id, 'FROM');
  const after = readText(call.request, input, 'after');
  const page = pageOf(call, { typeId: from.id, id }, to.id, LINKS_PER_PAGE, after);
  if (page.results.length === 0 && call.switches.readOfUnassociated === 'error')
    throw notAssociated(from, to, id);
  if (page.results.length === 0 && call.switches.readOfUnassociated === 'omit') return [];
  return [
    {
      from: { id },
      to: page.results,
      ...(page.after === undefined ? {} : { paging: { next: { after: page.after } } }),
    },
  ];
}

/** What is not linked, or does not exist, is as unlinked as it should be. */
function archive(call: Call, version: Version): Reply {
  const { from, to } = pairOf(call, 'write');
  const inputs = readInputs(call.request, readObject(call.request), LINKS_MAX);
  const unlinked = inputs.flatMap((input) => {
    const fromId = readEnd(call, input, 'from');
    const targets = readList(call.request, input, 'to');
    if (targets === undefined) throw invalid('Some required fields were not set: [to]');
    return targets.map((target) => ({ fromId, toId: readTarget(call, target) }));
  });
  for (const { fromId, toId } of unlinked) {
    const ends = [
      { typeId: from.id, id: fromId },
      { typeId: to.id, id: toId },
    ] as const;
    call.portal.associations.unlink(...ends, linkedBy(call));
  }
  return archived(call, version);
}

function readTarget(call: Call, target: unknown): string {
  if (!isFields(target)) return wrongType(call.request, 'to', 'PublicObjectId', target);
  return readEnd(call, { to: target }, 'to');
}

function archiveLabels(call: Call, version: Version): Reply {
  const pair = pairOf(call, 'write');
  const inputs = readInputs(call.request, readObject(call.request), LINKS_MAX);
  const unlabelled = inputs.map((input) => ({
    fromId: readEnd(call, input, 'from'),
    toId: readEnd(call, input, 'to'),
    types: readTypes(call, pair, readList(call.request, input, 'types') ?? []),
  }));
  for (const { fromId, toId, types } of unlabelled) {
    const ends = [
      { typeId: pair.from.id, id: fromId },
      { typeId: pair.to.id, id: toId },
    ] as const;
    call.portal.associations.unlabel(...ends, types, linkedBy(call));
  }
  return archived(call, version);
}

/** 204 on v4, an envelope on date-based versions (published specifications; 2025-09 taken to be like 2026-03). */
function archived(call: Call, version: Version): Reply {
  if (version === 'v3') return empty(204);
  const { results, ...rest } = rowsEnvelope(call, { results: [], errors: [] });
  return json(200, version === '2026-09' ? rest : { ...rest, results });
}
