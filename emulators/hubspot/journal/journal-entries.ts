import type { Occurrence } from '../events/event-store.ts';
import type { Change } from '../objects/change-feed.ts';
import type { Portal } from '../portal.ts';
import type { JournalAction, JournalSubscription } from './journal-subscription.ts';

/** One event of a file. No published page shows a file: the keys are assumed, close to those of the subscriptions. */
export type JournalEntry = Readonly<Record<string, unknown>>;

export function entryOfChange(
  portal: Portal,
  change: Change,
  subscription: JournalSubscription,
): JournalEntry | undefined {
  if (subscription.portalId !== portal.id) return undefined;
  const { subscriptionType, objectTypeId, objectIds } = subscription;
  if (objectTypeId !== undefined && objectTypeId !== change.typeId) return undefined;
  if (objectIds.length > 0 && !objectIds.includes(change.objectId)) return undefined;
  const [type, action, fields] = describe(change, subscription);
  if (type !== subscriptionType || !subscription.actions.includes(action)) return undefined;
  const changed = change.kind === 'propertyChange' ? change.propertyName : undefined;
  const isUnwanted =
    changed !== undefined && subscription.properties.length > 0 && !subscription.properties.includes(changed);
  if (isUnwanted) return undefined;
  return {
    type,
    action,
    portalId: portal.id,
    occurredAt: new Date(change.at).toISOString(),
    objectTypeId: change.typeId,
    objectId: Number(change.objectId),
    ...fields,
    changeSource: change.source.changeSource,
    sourceId: change.source.sourceId,
  };
}

export function entryOfCompletion(
  portal: Portal,
  occurrence: Occurrence,
  subscription: JournalSubscription,
): JournalEntry | undefined {
  const isWanted = subscription.subscriptionType === 'EVENT' && subscription.portalId === portal.id;
  if (!isWanted || !subscription.actions.includes('CREATE')) return undefined;
  return {
    type: 'EVENT',
    action: 'CREATE',
    portalId: portal.id,
    occurredAt: new Date(occurrence.occurredAt).toISOString(),
    eventTypeName: occurrence.eventName,
    objectTypeId: occurrence.typeId,
    objectId: Number(occurrence.objectId),
    properties: occurrence.properties,
  };
}

function describe(
  change: Change,
  { associatedObjectTypeIds }: JournalSubscription,
): [type: JournalSubscription['subscriptionType'] | 'none', action: JournalAction, fields: JournalEntry] {
  switch (change.kind) {
    case 'creation':
      return ['OBJECT', 'CREATE', {}];
    case 'propertyChange':
      return ['OBJECT', 'UPDATE', { propertyChanges: { [change.propertyName]: change.propertyValue } }];
    case 'deletion':
      return ['OBJECT', 'DELETE', {}];
    case 'restore':
      return ['OBJECT', 'RESTORE', {}];
    case 'privacyDeletion':
      return ['GDPR_PRIVACY_DELETION', 'GDPR_DELETE', {}];
    case 'merge':
      return [
        'OBJECT',
        'MERGE',
        {
          primaryObjectId: Number(change.primaryObjectId),
          mergedObjectIds: change.mergedObjectIds.map(Number),
          newObjectId: Number(change.newObjectId),
        },
      ];
    case 'associationChange': {
      const isWanted =
        associatedObjectTypeIds.length === 0 || associatedObjectTypeIds.includes(change.toTypeId);
      return [
        isWanted ? 'ASSOCIATION' : 'none',
        change.associationRemoved ? 'ASSOCIATION_REMOVED' : 'ASSOCIATION_ADDED',
        {
          toObjectTypeId: change.toTypeId,
          toObjectId: Number(change.toObjectId),
          associationTypeId: change.associationTypeId,
          associationCategory: change.associationCategory,
          isPrimary: change.isPrimaryAssociation,
        },
      ];
    }
  }
}
