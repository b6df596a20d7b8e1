import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aContract, aSubscriber, anEntitlement } from '../../test/support/a-subscriber.ts';
import type { SubscriberInput } from './subscriber.ts';
import { sesamyTags, slug, tagDifference, tagsToKeep } from './tags.ts';

const gift = { id: 'c', isGift: true, payer: { id: 'user_9' } };

test.each<[string, Partial<SubscriberInput>, string]>([
  ['an active subscription', { contracts: [aContract()] }, 'sesamy_active_subscriber'],
  ['an overdue contract', { contracts: [aContract({ status: 'OVERDUE' })] }, 'sesamy_overdue_contract'],
  [
    'external access',
    { entitlements: [anEntitlement({ origin: 'external' })] },
    'sesamy_has_external_access',
  ],
  ['a gift', { contracts: [aContract({ payerUserId: 'user_9' })] }, 'sesamy_has_gifted_subscription'],
  ['a gift seen in its checkout', { checkouts: [gift] }, 'sesamy_has_gifted_subscription'],
  [
    'an entitlement',
    { entitlements: [anEntitlement()] },
    'sesamy_active_entitlement_publication-premium-magazine',
  ],
  ['a SKU', { entitlements: [anEntitlement()] }, 'sesamy_active_sku_mag-001'],
  [
    'a SKU with its option',
    { entitlements: [anEntitlement({ optionId: 'po-123' })] },
    'sesamy_active_sku_po_mag-001-po-123',
  ],
  [
    'a single purchase',
    { entitlements: [anEntitlement({ type: 'article' })] },
    'sesamy_made_single_purchase',
  ],
  ['a tag of the profile', { tags: ['VIP'] }, 'sesamy_tag_vip'],
])('%s gives its documented tag', (_what, parts, tag) => {
  expect(sesamyTags(aSubscriber(parts))).toContain(tag);
});

test.each<[string, Partial<SubscriberInput>, readonly string[]]>([
  ['nobody in particular', {}, []],
  ['a one-time purchase', { contracts: [aContract({ term: 'perpetual' })] }, []],
  ['access that has ended', { entitlements: [anEntitlement({ hasAccess: false, origin: 'external' })] }, []],
  [
    'someone who pays for herself',
    { contracts: [aContract({ payerUserId: 'user_456' })] },
    ['sesamy_active_subscriber'],
  ],
  ['a tag without a letter or digit', { tags: ['!!!'] }, []],
])('%s: no tag beyond %j', (_what, parts, tags) => {
  expect(sesamyTags(aSubscriber(parts))).toEqual(tags);
});

test.each([
  ['Premium Magazine', 'premium-magazine'],
  ['sid:eUv45QXTrcGNhMJpaCQNe', 'sid-euv45qxtrcgnhmjpacqne'],
  ['  Dagens -- Nyheter!  ', 'dagens-nyheter'],
  ['Blåbärsås', 'blåbärsås'],
  ['Bla\u030abarsa\u030as', 'blåbarsås'],
])('the slug of %j is %j', (text, expected) => {
  expect(slug(text)).toBe(expected);
});

test('tags are cut first and then deduplicated', () => {
  const long = 'x'.repeat(120);
  const tags = sesamyTags(aSubscriber({ tags: [`${long}1`, `${long}2`] }));
  expect(tags).toEqual([`sesamy_tag_${'x'.repeat(88)}`]);
});

test('the cut leaves no half of a surrogate pair', () => {
  const [tag] = sesamyTags(aSubscriber({ tags: ['𐐨'.repeat(100)] }));
  expect(Array.from(tag ?? '')).toHaveLength(99);
  expect(tag?.isWellFormed()).toBe(true);
});

const anySubscriber = fc
  .record({
    tags: fc.array(fc.string({ unit: 'binary', maxLength: 150 })),
    entitlements: fc.array(
      fc.record({
        sku: fc.string({ minLength: 1 }),
        title: fc.string({ maxLength: 150 }),
        hasAccess: fc.boolean(),
      }),
    ),
  })
  .map(({ tags, entitlements }) =>
    aSubscriber({
      tags,
      entitlements: entitlements
        .filter(({ sku }) => sku.trim() !== '')
        .map((parts, index) => anEntitlement({ id: String(index), ...parts })),
    }),
  );

test('every tag has the prefix, is at most 99 characters long and appears once', () => {
  fc.assert(
    fc.property(anySubscriber, (subscriber) => {
      const tags = sesamyTags(subscriber);
      expect(new Set(tags).size).toBe(tags.length);
      for (const tag of tags) {
        expect(tag.startsWith('sesamy_')).toBe(true);
        expect(Array.from(tag).length).toBeLessThanOrEqual(99);
      }
    }),
  );
});

const anyTag = fc.oneof(
  fc.string(),
  fc.string().map((text) => `sesamy_${text}`),
);

test('after the difference exactly the wanted tags are there, and foreign tags are as before', () => {
  fc.assert(
    fc.property(fc.array(anyTag), fc.uniqueArray(anyTag), (current, wanted) => {
      const { add, remove } = tagDifference(current, wanted);
      const after = new Set([...current, ...add].filter((tag) => !remove.includes(tag)));
      const isOwn = (tag: string): boolean => tag.startsWith('sesamy_');
      expect([...after].filter(isOwn).toSorted()).toEqual(wanted.filter(isOwn).toSorted());
      expect([...after].filter((tag) => !isOwn(tag))).toEqual([
        ...new Set(current.filter((tag) => !isOwn(tag))),
      ]);
    }),
  );
});

test('a single purchase is remembered for ever', () => {
  const later = aSubscriber({ contracts: [aContract()] });
  const { remove } = tagDifference(
    ['sesamy_made_single_purchase', 'sesamy_tag_old'],
    sesamyTags(later),
    tagsToKeep(later),
  );
  expect(remove).toEqual(['sesamy_tag_old']);
});

test('a gift is not forgotten while the payer of a running subscription is unknown, and is when all has ended', () => {
  const running = aSubscriber({ contracts: [aContract()] });
  const ended = aSubscriber({ contracts: [aContract({ status: 'EXPIRED' })] });
  const removed = (subscriber: typeof running) =>
    tagDifference(['sesamy_has_gifted_subscription'], sesamyTags(subscriber), tagsToKeep(subscriber)).remove;
  expect(removed(running)).toEqual([]);
  expect(removed(ended)).toEqual(['sesamy_has_gifted_subscription']);
});
