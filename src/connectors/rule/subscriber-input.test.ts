import { expect, test } from 'vitest';
import { upsertSubscriber } from './actions/upsert-subscriber.ts';

function merge(...inputs: readonly object[]) {
  const options = upsertSubscriber.options.parse({});
  return inputs
    .map((input) => upsertSubscriber.input.parse({ email: 'asa@example.com', ...input }))
    .reduce((older, newer) => upsertSubscriber.coalesce?.(older, newer, options) ?? newer);
}

test('inputs that wait together lose no tag that either puts on for good', () => {
  const gift = 'sesamy_has_gifted_subscription';
  expect(merge({ tags: ['bought'] }, { tags: ['clicked'] }).tags).toEqual(['clicked', 'bought']);
  expect(merge({ tags: ['sesamy', gift] }, { tags: ['sesamy'], keep_tags: [gift] })).toMatchObject({
    tags: ['sesamy', gift],
    keep_tags: [gift],
  });
});

test('of inputs that wait together, a tag that the newer one takes off goes', () => {
  expect(merge({ tags: ['sesamy', 'sesamy_overdue_contract'] }, { tags: ['sesamy'] }).tags).toEqual([
    'sesamy',
  ]);
});

test('of inputs that wait together, what the newer one does not name stays as the older one has it', () => {
  const older = { tags: ['sesamy'], phone: '+46701234567', fields: { 'A.B': '1', 'A.C': '1' } };
  expect(merge(older, { tags: ['sesamy'], fields: { 'A.B': '2' } })).toMatchObject({
    phone: '+46701234567',
    fields: { 'A.B': '2', 'A.C': '1' },
  });
});
