import { expect, test } from 'vitest';
import { aContract, aSubscriber, anEntitlement } from '../../test/support/a-subscriber.ts';
import { subscriberSchema } from './subscriber.ts';

test('a user id alone is a whole snapshot: lists are empty, values are null', () => {
  const subscriber = subscriberSchema.parse({ person: { userId: 'user_456' } });
  expect(subscriber.person).toMatchObject({ userId: 'user_456', email: null, firstName: null, metadata: {} });
  expect(subscriber.addresses).toEqual({ billing: null, delivery: null });
  expect(subscriber.phones).toEqual({ mobile: null, default: null, work: null, home: null });
  expect([subscriber.tags, subscriber.contracts, subscriber.entitlements, subscriber.bills]).toEqual([
    [],
    [],
    [],
    [],
  ]);
});

test('unknown keys are ignored and empty text is none', () => {
  const subscriber = subscriberSchema.parse({
    person: { userId: 'user_456', email: '  ', firstName: ' Åsa ', shoeSize: 38 },
    horoscope: 'virgo',
  });
  expect(subscriber.person).toMatchObject({ email: null, firstName: 'Åsa' });
  expect(subscriber).not.toHaveProperty('horoscope');
  expect(subscriber.person).not.toHaveProperty('shoeSize');
});

test('parsing a parsed snapshot changes nothing, and it is JSON as it stands', () => {
  const subscriber = aSubscriber({
    contracts: [aContract()],
    entitlements: [anEntitlement()],
    checkouts: [{ id: 'c' }],
  });
  expect(subscriberSchema.parse(subscriber)).toEqual(subscriber);
  expect(JSON.parse(JSON.stringify(subscriber))).toEqual(subscriber);
});

test.each([
  ['ACTIVE', true],
  ['OVERDUE', true],
  ['CLOSED', true],
  ['CANCELED', false],
  ['EXPIRED', false],
  ['DELETED', false],
  ['PAUSED', false],
])('a contract of status %s without a word on access has isActive %s', (status, isActive) => {
  const [contract] = aSubscriber({ contracts: [aContract({ status })] }).contracts;
  expect(contract).toMatchObject({ status: status.toLowerCase(), isActive });
});

test.each([
  ['a missing user', { person: {} }, ['person', 'userId']],
  ['an e-mail that is no text', { person: { userId: 'u', email: 7 } }, ['person', 'email']],
  ['a date that is none', { person: { userId: 'u', createdAt: 'yesterday' } }, ['person', 'createdAt']],
  [
    'a contract without id',
    { person: { userId: 'u' }, contracts: [{ status: 'ACTIVE' }] },
    ['contracts', 0, 'id'],
  ],
  ['contracts that are no list', { person: { userId: 'u' }, contracts: {} }, ['contracts']],
])('%s is refused at its field', (_what, input, path) => {
  const parsed = subscriberSchema.safeParse(input);
  expect(parsed.error?.issues[0]?.path).toEqual(path);
});
