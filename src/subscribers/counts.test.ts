import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aContract, aSubscriber, anEntitlement } from '../../test/support/a-subscriber.ts';
import { CONTRACT_STATUSES } from './contract.ts';
import { countArticlesPurchased, countIssuesRemaining, countSubscriptions } from './counts.ts';

const none = { active: 0, canceled: 0, expired: 0, ended: 0 };

test.each([
  ['a running subscription', aContract(), { ...none, active: 1 }],
  ['an overdue one, whose access remains', aContract({ status: 'OVERDUE' }), { ...none, active: 1 }],
  [
    'one whose cancellation waits for the end of the period',
    aContract({ willCancelAt: '2025-12-01T00:00:00Z' }),
    { ...none, active: 1 },
  ],
  [
    'one called canceled that still runs',
    aContract({ status: 'CANCELED', isActive: true }),
    { ...none, active: 1 },
  ],
  ['a renewable one', aContract({ term: 'renewable' }), { ...none, active: 1 }],
  ['one of unknown term', aContract({ term: null }), { ...none, active: 1 }],
  ['a canceled one', aContract({ status: 'CANCELED' }), { ...none, canceled: 1, ended: 1 }],
  ['an expired one', aContract({ status: 'EXPIRED' }), { ...none, expired: 1, ended: 1 }],
  ['a deleted one', aContract({ status: 'DELETED' }), none],
  ['a one-time purchase', aContract({ status: 'CLOSED', term: 'perpetual' }), none],
  ['a one-time purchase without term', aContract({ status: 'CLOSED', term: null }), none],
  ['a one-time purchase that was refunded', aContract({ status: 'CANCELED', term: 'perpetual' }), none],
])('%s counts right', (_what, contract, counts) => {
  expect(countSubscriptions(aSubscriber({ contracts: [contract] }).contracts)).toEqual(counts);
});

const anyContract = fc
  .record({
    id: fc.uuid(),
    status: fc.constantFrom(...CONTRACT_STATUSES),
    isActive: fc.constantFrom(true, false, null),
    term: fc.constantFrom('recurring', 'renewable', 'perpetual', null),
  })
  .map((parts) => aContract(parts));

test('no contract is counted twice, and ended is canceled and expired together', () => {
  fc.assert(
    fc.property(fc.array(anyContract), (contracts) => {
      const counts = countSubscriptions(aSubscriber({ contracts }).contracts);
      expect(counts.ended).toBe(counts.canceled + counts.expired);
      expect(counts.active + counts.ended).toBeLessThanOrEqual(contracts.length);
    }),
  );
});

test('counts of two people together are the sums of their counts', () => {
  fc.assert(
    fc.property(fc.array(anyContract), fc.array(anyContract), (one, other) => {
      const count = (contracts: typeof one) => countSubscriptions(aSubscriber({ contracts }).contracts);
      const [a, b, both] = [count(one), count(other), count([...one, ...other])];
      expect(both.active).toBe(a.active + b.active);
      expect(both.ended).toBe(a.ended + b.ended);
    }),
  );
});

const article = { sku: 'ART-1', type: 'article', title: 'The long read' };

test.each([
  ['an article right of its own', { entitlements: [anEntitlement(article)] }, 1],
  ['an article right that has ended', { entitlements: [anEntitlement({ ...article, hasAccess: false })] }, 1],
  [
    'an article granted from outside',
    { entitlements: [anEntitlement({ ...article, origin: 'external' as const })] },
    0,
  ],
  [
    'an article that came with a subscription',
    { contracts: [aContract()], entitlements: [anEntitlement({ ...article, contractId: 'contract_789' })] },
    0,
  ],
  [
    'an article bought, its right and its contract both listed',
    {
      contracts: [aContract({ term: 'perpetual' as const, status: 'CLOSED', items: [{ sku: 'ART-1' }] })],
      entitlements: [anEntitlement({ ...article, contractId: 'contract_789' })],
    },
    1,
  ],
  [
    'an article bought whose right is no longer listed',
    {
      contracts: [aContract({ term: 'perpetual' as const, status: 'CLOSED', items: [{ sku: 'ART-1' }] })],
      products: [article],
    },
    1,
  ],
  ['a book bought', { entitlements: [anEntitlement({ type: 'ebook' })] }, 0],
])('%s: articles purchased', (_what, parts, count) => {
  expect(countArticlesPurchased(aSubscriber(parts))).toBe(count);
});

test('issues remaining are summed over active subscriptions, and absent when none counts them', () => {
  const remaining = (...contracts: ReturnType<typeof aContract>[]) =>
    countIssuesRemaining(aSubscriber({ contracts }).contracts);
  expect(remaining(aContract({ issuesRemaining: 8 }), aContract({ issuesRemaining: 2 }))).toBe(10);
  expect(
    remaining(aContract({ issuesRemaining: 8 }), aContract({ issuesRemaining: 2, status: 'EXPIRED' })),
  ).toBe(8);
  expect(remaining(aContract({ issuesRemaining: 0 }))).toBe(0);
  expect(remaining(aContract())).toBeNull();
});
