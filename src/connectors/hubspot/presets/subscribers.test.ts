import { beforeEach, expect, test } from 'vitest';
import { aContract, aSubscriberChange } from '../../../../test/support/a-subscriber.ts';
import { aCache, driveSteps } from '../../../../test/support/drive-steps.ts';
import { HubspotModel } from '../../../../test/support/hubspot-model.ts';
import { upsertContact } from '../actions/upsert-contact.ts';
import { contactOptionsSchema } from '../records/contact-input.ts';
import { settingsSchema } from '../settings.ts';
import { subscribers } from './subscribers.ts';

const options = contactOptionsSchema.parse(subscribers.options);
let model: HubspotModel;

beforeEach(() => {
  model = new HubspotModel();
});

function map(parts: Parameters<typeof aSubscriberChange>[0]) {
  return subscribers.map(aSubscriberChange(parts), options);
}

function deliver(parts: Parameters<typeof aSubscriberChange>[0]) {
  const mapped = map(parts);
  if (mapped.kind !== 'input') throw new Error(`The preset gave no input, but ${mapped.kind}.`);
  const settings = settingsSchema.parse({ access_token: 'pat-na1-test' });
  const context = { settings, options, cache: aCache(), nowMs: 0 };
  return driveSteps(
    upsertContact.deliver([{ input: mapped.input, traceId: 't', attempt: 1 }], context),
    model.answer,
  ).result;
}

const person = { userId: 'user_456', email: 'Ada@x.io', firstName: 'Ada', lastName: 'King' };

test('a new contact gets the six properties, the name and the phone', () => {
  deliver({
    person,
    phones: { default: '+46 1', mobile: '+46 2' },
    contracts: [aContract(), aContract({ id: 'c2', status: 'canceled', isActive: false })],
  });
  expect(model.contacts[0]?.properties).toEqual({
    email: 'ada@x.io',
    sesamy_user_id: 'user_456',
    has_active_subscription: 'true',
    active_subscription_count: '1',
    canceled_subscriptions_count: '1',
    subscription_type: 'Premium Magazine - Monthly',
    firstname: 'Ada',
    lastname: 'King',
    phone: '+46 2',
  });
});

test('name and phone that HubSpot holds survive; the six are overwritten', () => {
  model.add({ email: 'ada@x.io', firstname: 'A.', phone: '+46 9', has_active_subscription: 'true' });
  deliver({ person, phones: { mobile: '+46 2' }, contracts: [] });
  expect(model.contacts[0]?.properties).toEqual({
    email: 'ada@x.io',
    sesamy_user_id: 'user_456',
    has_active_subscription: 'false',
    active_subscription_count: '0',
    canceled_subscriptions_count: '0',
    firstname: 'A.',
    lastname: 'King',
    phone: '+46 9',
  });
});

test('a subscription that has ended leaves the list of types', () => {
  deliver({ person, contracts: [aContract()] });
  deliver({ person, contracts: [aContract({ status: 'expired', isActive: false })] });
  expect(model.contacts[0]?.properties).not.toHaveProperty('subscription_type');
  expect(model.contacts[0]?.properties).toMatchObject({ canceled_subscriptions_count: '1' });
});

test.each([null, ''])('a subscriber without address (%o) is skipped with that reason', (email) => {
  expect(map({ person: { ...person, email } })).toEqual({
    kind: 'skip',
    reason: 'The subscriber has no e-mail address.',
  });
});

test("HubSpot's separator in a title is written as a comma, and said so", () => {
  const items = [{ sku: 's', title: 'News; Sport', optionId: 'o', optionTitle: 'Year' }];
  expect(map({ person, contracts: [aContract({ items })] })).toMatchObject({
    kind: 'input',
    input: { properties: { subscription_type: ['News, Sport - Year'] } },
    notes: ['subscription_type: ";" in a product title was written as ",".'],
  });
});
