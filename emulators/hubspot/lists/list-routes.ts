import { empty, json } from '../../core/index.ts';
import type { Reply, Route } from '../../core/index.ts';
import type { Call } from '../call.ts';
import { invalid, notEmulated } from '../errors.ts';
import { guard } from '../guard.ts';
import type { GuardedRoute } from '../guard.ts';
import { readNames, readObject, readText, readTexts } from '../input.ts';
import { resolveType } from '../objects/object-types.ts';
import type { HubspotState } from '../state.ts';
import type { Version } from '../versions.ts';
import { compileFilters } from './filter-branch.ts';
import { showFound, showList } from './hubspot-list.ts';
import type { HubspotList } from './hubspot-list.ts';
import { listUnknown, membersFixed, nameUnknown } from './list-errors.ts';
import { getList, readName, readNewList } from './list-input.ts';
import { filterContext, membersOf, refresh } from './list-members.ts';
import { listsPath, READ_LISTS, WRITE_LISTS } from './list-paths.ts';

// From the specification.
const FOUND_DEFAULT = 20;
const FOUND_MAX = 500;

/** Lists themselves; their members have routes of their own. */
export function listRoutes(version: Version): Route<HubspotState>[] {
  const base = listsPath(version);
  const one = `${base}/:listId`;
  const routes: GuardedRoute[] = [
    ...['GET', 'POST'].flatMap((method) =>
      ['folders', 'idmapping'].map((part) => withheld(method as 'GET' | 'POST', `${base}/${part}`)),
    ),
    ...(['GET', 'PUT', 'DELETE'] as const).map((method) => withheld(method, `${one}/schedule-conversion`)),
    { method: 'POST', path: base, scopes: WRITE_LISTS, handle: create },
    { method: 'GET', path: base, scopes: READ_LISTS, handle: readSome },
    { method: 'POST', path: `${base}/search`, scopes: READ_LISTS, handle: search },
    {
      method: 'GET',
      path: `${base}/object-type-id/:type/name/:name`,
      scopes: READ_LISTS,
      handle: readByName,
    },
    { method: 'GET', path: one, scopes: READ_LISTS, handle: read },
    { method: 'DELETE', path: one, scopes: WRITE_LISTS, handle: remove },
    { method: 'PUT', path: `${one}/restore`, scopes: WRITE_LISTS, handle: restore },
    { method: 'PUT', path: `${one}/update-list-name`, scopes: WRITE_LISTS, handle: rename },
    { method: 'PUT', path: `${one}/update-list-filters`, scopes: WRITE_LISTS, handle: changeFilters },
  ];
  return routes.map(guard);
}

/** What HubSpot has and the emulator has not says so, rather than that there is no such list. */
function withheld(method: GuardedRoute['method'], path: string): GuardedRoute {
  return {
    method,
    path,
    scopes: READ_LISTS,
    handle: () => {
      throw notEmulated(`the call ${method} ${path}`);
    },
  };
}

function create(call: Call): Reply {
  const list = readNewList(call, readObject(call.request));
  call.portal.lists.add(list);
  if (list.filterBranch !== undefined) refresh(call, list);
  return json(200, { list: show(call, list, list.filterBranch !== undefined) });
}

function readSome(call: Call): Reply {
  const ids = readNames(call.request.query, 'listIds');
  const lists = ids.flatMap((id) => call.portal.lists.find(id) ?? []);
  return json(200, { lists: lists.map((list) => show(call, list, isWithFilters(call))) });
}

function read(call: Call): Reply {
  return json(200, { list: show(call, getList(call), isWithFilters(call)) });
}

function readByName(call: Call): Reply {
  const name = call.request.param('name');
  const type = resolveType(call.portal, call.request.param('type'));
  const list = call.portal.lists.findByName(name);
  if (list === undefined || list.typeId !== type.id) throw nameUnknown(name, type.id);
  return json(200, { list: show(call, list, isWithFilters(call)) });
}

/** By a part of the name, in any case. */
function search(call: Call): Reply {
  const { request, portal } = call;
  const body = readObject(request);
  const query = (readText(request, body, 'query') ?? '').toLowerCase();
  const count = Number(readText(request, body, 'count') ?? FOUND_DEFAULT);
  const offset = Number(readText(request, body, 'offset') ?? 0);
  if (!Number.isInteger(count) || count < 1 || count > FOUND_MAX) {
    throw invalid(`count must be between 1 and ${FOUND_MAX}`);
  }
  if (!Number.isInteger(offset) || offset < 0) throw invalid('offset must not be negative');
  const types = readTexts(request, body, 'processingTypes') ?? [];
  const ids = readTexts(request, body, 'listIds') ?? [];
  const typeId = readText(request, body, 'objectTypeId');
  const found = portal.lists
    .all()
    .filter(({ name }) => name.toLowerCase().includes(query))
    .filter(({ processingType }) => types.length === 0 || types.includes(processingType))
    .filter(({ id }) => ids.length === 0 || ids.includes(id))
    .filter((list) => typeId === undefined || list.typeId === typeId);
  const lists = found.slice(offset, offset + count);
  return json(200, {
    lists: lists.map((list) => showFound(list, membersOf(call, list).length)),
    offset: offset + lists.length,
    hasMore: offset + lists.length < found.length,
    total: found.length,
  });
}

/** The new name comes in the query (specification). */
function rename(call: Call): Reply {
  const list = getList(call);
  list.name = readName(call, call.request.query.get('listName') ?? '', list);
  touch(call, list);
  return json(200, { updatedList: show(call, list, isWithFilters(call)) });
}

function changeFilters(call: Call): Reply {
  const list = getList(call);
  if (list.processingType !== 'DYNAMIC') throw membersFixed(list);
  const { filterBranch } = readObject(call.request);
  if (filterBranch === undefined) throw invalid('Some required fields were not set: [filterBranch]');
  compileFilters(filterBranch, filterContext(call, list.typeId));
  list.filterBranch = filterBranch;
  list.filtersUpdatedAt = call.now;
  touch(call, list);
  return json(200, { updatedList: show(call, list, true) });
}

function remove(call: Call): Reply {
  const list = getList(call);
  list.deletedAt = call.now;
  return empty(204);
}

function restore(call: Call): Reply {
  const id = call.request.param('listId');
  const list = call.portal.lists.findDeleted(id, call.now);
  if (list === undefined) throw listUnknown(id);
  list.name = readName(call, list.name, list);
  list.deletedAt = undefined;
  return empty(204);
}

function touch({ now, token }: Call, list: HubspotList): void {
  list.updatedAt = now;
  list.updatedBy = token.userId;
  list.version += 1;
}

function show(call: Call, list: HubspotList, hasFilters: boolean): Record<string, unknown> {
  return showList(list, membersOf(call, list).length, hasFilters);
}

function isWithFilters({ request }: Call): boolean {
  return request.query.get('includeFilters') === 'true';
}
