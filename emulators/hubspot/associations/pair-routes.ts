import { empty, json } from '../../core/index.ts';
import type { Reply, Route } from '../../core/index.ts';
import type { Call } from '../call.ts';
import { invalid } from '../errors.ts';
import { guard } from '../guard.ts';
import type { GuardedRoute } from '../guard.ts';
import { wrongType } from '../input.ts';
import type { HubspotState } from '../state.ts';
import type { Version } from '../versions.ts';
import {
  linkChecked,
  linkedBy,
  pairOf,
  readTypes,
  requireEnds,
  requirePlain,
  showId,
  showTypes,
} from './association-call.ts';
import { endMissing } from './association-errors.ts';
import { linkedObjectsPath } from './association-paths.ts';
import { showDefaultLink } from './show-links.ts';

// Documented: at most 500 associations a page, which is the default too.
export const LINKS_PER_PAGE = 500;

/** The association of one pair of records, and those of one record. */
export function pairRoutes(version: Version): Route<HubspotState>[] {
  const one = `${linkedObjectsPath(version)}/:from/:id/associations`;
  const routes: Omit<GuardedRoute, 'scopes'>[] = [
    { method: 'PUT', path: `${one}/default/:to/:toId`, handle: linkPlainly },
    { method: 'PUT', path: `${one}/:to/:toId`, handle: linkWithLabels },
    { method: 'DELETE', path: `${one}/:to/:toId`, handle: unlink },
  ];
  // 2026-09 has no reading of one record's associations any more (published specification); batch/read is left.
  if (version !== '2026-09') routes.push({ method: 'GET', path: `${one}/:to`, handle: read });
  return routes.map((route) => guard({ ...route, scopes: ['oauth'], kind: 'associations' }));
}

function linkPlainly(call: Call): Reply {
  const pair = pairOf(call, 'write');
  const [id, toId] = [call.request.param('id'), call.request.param('toId')];
  const plain = requirePlain(call, pair);
  requireEnds(call, pair, id, toId);
  linkChecked(call, pair, id, toId, [plain], 'add');
  const at = new Date(call.now).toISOString();
  return json(200, {
    status: 'COMPLETE',
    results: showDefaultLink(call, plain, id, toId),
    startedAt: at,
    completedAt: at,
  });
}

/** The labels given are the labels the pair has from now on; the plain association stays in any case. */
function linkWithLabels(call: Call): Reply {
  const pair = pairOf(call, 'write');
  const [id, toId] = [call.request.param('id'), call.request.param('toId')];
  const body = call.request.json();
  if (!Array.isArray(body)) return wrongType(call.request, '', 'java.util.ArrayList', body);
  requirePlain(call, pair);
  const types = readTypes(call, pair, body as readonly unknown[]);
  requireEnds(call, pair, id, toId);
  linkChecked(call, pair, id, toId, types, 'replace');
  return json(201, {
    fromObjectTypeId: pair.from.id,
    fromObjectId: showId(call, id),
    toObjectTypeId: pair.to.id,
    toObjectId: showId(call, toId),
    labels: types.flatMap(({ label }) => label ?? []),
  });
}

function unlink(call: Call): Reply {
  const { from, to } = pairOf(call, 'write');
  const ends = [
    { typeId: from.id, id: call.request.param('id') },
    { typeId: to.id, id: call.request.param('toId') },
  ] as const;
  call.portal.associations.unlink(...ends, linkedBy(call));
  return empty(204);
}

function read(call: Call): Reply {
  const { from, to } = pairOf(call, 'read');
  const { query, origin, path } = call.request;
  const id = call.request.param('id');
  if (call.portal.records(from.id).find(id) === undefined) throw endMissing(from, id, 'FROM');
  const limit = Number(query.get('limit') ?? LINKS_PER_PAGE);
  if (!Number.isInteger(limit) || limit < 1 || limit > LINKS_PER_PAGE) {
    throw invalid(`limit must be between 1 and ${LINKS_PER_PAGE}`);
  }
  const page = pageOf(call, { typeId: from.id, id }, to.id, limit, query.get('after') ?? undefined);
  const next = new URLSearchParams(query);
  next.set('after', page.after ?? '');
  return json(200, {
    results: page.results,
    ...(page.after === undefined
      ? {}
      : { paging: { next: { after: page.after, link: `${origin}${path}?${next.toString()}` } } }),
  });
}

/** Linked records by ascending id; `after` is the id that the page starts with (assumed, as lists have it). */
export function pageOf(
  call: Call,
  from: { readonly typeId: string; readonly id: string },
  toTypeId: string,
  limit: number,
  after: string | undefined,
): { readonly results: readonly unknown[]; readonly after?: string } {
  if (after !== undefined && !/^\d+$/.test(after))
    throw invalid('after must be a paging token of a former answer');
  const links = call.portal.associations
    .list(from, toTypeId)
    .filter(([toId]) => after === undefined || Number(toId) >= Number(after));
  const results = links.slice(0, limit).map(([toId, types]) => ({
    toObjectId: showId(call, toId),
    associationTypes: showTypes(types),
  }));
  const next = links[limit]?.[0];
  return next === undefined ? { results } : { results, after: next };
}
