import { expect, test } from 'vitest';
import type { LoggedEvent } from '../../../kernel/event.ts';
import { aContract, anEntitlement, aSubscriberChange } from '../../../../test/support/a-subscriber.ts';
import { activityOptionsSchema } from '../activity/activity-input.ts';
import { memberOptionsSchema } from '../members/member-input.ts';
import { activity } from './activity.ts';
import { subscribers } from './subscribers.ts';

type Parts = Parameters<typeof aSubscriberChange>[0];

const CAUSES = [
  { eventType: 'contract.1#update', eventId: 'e1', occurredAt: '2026-11-20T23:59:00.000Z', ids: ids('c1') },
  {
    eventType: 'contract#cancelRequest',
    eventId: 'e2',
    occurredAt: '2026-11-21T00:01:00.000Z',
    ids: ids(null),
  },
];

function ids(contractId: string | null) {
  return { contractId, entitlementId: null, checkoutId: null };
}

function changed(parts: Parts): LoggedEvent {
  const at = '2026-11-21T00:01:00.000Z';
  return aSubscriberChange(parts, { causes: CAUSES, occurredAt: at, receivedAt: at });
}

const map = (parts: Parts, options: object = {}) =>
  subscribers.map(changed(parts), memberOptionsSchema.parse({ ...subscribers.options, ...options }));
const mapActivity = (parts: Parts, options: object = {}) =>
  activity.map(changed(parts), activityOptionsSchema.parse(options));

const person = { userId: 'user_456', email: ' Asa@Daily.se ', firstName: 'Åsa', lastName: 'Ek' };

test('the twelve merge fields and the tags follow from the picture', () => {
  const contracts = [
    aContract({ issuesRemaining: 8 }),
    aContract({ id: 'c2', status: 'canceled' }),
    aContract({ id: 'c3', status: 'expired' }),
    aContract({ id: 'c4', status: 'expired' }),
  ];
  const entitlements = [
    anEntitlement(),
    anEntitlement({ id: 'e2', sku: 'ART-1', title: 'Long', type: 'article' }),
  ];
  const parts = { person, contracts, entitlements, phones: { work: '08-1', mobile: '070-1' }, tags: ['VIP'] };
  expect(map(parts, { list_id: 'second' })).toEqual({
    kind: 'input',
    input: {
      email: 'asa@daily.se',
      list_id: 'second',
      merge_fields: {
        FNAME: 'Åsa',
        LNAME: 'Ek',
        PHONE: '070-1',
        SESAMYUSR: 'user_456',
        SMYLASTSEE: '2026-11-21',
        SMYSUBSC: 'True',
        SMYARTPUR: 1,
        SMYACTSUBS: 1,
        SMYCANSUBS: 1,
        SMYEXPSUBS: 2,
        SMYENDSUBS: 3,
        SMYISSREM: 8,
      },
      tags: {
        set: expect.arrayContaining(['sesamy_active_subscriber', 'sesamy_tag_vip']) as string[],
        keep: ['sesamy_made_single_purchase', 'sesamy_has_gifted_subscription'],
      },
    },
  });
});

test('what the platform does not know is left as it is, but what is over is cleared', () => {
  const mapped = map({ person: { userId: 'user_456', email: 'asa@daily.se' } });
  const fields = mapped.kind === 'input' ? mapped.input.merge_fields : {};
  expect(Object.keys(fields)).not.toEqual(expect.arrayContaining(['FNAME', 'LNAME', 'PHONE']));
  expect(fields).toMatchObject({ SMYSUBSC: 'False', SMYACTSUBS: 0, SMYISSREM: '' });
});

test('the last activity is what the platform says, where it says so', () => {
  const lastActiveAt = '2026-10-01T22:30:00+02:00';
  expect(map({ person: { ...person, lastActiveAt } })).toMatchObject({
    input: { merge_fields: { SMYLASTSEE: '2026-10-01' } },
  });
});

test('each event of the platform is one of the contact', () => {
  expect(mapActivity({ person })).toEqual({
    kind: 'input',
    input: {
      email: 'asa@daily.se',
      list_id: undefined,
      events: [
        {
          id: 'e1',
          name: 'contract_update',
          occurred_at: '2026-11-20T23:59:00.000Z',
          properties: { event_type: 'contract.1#update', contract_id: 'c1' },
        },
        {
          id: 'e2',
          name: 'contract_cancel_request',
          occurred_at: '2026-11-21T00:01:00.000Z',
          properties: { event_type: 'contract#cancelRequest' },
        },
      ],
    },
  });
});

test('guests and people without an address are skipped by both presets', () => {
  const guest = { person: { ...person, emailVerified: false } };
  for (const mapped of [map({}), mapActivity({}), map(guest), mapActivity(guest)]) {
    expect(mapped.kind).toBe('skip');
  }
  expect(map(guest, { guests: 'keep' }).kind).toBe('input');
  expect(mapActivity(guest, { guests: 'keep' }).kind).toBe('input');
});
