import { subscriberSchema } from '../../src/subscribers/subscriber.ts';
import type { Subscriber, SubscriberInput } from '../../src/subscribers/subscriber.ts';

type ContractInput = NonNullable<SubscriberInput['contracts']>[number];
type EntitlementInput = NonNullable<SubscriberInput['entitlements']>[number];

/** A snapshot for tests: `user_456` with whatever the test needs to say. */
export function aSubscriber(parts: Partial<SubscriberInput> = {}): Subscriber {
  return subscriberSchema.parse({ person: { userId: 'user_456' }, ...parts });
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
