import { expect, test } from 'vitest';
import { aSubscriber } from '../../test/support/a-subscriber.ts';
import { mailRecipient } from './mail-recipient.ts';

const of = (person: object, rule?: Parameters<typeof mailRecipient>[1]) =>
  mailRecipient(
    aSubscriber({ person: { userId: 'user_456', ...person }, phones: { default: '08-123 45', work: '1' } }),
    rule,
  );

test('a person with an address is a recipient, with name and phone as they stand', () => {
  expect(of({ email: ' Ann@Example.com ', firstName: 'Ann', emailVerified: true })).toEqual({
    email: 'ann@example.com',
    userId: 'user_456',
    firstName: 'Ann',
    lastName: null,
    phone: '08-123 45',
  });
});

test.each([
  ['no address', {}, 'The subscriber has no e-mail address.'],
  ['an empty address', { email: ' ' }, 'The subscriber has no e-mail address.'],
  ['an address that is none', { email: 'ann' }, 'The e-mail address of the subscriber is not valid.'],
  [
    'an account that was never confirmed',
    { email: 'ann@example.com', emailVerified: false },
    'The subscriber is a guest: the account is not confirmed.',
  ],
])('%s: skipped, and said why', (_who, person, skip) => {
  expect(of(person)).toEqual({ skip });
});

test('an account of which nothing is said is no guest, and guests may be kept', () => {
  expect(of({ email: 'ann@example.com' })).toHaveProperty('email');
  expect(of({ email: 'ann@example.com', emailVerified: false }, { guests: 'keep' })).toHaveProperty('email');
});
