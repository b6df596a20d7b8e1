import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { aContract, anEntitlement, aSubscriberChange } from '../../../../test/support/a-subscriber.ts';
import { upsertSubscriber } from '../actions/upsert-subscriber.ts';
import { FIELDS, subscribers } from './subscribers.ts';

type Snapshot = Parameters<typeof aSubscriberChange>[0];

function map(parts: Snapshot) {
  return subscribers.map(aSubscriberChange(parts), upsertSubscriber.options.parse(subscribers.options));
}

function inputOf(parts: Snapshot) {
  const mapped = map(parts);
  if (mapped.kind !== 'input') throw new Error(`nothing was mapped: ${JSON.stringify(mapped)}`);
  return { ...mapped.input, notes: mapped.notes };
}

const person = { userId: 'email|u1', email: 'asa@example.com' };

test('the README has a row for each field, with its type, and no other', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const rows = [...readme.matchAll(/^\| `([A-Z]\w+\.\w+)` +\| (\w+)/gm)].map(([, key, type]) => [key, type]);
  expect(rows).toEqual(FIELDS.map(({ key, type = 'text' }) => [key, type]));
});

test('there are the 19 fields that are documented, and more than fifty in all', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const documented = readme.split('\n').filter((line) => /^\| `\w+\.\w+`.*\| documented +\|$/.test(line));
  // Subscriber.FirstName and Subscriber.LastName are the names of the profile, beside the 19.
  expect(documented).toHaveLength(19 + 2);
  expect(FIELDS.length).toBeGreaterThan(50);
});

test.each([
  ['no address', { userId: 'u' }, 'The subscriber has no e-mail address.'],
  [
    'a guest',
    { ...person, emailVerified: false },
    'The subscriber is a guest: the account is not confirmed.',
  ],
])('%s is skipped, with the reason', (_who, who, reason) => {
  expect(map({ person: who })).toEqual({ kind: 'skip', reason });
});

test('the base tag is there whatever else is', () => {
  expect(inputOf({ person }).tags).toEqual(['sesamy']);
  expect(inputOf({ person, contracts: [aContract()] }).tags).toEqual(['sesamy', 'sesamy_active_subscriber']);
});

const billing = (country: string) => ({ addresses: { billing: { country }, delivery: null } });

test.each([
  ['with the code of its country', '+47 901 23 456', {}, '+4790123456'],
  ['of the country of the address', '901 23 456', billing('NO'), '+4790123456'],
  [
    'of the country of the locale',
    '070-123 45 67',
    { person: { ...person, locale: 'sv-SE' } },
    '+46701234567',
  ],
])('a phone number %s is written as E.164', (_how, mobile, parts, phone) => {
  expect(inputOf({ person, phones: { mobile }, ...parts })).toMatchObject({ phone });
});

test('a phone number of no known country is left out, and that is noted', () => {
  const input = inputOf({ person, phones: { mobile: '070-123 45 67' } });
  expect(input).not.toHaveProperty('phone');
  expect(input.notes).toEqual(['phone: left out, because its country cannot be told.']);
});

test('billing fields are sent only when there is a billing address, and then all of them', () => {
  const keys = (parts: Snapshot) =>
    Object.keys(inputOf(parts).fields).filter((key) => key.startsWith('Sesamy_BillingAddress.'));
  expect(keys({ person })).toEqual([]);
  const address = { person, ...billing('SE') };
  expect(keys(address)).toHaveLength(8);
  expect(inputOf(address).fields).toMatchObject({
    'Sesamy_BillingAddress.Country': 'SE',
    'Sesamy_BillingAddress.Street': null,
  });
});

test('of several subscriptions, one that runs comes before a newer one that has ended', () => {
  const contracts = [
    aContract({ id: 'old', createdAt: '2024-01-01T00:00:00Z' }),
    aContract({ id: 'running', createdAt: '2025-01-01T00:00:00Z', willCancelAt: '2026-12-01T00:00:00Z' }),
    aContract({ id: 'ended', createdAt: '2026-01-01T00:00:00Z', status: 'expired', isActive: false }),
    aContract({ id: 'article', createdAt: '2026-02-01T00:00:00Z', status: 'closed', term: 'perpetual' }),
  ];
  expect(inputOf({ person, contracts }).fields).toMatchObject({
    'Sesamy_Subscription.ID': 'running',
    'Sesamy_Subscription.CanceledAt': '2026-12-01T00:00:00Z',
    'Sesamy_Subscription.ActiveCount': '2',
    'Sesamy_Subscription.ExpiredCount': '1',
    'Sesamy_Subscription.HasActive': 'true',
  });
});

test("options are named as the catalogue does, and as the contract does where it doesn't", () => {
  const held = { person, contracts: [aContract()], entitlements: [anEntitlement({ optionId: 'po-123' })] };
  const titles = (parts: Snapshot) => inputOf(parts).fields['Sesamy_ActiveProducts.OptionTitles'];
  expect(titles(held)).toEqual(['Monthly']);
  const products = [{ sku: 'MAG-001', options: [{ id: 'po-123', title: 'Month by month' }] }];
  expect(titles({ ...held, products })).toEqual(['Month by month']);
});

test('articles, products and what was granted from outside have groups of their own', () => {
  const entitlements = [
    anEntitlement(),
    anEntitlement({
      id: 'e2',
      sku: 'ART-1',
      title: 'One',
      type: 'article',
      createdAt: '2026-11-01T00:00:00Z',
    }),
    anEntitlement({
      id: 'e3',
      sku: 'ART-2',
      title: 'Two',
      type: 'article',
      createdAt: '2026-11-02T00:00:00Z',
    }),
    anEntitlement({
      id: 'e4',
      sku: 'POD-1',
      title: 'Talk',
      type: 'podcast',
      origin: 'external',
      expiresAt: '2027-01-01T00:00:00Z',
    }),
    anEntitlement({ id: 'e5', sku: 'OLD-1', hasAccess: false }),
  ];
  expect(inputOf({ person, entitlements }).fields).toMatchObject({
    'Sesamy_ActiveProducts.SKU': ['MAG-001', 'POD-1'],
    'Sesamy_ActiveProducts.Count': '2',
    'Sesamy_ArticlePurchases.SKU': ['ART-2', 'ART-1'],
    'Sesamy_ArticlePurchases.Count': '2',
    'Sesamy_ArticlePurchases.LastPurchasedAt': '2026-11-02T00:00:00Z',
    'Sesamy_Entitlements.SKU': ['POD-1'],
    'Sesamy_Entitlements.ExpiresAt': '2027-01-01T00:00:00Z',
  });
});

test('a reader of thousands of articles fits into a group', () => {
  const entitlements = Array.from({ length: 5_000 }, (_, index) =>
    anEntitlement({
      id: `e${String(index)}`,
      sku: `ART-${String(index)}`,
      title: 'T'.repeat(150),
      type: 'article',
    }),
  );
  const { fields } = inputOf({ person, entitlements });
  expect(fields['Sesamy_ArticlePurchases.Count']).toBe('5000');
  expect(fields['Sesamy_ArticlePurchases.SKU']).toHaveLength(100);
});

test('a merge keeps what only the older of two states says', () => {
  const options = upsertSubscriber.options.parse({});
  const older = upsertSubscriber.input.parse({
    email: 'asa@example.com',
    tags: ['sesamy', 'sesamy_tag_a'],
    fields: { 'Sesamy_BillingAddress.City': 'Lund', 'Sesamy_User.Company': 'Old' },
  });
  const newer = upsertSubscriber.input.parse({
    email: 'asa@example.com',
    tags: ['sesamy'],
    fields: { 'Sesamy_User.Company': null },
  });
  expect(upsertSubscriber.coalesce?.(older, newer, options)).toMatchObject({
    tags: ['sesamy'],
    fields: { 'Sesamy_BillingAddress.City': 'Lund', 'Sesamy_User.Company': null },
  });
});

test.each([
  ['an address that is none', { email: 'asa' }],
  ['a tag of digits', { tags: ['sesamy', '2026'] }],
  ['no tag', { tags: [] }],
  ['a phone number without the code of a country', { phone: '0701234567' }],
  ['a field without a group', { fields: { Name: 'x' } }],
  ['a field with two dots', { fields: { 'A.B.C': 'x' } }],
])('%s is no input', (_what, more) => {
  const input = { email: 'asa@example.com', tags: ['sesamy'], ...more };
  expect(upsertSubscriber.input.safeParse(input).success).toBe(false);
});
