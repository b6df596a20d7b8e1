import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonValue } from '../kernel/json.ts';
import { parsePath, valueAt } from './path.ts';
import { formatSteps } from './problem.ts';

const EVENT = {
  traits: { address: { city: 'Lund' }, 'a.b': 1, "it's": 2, tags: ['x', { y: 3 }], length: 5, none: null },
} satisfies JsonValue;

test.each<[string, JsonValue | undefined]>([
  ['traits.address.city', 'Lund'],
  ['$.traits.address.city', 'Lund'],
  ["traits['a.b']", 1],
  ['traits["a.b"]', 1],
  [String.raw`traits['it\'s']`, 2],
  ['traits.tags[0]', 'x'],
  ['traits.tags.0', 'x'],
  ['traits.tags[1].y', 3],
  ['traits.length', 5],
  ['traits.none', null],
  ['$', EVENT],
  ['traits.missing.deeper', undefined],
  ['traits.address.city.length', undefined],
  ['traits.tags.length', undefined],
  ['traits.tags[7]', undefined],
  ['traits.none.x', undefined],
  ['traits.constructor', undefined],
  ['__proto__.polluted', undefined],
  ['traits.tags.map', undefined],
])('%s finds %j', (text, expected) => {
  expect(valueAt(EVENT, parsePath(text)?.steps ?? [])).toEqual(expected);
});

test.each(['', ' ', '.', 'a..b', 'a.', '.a', 'a[', 'a[]', 'a[x]', "a['x]", 'a]b', 'a[0]b'])(
  '%j is no path',
  (text) => {
    expect(parsePath(text)).toBeUndefined();
  },
);

test('a path that was printed is read back as the same steps', () => {
  const step = fc.oneof(fc.string(), fc.nat({ max: 999_999_999 }));
  fc.assert(
    fc.property(fc.array(step, { minLength: 1 }), (steps) => {
      // A name that looks like a root, or has blanks around it, is not what anyone prints a path of.
      fc.pre(
        steps.every((each) => typeof each === 'number' || (each.trim() === each && !each.startsWith('$'))),
      );
      expect(parsePath(formatSteps(steps))?.steps).toEqual(steps);
    }),
  );
});

test('no text and no document makes a path throw, or find what a prototype has', () => {
  fc.assert(
    fc.property(fc.string(), fc.jsonValue(), (text, document) => {
      const path = parsePath(text);
      if (path === undefined) return;
      const found = valueAt(document as JsonValue, path.steps);
      expect(typeof found).not.toBe('function');
    }),
  );
});
