import { expect, test } from 'vitest';
import { SUBSCRIBER_EVENT_TYPES } from './event-types.ts';
import { subscriberEventId, subscriberEventSchema, subscriberEventTime } from './subscriber-event.ts';

// The sample of the vendor's documentation (developers.sesamy.com/guides/webhooks.html, read 2026-11).
const sample = {
  eventType: 'contract.1#purchased',
  vendorId: 'vendor_123',
  userId: 'user_456',
  contractId: 'contract_789',
  occured_at: '2025-11-10T12:00:00Z',
};

test.each([...Object.keys(SUBSCRIBER_EVENT_TYPES), 'refund.2#new'])(
  'an event of type %s is valid',
  (eventType) => {
    expect(subscriberEventSchema.parse({ ...sample, eventType })).toMatchObject({
      eventType,
      userId: 'user_456',
    });
  },
);

test('the eight documented types are known', () => {
  expect(Object.keys(SUBSCRIBER_EVENT_TYPES)).toHaveLength(8);
});

test('the user may be named by the snapshot alone', () => {
  const event = subscriberEventSchema.parse({
    eventType: 'contract.1#update',
    occured_at: '2025-11-10T12:00:00Z',
    snapshot: { person: { userId: 'user_7' } },
  });
  expect(event).toMatchObject({ userId: 'user_7', contractId: null, snapshot: { contracts: [] } });
});

test.each([
  ['no type', { ...sample, eventType: undefined }, ['eventType']],
  ['no user anywhere', { ...sample, userId: undefined }, ['userId']],
  ['an empty user', { ...sample, userId: ' ' }, ['userId']],
  ['no time', { ...sample, occured_at: undefined }, ['occured_at']],
  ['a time that is none', { ...sample, occured_at: 'noon' }, ['occured_at']],
  ['a contract id that is no text', { ...sample, contractId: 7 }, ['contractId']],
  [
    'a snapshot of somebody else',
    { ...sample, snapshot: { person: { userId: 'x' } } },
    ['snapshot', 'person', 'userId'],
  ],
])('an event with %s is refused at its field', (_what, input, path) => {
  expect(subscriberEventSchema.safeParse(input).error?.issues[0]?.path).toEqual(path);
});

test.each([
  ['2025-11-10T12:00:00Z', '2025-11-10T12:00:00.000Z'],
  ['2025-11-10T13:00:00.25+01:00', '2025-11-10T12:00:00.250Z'],
  ['2025-11-10T12:00:00', '2025-11-10T12:00:00.000Z'],
])('the time %s is %s', (occured_at, expected) => {
  expect(subscriberEventTime(subscriberEventSchema.parse({ ...sample, occured_at }))).toBe(expected);
});

const idOf = (parts: object) => subscriberEventId(subscriberEventSchema.parse({ ...sample, ...parts }));
const exact = { occured_at: '2025-11-10T12:00:00.123Z' };

test("the sender's own event id wins", () => {
  expect(idOf({ eventId: 'evt_1' })).toBe('evt_1');
});

test('a repeated delivery of an event has the same id, any difference another', () => {
  expect(idOf(exact)).toBe(idOf({ ...exact }));
  expect(idOf(exact)).toBe(idOf({ occured_at: '2025-11-10T13:00:00.123+01:00' }));
  const others = [
    { ...exact, contractId: 'contract_790' },
    { ...exact, eventType: 'contract.1#update' },
    { ...exact, vendorId: 'vendor_124' },
    { occured_at: '2025-11-10T12:00:00.124Z' },
  ];
  expect(new Set([exact, ...others].map(idOf)).size).toBe(5);
});

test('with whole seconds and ids only, two changes could look alike, so there is no id', () => {
  expect(idOf({})).toBeNull();
  expect(idOf({ snapshot: { person: { userId: 'user_456' } } })).toMatch(/^sub_[0-9a-f]{40}$/);
});
