export const PROCESSING_TYPES = ['MANUAL', 'DYNAMIC', 'SNAPSHOT'] as const;
export type ProcessingType = (typeof PROCESSING_TYPES)[number];

export interface Membership {
  readonly firstAt: number;
  readonly lastAt: number;
}

/** A list of records of one type. */
export interface HubspotList {
  readonly id: string;
  readonly typeId: string;
  readonly processingType: ProcessingType;
  readonly createdAt: number;
  readonly createdBy: number;
  /** Given with the creation, kept and echoed. */
  readonly customProperties: unknown;
  readonly membershipSettings: unknown;
  name: string;
  /** As it was sent; absent for manual lists. */
  filterBranch: unknown;
  updatedAt: number;
  updatedBy: number;
  filtersUpdatedAt: number;
  version: number;
  deletedAt: number | undefined;
  /** By record id. Those of a dynamic list are what its filters found when it was last looked at. */
  readonly members: Map<string, Membership>;
  lastAddedAt: number | undefined;
  lastRemovedAt: number | undefined;
}

export function showList(list: HubspotList, size: number, hasFilters: boolean): Record<string, unknown> {
  return {
    ...showFrame(list),
    size,
    ...(hasFilters && list.filterBranch !== undefined ? { filterBranch: list.filterBranch } : {}),
    ...(list.membershipSettings === undefined ? {} : { membershipSettings: list.membershipSettings }),
    ...(list.customProperties === undefined ? {} : { customProperties: list.customProperties }),
  };
}

/** A search shows figures about a list as further properties, all of them texts. */
export function showFound(list: HubspotList, size: number): Record<string, unknown> {
  return {
    ...showFrame(list),
    additionalProperties: {
      hs_list_size: String(size),
      hs_list_reference_count: '0',
      ...(list.lastAddedAt === undefined ? {} : { hs_last_record_added_at: String(list.lastAddedAt) }),
      ...(list.lastRemovedAt === undefined ? {} : { hs_last_record_removed_at: String(list.lastRemovedAt) }),
    },
  };
}

function showFrame(list: HubspotList): Record<string, unknown> {
  const { deletedAt } = list;
  return {
    listId: list.id,
    listVersion: list.version,
    name: list.name,
    objectTypeId: list.typeId,
    processingType: list.processingType,
    processingStatus: 'COMPLETE',
    createdAt: new Date(list.createdAt).toISOString(),
    createdById: String(list.createdBy),
    updatedAt: new Date(list.updatedAt).toISOString(),
    updatedById: String(list.updatedBy),
    filtersUpdatedAt: new Date(list.filtersUpdatedAt).toISOString(),
    ...(deletedAt === undefined ? {} : { deletedAt: new Date(deletedAt).toISOString() }),
  };
}
