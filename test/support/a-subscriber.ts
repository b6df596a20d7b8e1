import type { LoggedEvent } from '../../src/kernel/event.ts';
import type { z } from 'zod';
import { subscriberChangedSchema } from '../../src/subscribers/resolution.ts';
import type { causeSchema } from '../../src/subscribers/resolution.ts';
import { subscriberSchema } from '../../src/subscribers/subscriber.ts';
import type { Subscriber, SubscriberInput } from '../../src/subscribers/subscriber.ts';

type ContractInput = NonNullable<SubscriberInput['contracts']>[number];
type EntitlementInput = NonNullable<SubscriberInput['entitlements']>[number];

/** A snapshot for tests: `user_456` with whatever the test needs to say. */
export function aSubscriber(parts: Partial<SubscriberInput> = {}): Subscriber {
  return subscriberSchema.parse({ person: { userId: 'user_456' }, ...parts });
}

/** The derived event that brings such a snapshot to destinations, as their readers see it. */
export function aSubscriberChange(
  parts: Partial<SubscriberInput> = {},
  event: Partial<LoggedEvent> & { readonly causes?: readonly z.input<typeof causeSchema>[] } = {},
): LoggedEvent {
  const { causes = [], ...said } = event;
  const at = '2026-11-21T12:00:00.000Z';
  return {
    position: 1,
    id: 'changed_1',
    source: 'sesamy',
    type: 'subscriber.changed',
    name: null,
    personKey: 'user_456',
    occurredAt: at,
    receivedAt: at,
    payload: subscriberChangedSchema.parse({ snapshot: aSubscriber(parts), causes }),
    ...said,
  };
}

/** A running monthly subscription to the Premium Magazine, unless the test says otherwise. */
export function aContract(parts: Partial<ContractInput> = {}): ContractInput {
  return {
    id: 'contract_789',
    status: 'active',
    term: 'recurring',
    items: [{ sku: 'MAG-001', title: 'Premium Magazine', optionId: 'po-123', optionTitle: 'Monthly' }],
    ...parts,
  };
}

/** Access to the Premium Magazine, unless the test says otherwise. */
export function anEntitlement(parts: Partial<EntitlementInput> = {}): EntitlementInput {
  return {
    id: 'entitlement_012',
    sku: 'MAG-001',
    title: 'Premium Magazine',
    type: 'publication',
    hasAccess: true,
    ...parts,
  };
}
