import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseFql } from './parse-fql.ts';

test.each<[string, unknown]>([
  ['type = "track"', { path: 'type', equals: 'track' }],
  ["event='Order Completed'", { path: 'event', equals: 'Order Completed' }],
  ['event != "x"', { path: 'event', not_equals: 'x' }],
  ['properties.total < 5', { path: 'properties.total', less_than: 5 }],
  ['properties.total <= -5.5', { path: 'properties.total', at_most: -5.5 }],
  ['properties.total > "5"', { path: 'properties.total', more_than: '5' }],
  ['properties.total >= 5', { path: 'properties.total', at_least: 5 }],
  ['properties.total = 5', { path: 'properties.total', number_equals: 5 }],
  ['properties.total != 5', { path: 'properties.total', number_not_equals: 5 }],
  ['properties.total number_equals "5"', { path: 'properties.total', number_equals: '5' }],
  ['properties.total number_not_equals 5', { path: 'properties.total', number_not_equals: 5 }],
  ['traits.a contains "b"', { path: 'traits.a', contains: 'b' }],
  ['traits.a not_contains "b"', { path: 'traits.a', not_contains: 'b' }],
  ['traits.a starts_with "b"', { path: 'traits.a', starts_with: 'b' }],
  ['traits.a not_starts_with "b"', { path: 'traits.a', not_starts_with: 'b' }],
  ['traits.a ends_with "b"', { path: 'traits.a', ends_with: 'b' }],
  ['traits.a not_ends_with "b"', { path: 'traits.a', not_ends_with: 'b' }],
  ['userId exists', { path: 'userId', exists: true }],
  ['userId not_exists', { path: 'userId', not_exists: true }],
  ['traits.vip is_true', { path: 'traits.vip', is_true: true }],
  ['traits.vip is_false', { path: 'traits.vip', is_false: true }],
  ['userId != null', { path: 'userId', exists: true }],
  ['userId = null', { path: 'userId', exists: false }],
  ['traits.vip = true', { path: 'traits.vip', equals: true }],
  ['contains(event, "Order")', { path: 'event', contains: 'Order' }],
  ['!contains(event, "Order")', { not: { path: 'event', contains: 'Order' } }],
  ['match(event, "Order*")', { path: 'event', starts_with: 'Order' }],
  ['match(event, "*Order")', { path: 'event', ends_with: 'Order' }],
  ['match(event, "*Order*")', { path: 'event', contains: 'Order' }],
  ['match(event, "Order")', { path: 'event', equals: 'Order' }],
  [String.raw`properties.product\ name = "a\"b"`, { path: 'properties.product name', equals: 'a"b' }],
  [String.raw`properties.a\.b exists`, { path: 'properties["a.b"]', exists: true }],
  ["context['app version'].items[0] exists", { path: 'context.app version.items[0]', exists: true }],
  [
    'type = "track" and event = "a" or type = "page"',
    {
      any: [
        {
          all: [
            { path: 'type', equals: 'track' },
            { path: 'event', equals: 'a' },
          ],
        },
        { path: 'type', equals: 'page' },
      ],
    },
  ],
  [
    'type = "track" and (event = "a" or event = "b")',
    {
      all: [
        { path: 'type', equals: 'track' },
        {
          any: [
            { path: 'event', equals: 'a' },
            { path: 'event', equals: 'b' },
          ],
        },
      ],
    },
  ],
])('%s', (fql, tree) => {
  expect(parseFql(fql)).toMatchObject({ ok: true, value: { tree } });
});

test.each([
  ['', 1, 'the text ends too early.'],
  ['type =', 7, 'the text ends too early.'],
  ['type', 5, 'the text ends too early.'],
  ['type = "a" type = "b"', 12, '"type" does not belong here.'],
  ['type ~ "a"', 6, '"~" does not belong here.'],
  ['type = a', 8, '"a" does not belong here.'],
  ['"track" = type', 1, '"track" does not belong here.'],
  ['(type = "a"', 12, 'the text ends too early.'],
  ['length(traits.a) > 3', 1, 'The function length is not known.'],
  ['match(event, "a*b")', 14, 'This pattern is not known.'],
  ['match(event, 5)', 14, '"5" does not belong here.'],
  ['type = "track" and', 19, 'the text ends too early.'],
  ['type in ("a", "b")', 6, '"in" does not belong here.'],
])('%s is refused at character %i', (fql, at, message) => {
  expect(parseFql(fql)).toMatchObject({
    ok: false,
    problems: [{ message: `At character ${String(at)}: ${message}` }],
  });
});

test('no text makes it throw, and brackets without end are refused', () => {
  const word = fc.constantFrom(
    'type',
    '=',
    '"a"',
    '(',
    ')',
    'and',
    'or',
    '!',
    'contains(',
    ',',
    '\\',
    "'",
    '5',
    'null',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(word).map((words) => words.join(' ')),
      ),
      (fql) => void parseFql(fql),
    ),
  );
  expect(parseFql('('.repeat(100_000))).toMatchObject({ ok: false });
  expect(parseFql('!'.repeat(100_000))).toMatchObject({ ok: false });
});
