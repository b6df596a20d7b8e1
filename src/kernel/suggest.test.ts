import fc from 'fast-check';
import { expect, test } from 'vitest';
import { editDistance, meant, suggest } from './suggest.ts';

test.each([
  ['acess_token', 'access_token', 1],
  ['sesmay', 'sesamy', 1],
  ['', 'abc', 3],
  ['kitten', 'sitting', 3],
])('from %s to %s is %i', (a, b, distance) => {
  expect(editDistance(a, b)).toBe(distance);
});

test('the distance is zero for equal words only, and the same both ways', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      expect(editDistance(a, b)).toBe(editDistance(b, a));
      expect(editDistance(a, b) === 0).toBe(a === b);
    }),
  );
});

test('a typing mistake is recognised, another word is not', () => {
  expect(suggest('HubSpt', ['hubspot', 'sesamy'])).toBe('hubspot');
  expect(suggest('mailchimp', ['hubspot', 'sesamy'])).toBeUndefined();
  expect(meant('mailchimp', ['sesamy', 'hubspot'], 'connectors')).toBe('Known connectors: hubspot, sesamy.');
  expect(meant('x', [], 'connections')).toBe('There are no connections.');
});
