import type { EmulatorRequest } from '../../core/index.ts';
import { invalid } from '../errors.ts';
import { readTexts, readText } from '../input.ts';
import type { Fields } from '../input.ts';

const TYPES = [
  'OBJECT',
  'ASSOCIATION',
  'EVENT',
  'APP_LIFECYCLE_EVENT',
  'LIST_MEMBERSHIP',
  'GDPR_PRIVACY_DELETION',
] as const;

const ACTIONS = [
  'CREATE',
  'UPDATE',
  'DELETE',
  'MERGE',
  'RESTORE',
  'ASSOCIATION_ADDED',
  'ASSOCIATION_REMOVED',
  'SNAPSHOT',
  'APP_INSTALL',
  'APP_UNINSTALL',
  'ADDED_TO_LIST',
  'REMOVED_FROM_LIST',
  'GDPR_DELETE',
] as const;

export type JournalAction = (typeof ACTIONS)[number];

/** What an app pulls of one account. */
export interface JournalSubscription {
  readonly id: number;
  readonly appId: number;
  readonly subscriptionType: (typeof TYPES)[number];
  readonly portalId: number;
  readonly objectTypeId: string | undefined;
  readonly actions: readonly JournalAction[];
  /** Changes of these properties only; of all when empty. */
  readonly properties: readonly string[];
  readonly objectIds: readonly string[];
  readonly associatedObjectTypeIds: readonly string[];
  readonly createdAt: number;
}

/** The fields are published; the words of the refusals are ours. */
export function parseJournalSubscription(
  request: EmulatorRequest,
  fields: Fields,
  appId: number,
  now: number,
): Omit<JournalSubscription, 'id'> {
  const type = readText(request, fields, 'subscriptionType') ?? '';
  const subscriptionType = TYPES.find((known) => known === type);
  if (subscriptionType === undefined) throw invalid(`Unknown subscriptionType: ${type}`);
  const portalId = Number(readText(request, fields, 'portalId'));
  if (!Number.isInteger(portalId)) throw invalid('Some required fields were not set: [portalId]');
  const given = readTexts(request, fields, 'actions') ?? [];
  const actions = ACTIONS.filter((action) => given.includes(action));
  const unknown = given.find((action) => !ACTIONS.some((known) => known === action));
  if (unknown !== undefined) throw invalid(`Unknown action: ${unknown}`);
  if (actions.length === 0) throw invalid('Some required fields were not set: [actions]');
  const objectTypeId = readText(request, fields, 'objectTypeId');
  const needsObject = subscriptionType === 'OBJECT' || subscriptionType === 'ASSOCIATION';
  if (needsObject && objectTypeId === undefined) {
    throw invalid('Some required fields were not set: [objectTypeId]');
  }
  return {
    appId,
    subscriptionType,
    portalId,
    objectTypeId,
    actions,
    properties: readTexts(request, fields, 'properties') ?? [],
    objectIds: readTexts(request, fields, 'objectIds') ?? [],
    associatedObjectTypeIds: readTexts(request, fields, 'associatedObjectTypeIds') ?? [],
    createdAt: now,
  };
}

export function showJournalSubscription(subscription: JournalSubscription): Record<string, unknown> {
  const { objectTypeId, createdAt, objectIds, ...rest } = subscription;
  const at = new Date(createdAt).toISOString();
  return {
    ...rest,
    ...(objectTypeId === undefined ? {} : { objectTypeId }),
    objectIds: objectIds.map(Number),
    createdAt: at,
    updatedAt: at,
  };
}
