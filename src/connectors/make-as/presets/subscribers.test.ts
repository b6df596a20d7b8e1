import { expect, test } from 'vitest';
import { aContract, anEntitlement, aSubscriberChange } from '../../../../test/support/a-subscriber.ts';
import { syncSubscriber } from '../actions/sync-subscriber.ts';
import { subscribers } from './subscribers.ts';

type Snapshot = Parameters<typeof aSubscriberChange>[0];

function map(parts: Snapshot, options: object = {}) {
  return subscribers.map(aSubscriberChange(parts), syncSubscriber.options.parse(options));
}

function inputOf(parts: Snapshot, options: object = {}) {
  const mapped = map(parts, options);
  if (mapped.kind !== 'input') throw new Error(`nothing was mapped: ${JSON.stringify(mapped)}`);
  return { ...mapped.input, notes: mapped.notes };
}

const person = { userId: 'email|u1', email: 'asa@example.com' };

test('only what is known of the person is written', () => {
  expect(inputOf({ person: { ...person, firstName: ' ', lastName: 'Öberg' } })).toMatchObject({
    email: 'asa@example.com',
    lastname: 'Öberg',
    external_id: 'email|u1',
  });
  expect(inputOf({ person: { ...person, firstName: ' ' } })).not.toHaveProperty('firstname');
});

test.each([
  ['no address', { userId: 'u1' }, 'no e-mail address'],
  ['an address that is none', { userId: 'u1', email: 'asa' }, 'not valid'],
  ['an account that nobody has confirmed', { ...person, emailVerified: false }, 'guest'],
])('a person with %s is skipped with the reason', (_what, guest, reason) => {
  expect(map({ person: guest })).toMatchObject({
    kind: 'skip',
    reason: expect.stringContaining(reason) as string,
  });
});

test('guests are kept where the flow says so', () => {
  expect(map({ person: { ...person, emailVerified: false } }, { guests: 'keep' }).kind).toBe('input');
});

test('products are each there once, by SKU and purchase option', () => {
  const single = [{ sku: 'ART-1', title: 'The long read' }];
  const contracts = [
    aContract(),
    aContract({ id: 'c2' }),
    aContract({ id: 'c3', status: 'closed', term: 'perpetual', items: single }),
  ];
  expect(inputOf({ person, contracts }).products).toEqual([
    { external_id: 'MAG-001|po-123', name: 'Premium Magazine - Monthly' },
    { external_id: 'ART-1', name: 'The long read' },
  ]);
});

test('of an ended contract only the product that its record refers to is sent', () => {
  const items = [
    { sku: 'OLD-1', title: 'Old' },
    { sku: 'OLD-2', title: 'Older' },
  ];
  const ended = aContract({ status: 'expired', items, expiresAt: '2026-03-01T00:00:00Z' });
  const { products, subscriptions } = inputOf({ person, contracts: [ended] });
  expect(products).toEqual([{ external_id: 'OLD-1', name: 'Old' }]);
  expect(subscriptions).toMatchObject([
    { product_external_id: 'OLD-1', status: 'expired', end_date: '2026-03-01' },
  ]);
});

test.each([
  ['runs on', {}, null],
  ['will end', { willCancelAt: '2026-12-31T12:00:00Z' }, '2026-12-31'],
  [
    'was cancelled and runs until then',
    { canceledAt: '2026-02-01T00:00:00Z', willCancelAt: '2026-12-31T12:00:00Z' },
    '2026-12-31',
  ],
  [
    'was cancelled and runs for what is paid',
    { canceledAt: '2026-02-01T00:00:00Z', expiresAt: '2026-12-30T12:00:00Z' },
    '2026-12-30',
  ],
  ['was cancelled and runs until nobody knows', { canceledAt: '2026-02-01T00:00:00Z' }, null],
  ['was cancelled', { status: 'canceled', canceledAt: '2026-02-01T00:00:00Z' }, '2026-02-01'],
  ['ended at a time nobody tells', { status: 'canceled', updatedAt: '2026-02-02T00:00:00Z' }, '2026-02-02'],
])('the end of a contract that %s', (_what, parts, end) => {
  expect(inputOf({ person, contracts: [aContract(parts)] }).subscriptions[0]?.end_date).toBe(end);
});

test('a contract without a product has no record, and the delivery says so', () => {
  const { subscriptions, notes } = inputOf({ person, contracts: [aContract({ items: [] })] });
  expect(subscriptions).toEqual([]);
  expect(notes).toHaveLength(1);
});

test('the list of the flow is part of the input, and of its order', () => {
  const input = inputOf({ person }, { list_id: 13 });
  expect(input.list_id).toBe('13');
  expect(syncSubscriber.orderKey(input)).not.toBe(syncSubscriber.orderKey(inputOf({ person })));
});

test('merging waiting inputs loses no tag that is remembered for ever', () => {
  const article = anEntitlement({ sku: 'ART-1', type: 'article', title: 'The long read' });
  const older = inputOf({ person, entitlements: [article], tags: ['VIP'] });
  const newer = inputOf({ person });
  const merged = syncSubscriber.coalesce?.(older, newer, syncSubscriber.options.parse({}));
  expect(older.tags?.set).toContain('sesamy_made_single_purchase');
  expect(newer.tags?.set).toEqual([]);
  expect(merged?.tags?.set).toEqual(['sesamy_made_single_purchase']);
});
