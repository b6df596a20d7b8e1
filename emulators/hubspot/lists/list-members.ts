import type { Call } from '../call.ts';
import { resolveType } from '../objects/object-types.ts';
import { valueOf } from '../objects/computed.ts';
import { compileFilters } from './filter-branch.ts';
import type { FilterContext, Test } from './filter-branch.ts';
import type { HubspotList, Membership } from './hubspot-list.ts';

export interface Member extends Membership {
  readonly recordId: string;
}

/** The members of a list as they are now, in the order in which they joined. */
export function membersOf(call: Call, list: HubspotList): readonly Member[] {
  if (list.processingType === 'DYNAMIC') refresh(call, list);
  const records = call.portal.records(list.typeId);
  const members = new Map<string, Member>();
  for (const [id, membership] of list.members) {
    // Archived records are in no list; what was merged is there under the id it went into.
    const record = records.findMerged(id);
    if (record !== undefined) members.set(record.id, { recordId: record.id, ...membership });
  }
  return [...members.values()].toSorted((a, b) => a.lastAt - b.lastAt);
}

/** What a call changed, in HubSpot's three lists. */
export interface MembershipChange {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly missing: readonly string[];
}

/** Ids that are members already are not told as added, and those that are none not as removed (assumed). */
export function changeMembers(
  call: Call,
  list: HubspotList,
  toAdd: readonly string[],
  toRemove: readonly string[],
): MembershipChange {
  const records = call.portal.records(list.typeId);
  const isMissing = (id: string): boolean => records.find(id) === undefined;
  const missing = [...new Set([...toAdd, ...toRemove])].filter(isMissing);
  const removed = [...new Set(toRemove)].filter((id) => list.members.delete(id));
  const added = [...new Set(toAdd)].filter((id) => !isMissing(id) && join(list, id, call.now));
  if (removed.length > 0) list.lastRemovedAt = call.now;
  return { added, removed, missing };
}

/** A list of records as its filters find them at this moment; a snapshot is made so once, a dynamic list always. */
export function refresh(call: Call, list: HubspotList): void {
  const test = compileFilters(list.filterBranch, filterContext(call, list.typeId));
  const found = new Set(findRecords(call, list, test));
  for (const id of list.members.keys()) {
    if (found.has(id)) continue;
    list.members.delete(id);
    list.lastRemovedAt = call.now;
  }
  for (const id of found) join(list, id, call.now);
}

export function filterContext({ portal }: Call, typeId: string): FilterContext {
  return {
    hasProperty: (name) => portal.properties(typeId).find(name) !== undefined,
    hasList: (listId) => portal.lists.find(listId) !== undefined,
  };
}

function* findRecords(call: Call, list: HubspotList, test: Test): Generator<string> {
  const { portal } = call;
  const type = resolveType(portal, list.typeId);
  const others = new Map<string, ReadonlySet<string>>();
  const membersOfOther = (listId: string): ReadonlySet<string> => {
    const known = others.get(listId);
    if (known !== undefined) return known;
    const other = portal.lists.find(listId);
    // A list that is gone since the filter was written has no members; one that looks at itself sees nobody new.
    const isReadable = other !== undefined && other.id !== list.id;
    const ids = new Set(isReadable ? membersOf(call, other).map(({ recordId }) => recordId) : []);
    others.set(listId, ids);
    return ids;
  };
  for (const record of portal.records(list.typeId).all()) {
    if (record.archivedAt !== undefined) continue;
    const isMember = test({
      valueOf: (name) => valueOf(record, name, type, portal),
      isIn: (listId) => membersOfOther(listId).has(record.id),
    });
    if (isMember) yield record.id;
  }
}

function join(list: HubspotList, id: string, now: number): boolean {
  if (list.members.has(id)) return false;
  list.members.set(id, { firstAt: now, lastAt: now });
  list.lastAddedAt = now;
  return true;
}
