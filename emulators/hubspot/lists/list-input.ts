import type { Call } from '../call.ts';
import { invalid } from '../errors.ts';
import { readText, wrongType } from '../input.ts';
import type { Fields } from '../input.ts';
import { resolveType } from '../objects/object-types.ts';
import { compileFilters } from './filter-branch.ts';
import { PROCESSING_TYPES } from './hubspot-list.ts';
import type { HubspotList, ProcessingType } from './hubspot-list.ts';
import { listUnknown, nameTaken } from './list-errors.ts';
import { filterContext } from './list-members.ts';

/** A new list from POST. Which fields are needed is from the specification, the words are assumed. */
export function readNewList(call: Call, fields: Fields): HubspotList {
  const { portal, now, token } = call;
  const missing = ['name', 'objectTypeId', 'processingType'].filter(
    (key) => (readText(call.request, fields, key) ?? '') === '',
  );
  if (missing.length > 0) throw invalid(`Some required fields were not set: [${missing.join(', ')}]`);
  const type = resolveType(portal, readText(call.request, fields, 'objectTypeId') ?? '');
  const processingType = readProcessingType(readText(call.request, fields, 'processingType') ?? '');
  const filterBranch = fields['filterBranch'] ?? undefined;
  if (processingType === 'DYNAMIC' && filterBranch === undefined) {
    throw invalid('A list with the processing type DYNAMIC needs a filterBranch');
  }
  if (processingType === 'MANUAL' && filterBranch !== undefined) {
    throw invalid('A list with the processing type MANUAL cannot have a filterBranch');
  }
  if (filterBranch !== undefined) compileFilters(filterBranch, filterContext(call, type.id));
  const name = readName(call, readText(call.request, fields, 'name') ?? '', undefined);
  return {
    id: portal.lists.takeId(),
    typeId: type.id,
    processingType,
    name,
    filterBranch,
    customProperties: fields['customProperties'] ?? undefined,
    membershipSettings: fields['membershipSettings'] ?? undefined,
    createdAt: now,
    createdBy: token.userId,
    updatedAt: now,
    updatedBy: token.userId,
    filtersUpdatedAt: now,
    version: 1,
    deletedAt: undefined,
    members: new Map(),
    lastAddedAt: undefined,
    lastRemovedAt: undefined,
  };
}

export function readName(call: Call, name: string, list: HubspotList | undefined): string {
  if (name === '') throw invalid('Some required fields were not set: [name]');
  const other = call.portal.lists.findByName(name);
  if (other !== undefined && other !== list) throw nameTaken(name);
  return name;
}

export function getList(call: Call, id = call.request.param('listId')): HubspotList {
  const list = call.portal.lists.find(id);
  if (list === undefined) throw listUnknown(id);
  return list;
}

/** Ids of records, as texts or numbers. */
export function readIds(call: Call, given: unknown): string[] {
  if (!Array.isArray(given)) return wrongType(call.request, '', 'java.util.ArrayList', given);
  const ids = (given as readonly unknown[]).map((id) =>
    typeof id === 'string' || typeof id === 'number' ? String(id) : wrongType(call.request, '', 'long', id),
  );
  const wrong = ids.find((id) => !/^\d+$/.test(id));
  if (wrong !== undefined) return wrongType(call.request, '', 'long', wrong);
  const max = call.switches.listMembershipIdsMax;
  if (ids.length > max)
    throw invalid(`At most ${max} record ids are allowed in one call. Found ${ids.length}`);
  return ids;
}

function readProcessingType(text: string): ProcessingType {
  const type = PROCESSING_TYPES.find((known) => known === text);
  if (type === undefined) {
    throw invalid(`processingType must be one of [${PROCESSING_TYPES.join(', ')}], not ${text}`);
  }
  return type;
}
