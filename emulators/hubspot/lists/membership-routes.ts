import { empty, json } from '../../core/index.ts';
import type { Reply, Route } from '../../core/index.ts';
import type { Call } from '../call.ts';
import { invalid } from '../errors.ts';
import { guard } from '../guard.ts';
import type { GuardedRoute } from '../guard.ts';
import { readInputs, readObject, readText } from '../input.ts';
import { resolveType } from '../objects/object-types.ts';
import type { HubspotState } from '../state.ts';
import type { Version } from '../versions.ts';
import type { HubspotList } from './hubspot-list.ts';
import { membersFixed } from './list-errors.ts';
import { getList, readIds } from './list-input.ts';
import { changeMembers, membersOf } from './list-members.ts';
import type { Member, MembershipChange } from './list-members.ts';
import { listsPath, READ_LISTS, WRITE_LISTS } from './list-paths.ts';

// From the specification.
const PAGE_DEFAULT = 100;
const PAGE_MAX = 250;

/** Who is in which list. */
export function membershipRoutes(version: Version): Route<HubspotState>[] {
  const base = listsPath(version);
  const members = `${base}/:listId/memberships`;
  const routes: GuardedRoute[] = [
    { method: 'GET', path: members, scopes: READ_LISTS, handle: (call) => page(call, byRecordId) },
    {
      method: 'GET',
      path: `${members}/join-order`,
      scopes: READ_LISTS,
      handle: (call) => page(call, byJoining),
    },
    { method: 'PUT', path: `${members}/add`, scopes: WRITE_LISTS, handle: add },
    { method: 'PUT', path: `${members}/remove`, scopes: WRITE_LISTS, handle: remove },
    { method: 'PUT', path: `${members}/add-and-remove`, scopes: WRITE_LISTS, handle: addAndRemove },
    { method: 'PUT', path: `${members}/add-from/:sourceListId`, scopes: WRITE_LISTS, handle: addFrom },
    { method: 'DELETE', path: members, scopes: WRITE_LISTS, handle: clear },
    {
      method: 'GET',
      path: `${base}/records/:type/:recordId/memberships`,
      scopes: READ_LISTS,
      handle: readListsOf,
    },
    {
      method: 'POST',
      path: `${base}/records/memberships/batch/read`,
      scopes: READ_LISTS,
      handle: readListsOfAll,
    },
  ];
  return routes.map(guard);
}

function add(call: Call): Reply {
  const list = getChangeable(call);
  return json(200, show(changeMembers(call, list, readIds(call, call.request.json()), [])));
}

function remove(call: Call): Reply {
  const list = getChangeable(call);
  return json(200, show(changeMembers(call, list, [], readIds(call, call.request.json()))));
}

function addAndRemove(call: Call): Reply {
  const list = getChangeable(call);
  const body = readObject(call.request);
  const toAdd = readIds(call, body['recordIdsToAdd'] ?? []);
  const toRemove = readIds(call, body['recordIdsToRemove'] ?? []);
  return json(200, show(changeMembers(call, list, toAdd, toRemove)));
}

function addFrom(call: Call): Reply {
  const list = getChangeable(call);
  const source = getList(call, call.request.param('sourceListId'));
  if (source.typeId !== list.typeId) {
    throw invalid(`List ${source.id} holds objects of another type than list ${list.id}`);
  }
  const ids = membersOf(call, source).map(({ recordId }) => recordId);
  changeMembers(call, list, ids, []);
  return empty(204);
}

function clear(call: Call): Reply {
  const list = getChangeable(call);
  if (list.members.size > 0) list.lastRemovedAt = call.now;
  list.members.clear();
  return empty(204);
}

function getChangeable(call: Call): HubspotList {
  const list = getList(call);
  if (list.processingType === 'DYNAMIC') throw membersFixed(list);
  return list;
}

/** The first key is odd, and so in the specification. */
function show({ added, removed, missing }: MembershipChange): Record<string, unknown> {
  return { recordsIdsAdded: added, recordIdsRemoved: removed, recordIdsMissing: missing };
}

type Order = (a: Member, b: Member) => number;

const byRecordId: Order = (a, b) => Number(a.recordId) - Number(b.recordId);
/** Who came last is first; together they came in the order of their ids (assumed). */
const byJoining: Order = (a, b) => b.lastAt - a.lastAt || byRecordId(a, b);

function page(call: Call, order: Order): Reply {
  const { query, origin, path } = call.request;
  const all = membersOf(call, getList(call)).toSorted(order);
  const limit = Number(query.get('limit') ?? PAGE_DEFAULT);
  if (!Number.isInteger(limit) || limit < 1 || limit > PAGE_MAX) {
    throw invalid(`limit must be between 1 and ${PAGE_MAX}`);
  }
  const [after, before] = [query.get('after'), query.get('before')];
  if (after !== null && before !== null) throw invalid('Only one of after and before can be given');
  const end = before === null ? all.length : placeOf(all, before);
  const start = after !== null ? placeOf(all, after) + 1 : before === null ? 0 : Math.max(0, end - limit);
  const shown = all.slice(start, Math.min(start + limit, end));
  const last = shown.at(-1);
  const hasMore = last !== undefined && start + shown.length < all.length;
  const next = new URLSearchParams(query);
  next.delete('before');
  next.set('after', tokenOf(last));
  return json(200, {
    total: all.length,
    results: shown.map(({ recordId, lastAt }) => ({
      recordId,
      membershipTimestamp: new Date(lastAt).toISOString(),
    })),
    ...(hasMore
      ? { paging: { next: { after: tokenOf(last), link: `${origin}${path}?${next.toString()}` } } }
      : {}),
  });
}

/** Paging tokens of lists are opaque: a client that makes them up of record ids is refused. */
function tokenOf(member: Member | undefined): string {
  return member === undefined ? '' : Buffer.from(`m:${member.recordId}`).toString('base64url');
}

function placeOf(members: readonly Member[], token: string): number {
  const place = members.findIndex((member) => tokenOf(member) === token);
  if (place === -1) throw invalid(`${token} is no paging token of this list`);
  return place;
}

function readListsOf(call: Call): Reply {
  const type = resolveType(call.portal, call.request.param('type'));
  const results = listsOf(call, type.id, call.request.param('recordId'));
  return json(200, { total: results.length, results });
}

function readListsOfAll(call: Call): Reply {
  const inputs = readInputs(call.request, readObject(call.request));
  const at = new Date(call.now).toISOString();
  const results = inputs.map((input) => {
    const type = resolveType(call.portal, readText(call.request, input, 'objectTypeId') ?? '');
    const recordId = readText(call.request, input, 'recordId') ?? '';
    return { objectTypeId: type.id, recordId, recordListMemberships: listsOf(call, type.id, recordId) };
  });
  return json(200, { status: 'COMPLETE', results, startedAt: at, completedAt: at });
}

function listsOf(call: Call, typeId: string, recordId: string): Record<string, unknown>[] {
  const lists = call.portal.lists.all().filter((list) => list.typeId === typeId);
  return lists.flatMap((list) => {
    const member = membersOf(call, list).find((one) => one.recordId === recordId);
    if (member === undefined) return [];
    return [
      {
        listId: list.id,
        listVersion: list.version,
        firstAddedTimestamp: new Date(member.firstAt).toISOString(),
        lastAddedTimestamp: new Date(member.lastAt).toISOString(),
        isPublicList: true,
      },
    ];
  });
}
