import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lastSeenDay } from './last-seen.ts';
import { subscriberSchema } from './subscriber.ts';
import { tagDifference } from './tags.ts';
import { mergeWantedTags } from './wanted-tags.ts';
import type { WantedTags } from './wanted-tags.ts';

test('of two wishes the newer one decides, but for tags that it would leave where they are', () => {
  const older = { set: ['sesamy_has_gifted_subscription', 'sesamy_active_subscriber'], keep: [] };
  const newer = { set: ['sesamy_tag_vip'], keep: ['sesamy_has_gifted_subscription'] };
  expect(mergeWantedTags(older, newer)).toEqual({
    set: ['sesamy_tag_vip', 'sesamy_has_gifted_subscription'],
    keep: ['sesamy_has_gifted_subscription'],
  });
});

test('two wishes in one have the effect of both in turn, whatever somebody carries', () => {
  const tags = ['sesamy_a', 'sesamy_b', 'bought', 'clicked'];
  const subset = fc.subarray(tags);
  const wish = fc.record({ set: subset, keep: subset });
  const afterwards = (current: readonly string[], { set, keep }: WantedTags): readonly string[] => {
    const { remove } = tagDifference(current, set, keep);
    return [...new Set([...current.filter((tag) => !remove.includes(tag)), ...set])].toSorted();
  };
  fc.assert(
    fc.property(subset, wish, wish, (current, older, newer) => {
      const inTurn = afterwards(afterwards(current, older), newer);
      expect(afterwards(current, mergeWantedTags(older, newer))).toEqual(inTurn);
    }),
  );
});

const cause = {
  eventType: 'contract.1#update',
  eventId: 'e1',
  occurredAt: '2026-11-20T23:30:00.000Z',
  ids: { contractId: null, entitlementId: null, checkoutId: null },
  consent: null,
  integrations: null,
};

test.each([
  ['the last activity, when the platform tells it', { lastActiveAt: '2026-11-01T10:00:00Z' }, '2026-11-01'],
  ['else the newest change', { updatedAt: '2026-11-19T10:00:00Z' }, '2026-11-20'],
])('the day somebody was last seen is that of %s', (_what, known, day) => {
  const { person } = subscriberSchema.parse({ person: { userId: 'u1', ...known } });
  expect(lastSeenDay(person, [cause])).toBe(day);
});
