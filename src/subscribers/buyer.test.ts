import { expect, test } from 'vitest';
import { buyerOf } from './buyer.ts';
import { checkoutConfirmedSchema } from './resolution.ts';

function confirmed(checkout: object, person: object = {}) {
  return checkoutConfirmedSchema.parse({
    checkout: { id: 'checkout_1', ...checkout },
    products: [],
    attribution: null,
    person: { userId: 'user_456', email: 'asa@example.com', firstName: 'Åsa', ...person },
    phones: { mobile: '070-123 45 67' },
    addresses: { billing: { city: 'Malmö', country: 'SE' }, delivery: null },
    causes: [],
  });
}

test('what the checkout lacks comes from the person', () => {
  expect(buyerOf(confirmed({ email: 'asa@work.example', lastName: 'Berg' }))).toEqual({
    userId: 'user_456',
    email: 'asa@work.example',
    phone: '070-123 45 67',
    firstName: 'Åsa',
    lastName: 'Berg',
    address: expect.objectContaining({ city: 'Malmö' }) as unknown,
    country: 'SE',
  });
});

test('of a gift nothing is told but who pays', () => {
  const gift = { payer: { id: 'giver', email: 'giver@example.com' }, phone: '+46701234567', country: 'NO' };
  expect(buyerOf(confirmed(gift))).toEqual({
    userId: 'giver',
    email: 'giver@example.com',
    phone: null,
    firstName: null,
    lastName: null,
    address: null,
    country: null,
  });
});

test.each([
  [{ id: 'user_456', email: 'asa@work.example' }],
  [{ id: null, email: 'Asa@Example.com' }],
  [{ id: null, email: null }],
])('whoever pays for themselves is the buyer in full: %j', (payer) => {
  expect(buyerOf(confirmed({ payer }))).toMatchObject({ firstName: 'Åsa', country: 'SE' });
});
