import type { Occurrence } from '../events/event-store.ts';
import type { Change } from '../objects/change-feed.ts';
import type { Portal } from '../portal.ts';
import type { Switches } from '../switches.ts';
import { prefixOf } from './event-types.ts';
import type { Subscription } from './subscription.ts';

/** One event of a delivery, without what the delivery itself adds (`attemptNumber`). */
export type Notice = Readonly<Record<string, unknown>>;

interface Happening {
  /** `creation`, `propertyChange` … */
  readonly action: string;
  readonly fields: Notice;
}

/** What one subscription hears of a change; nothing when it is about something else. */
export function noticesOf(
  portal: Portal,
  change: Change,
  subscription: Subscription,
  switches: Switches,
): Notice[] {
  if (!subscription.active) return [];
  const [prefix, action] = subscription.eventType.split('.');
  const isMine =
    prefix === 'object' ? subscription.objectTypeId === change.typeId : prefix === prefixOf(change.typeId);
  if (!isMine) return [];
  if (action === 'propertyChange' && change.kind === 'propertyChange') {
    if (subscription.propertyName !== change.propertyName) return [];
  }
  return happeningsOf(portal, change, switches)
    .filter((happening) => happening.action === action)
    .map(({ fields }) => ({
      subscriptionId: subscription.id,
      portalId: portal.id,
      occurredAt: change.at,
      [switches.webhookTypeKey]: subscription.eventType,
      ...(prefix === 'object' ? { objectTypeId: change.typeId } : {}),
      ...fields,
      ...change.source,
    }));
}

/** Recorded: creation, property changes and their sources. Documented: merges, associations, privacy deletions. */
function happeningsOf(portal: Portal, change: Change, switches: Switches): Happening[] {
  const objectId = Number(change.objectId);
  switch (change.kind) {
    case 'creation':
      return [{ action: 'creation', fields: { objectId, changeFlag: switches.webhookCreatedFlag } }];
    case 'deletion':
      return [{ action: 'deletion', fields: { objectId, changeFlag: 'DELETED' } }];
    case 'restore':
      return [{ action: 'restore', fields: { objectId, changeFlag: 'RESTORED' } }];
    case 'privacyDeletion':
      // Documented to be also a deletion, which the feed tells apart.
      return [{ action: 'privacyDeletion', fields: { objectId, changeFlag: 'DELETED' } }];
    case 'propertyChange': {
      const property = portal.properties(change.typeId).find(change.propertyName);
      // Calculated properties never fire (community reports).
      if (property?.calculated === true) return [];
      const isSensitive = (property?.extras['dataSensitivity'] ?? 'non_sensitive') !== 'non_sensitive';
      return [
        {
          action: 'propertyChange',
          fields: {
            objectId,
            propertyName: change.propertyName,
            propertyValue: isSensitive ? 'REDACTED' : change.propertyValue,
            ...(isSensitive ? { isSensitive } : {}),
          },
        },
      ];
    }
    case 'merge':
      return [
        {
          action: 'merge',
          fields: {
            objectId,
            changeFlag: 'MERGED',
            primaryObjectId: Number(change.primaryObjectId),
            mergedObjectIds: change.mergedObjectIds.map(Number),
            newObjectId: Number(change.newObjectId),
            numberOfPropertiesMoved: change.numberOfPropertiesMoved,
          },
        },
      ];
    case 'associationChange':
      return [
        {
          action: 'associationChange',
          fields: {
            associationType: change.associationType,
            fromObjectId: Number(change.fromObjectId),
            toObjectId: Number(change.toObjectId),
            associationRemoved: change.associationRemoved,
            isPrimaryAssociation: change.isPrimaryAssociation,
          },
        },
      ];
  }
}

/** The keys of `event.completed` are assumed: no delivery of one has been published. */
export function completionNotice(
  portal: Portal,
  occurrence: Occurrence,
  subscription: Subscription,
  switches: Switches,
): Notice[] {
  const isMine =
    subscription.active &&
    subscription.eventType === 'event.completed' &&
    (subscription.eventTypeName === undefined || subscription.eventTypeName === occurrence.eventName);
  if (!isMine) return [];
  return [
    {
      subscriptionId: subscription.id,
      portalId: portal.id,
      occurredAt: occurrence.occurredAt,
      [switches.webhookTypeKey]: subscription.eventType,
      objectId: Number(occurrence.objectId),
      objectTypeId: occurrence.typeId,
      eventTypeName: occurrence.eventName,
      changeSource: 'INTEGRATION',
    },
  ];
}
