import { expect, test } from 'vitest';
import { aContract, aSubscriber } from '../../test/support/a-subscriber.ts';
import { activeProductTitles } from './products.ts';

const digital = aContract({
  id: 'contract_790',
  items: [{ sku: 'DIG-001', title: 'Digital Access', optionId: 'po-456', optionTitle: 'Annual' }],
});

test('active products are named `Title - Option`, oldest contract first', () => {
  const contracts = [
    { ...digital, createdAt: '2025-03-01T00:00:00Z' },
    aContract({ createdAt: '2024-03-01T00:00:00Z' }),
  ];
  expect(activeProductTitles(aSubscriber({ contracts }))).toEqual([
    'Premium Magazine - Monthly',
    'Digital Access - Annual',
  ]);
});

test('a product held twice is named once', () => {
  expect(activeProductTitles(aSubscriber({ contracts: [aContract(), aContract({ id: 'other' })] }))).toEqual([
    'Premium Magazine - Monthly',
  ]);
});

test.each([
  ['without an option', { items: [{ sku: 'MAG-001', title: 'Premium Magazine' }] }, ['Premium Magazine']],
  ['without any title', { items: [{ sku: 'MAG-001', optionTitle: 'Monthly' }] }, ['MAG-001 - Monthly']],
  ['overdue', { status: 'OVERDUE' }, ['Premium Magazine - Monthly']],
  ['canceled', { status: 'CANCELED' }, []],
  ['expired', { status: 'EXPIRED' }, []],
  ['a one-time purchase', { term: 'perpetual' as const }, []],
])('a contract %s names %j', (_what, parts, titles) => {
  expect(activeProductTitles(aSubscriber({ contracts: [aContract(parts)] }))).toEqual(titles);
});

test("the catalogue's title wins over the contract's", () => {
  const products = [
    { sku: 'MAG-001', title: 'Premium Weekly', options: [{ id: 'po-123', title: 'Month by month' }] },
  ];
  expect(activeProductTitles(aSubscriber({ contracts: [aContract()], products }))).toEqual([
    'Premium Weekly - Month by month',
  ]);
});
