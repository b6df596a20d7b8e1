import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonValue } from '../../kernel/json.ts';
import { evaluate, explain } from './evaluate.ts';
import { OPERATORS } from './operators.ts';
import { parseCondition } from './parse-condition.ts';
import type { Condition } from './condition.ts';

const NOW_MS = Date.parse('2026-11-21T12:00:00.000Z');

function condition(json: unknown): Condition {
  const parsed = parseCondition(json);
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('\n'));
  return parsed.value;
}

const holds = (json: unknown, document: JsonValue): boolean => evaluate(condition(json), document, NOW_MS);

/** The operator, what it is asked with, values for which it holds, and values for which it does not. */
const TABLE: readonly [
  operator: string,
  operand: JsonValue,
  yes: readonly JsonValue[],
  no: readonly JsonValue[],
][] = [
  ['equals', 'a', ['a'], ['A', 1, null, ['a']]],
  ['equals', 5, [5], ['5', 6]],
  ['equals', false, [false], [0, 'false', null]],
  ['number_equals', 5, [5, '5', ' 5.0 '], [6, 'five', '', true, null]],
  ['number_equals', '5', [5], [4]],
  ['less_than', 5, [4, '4.5', -1], [5, '5', 'x', null, true]],
  ['at_most', 5, [5, '5'], [5.1, 'x']],
  ['more_than', 5, [6, '5.1', 1e300], [5, '5', null]],
  ['at_least', 5, [5, '5'], [4.9, [5]]],
  ['contains', 'bc', ['abcd', ['bc', 'x']], ['acb', 'BC', ['abcd'], 5, null, { bc: 1 }]],
  ['contains', 5, ['a5', [5]], [['5'], 5]],
  ['starts_with', 'ab', ['abc'], ['cab', ['ab'], null]],
  ['ends_with', 'bc', ['abc'], ['bca', 5]],
  ['exists', true, ['', 0, false, [], {}], [null]],
  ['exists', false, [null], ['', 0]],
  ['is_true', true, [true], ['true', 1, false, null]],
  ['is_false', true, [false], ['false', 0, true, null]],
  ['equals_any_of', ['a', 5], ['a', 5], ['b', '5', ['a']]],
  ['contains_any_of', ['a', 5], ['cab', ['x', 5]], ['x', ['b'], 5]],
  [
    'before',
    '2026-11-21',
    ['2026-11-20', '2026-11-20T23:59:59Z', '2026-11-21T00:30:00+01:00'],
    ['2026-11-21', '2026-11-20T23:59:59', 'x', 5, null],
  ],
  [
    'after',
    '2026-11-21T12:00:00+01:00',
    ['2026-11-21T11:00:01Z', '2026-11-22'],
    ['2026-11-21T11:00:00Z', '2026-11-21'],
  ],
  [
    'within_last',
    '7 days',
    ['2026-11-14T12:00:00Z', '2026-11-21T12:00:00Z'],
    ['2026-11-14T11:59:59Z', '2026-11-21T12:00:01Z', 'x'],
  ],
  [
    'within_next',
    '30 minutes',
    ['2026-11-21T12:30:00Z', '2026-11-21T12:00:00Z'],
    ['2026-11-21T12:30:01Z', '2026-11-21T11:59:59Z'],
  ],
  [
    'before_last',
    '2 weeks',
    ['2026-11-07T11:59:59Z'],
    ['2026-11-07T12:00:00Z', '2026-11-21T12:00:00Z', null],
  ],
  ['after_next', '1 hour', ['2026-11-21T13:00:01Z'], ['2026-11-21T13:00:00Z', 'x']],
];

test.each(TABLE)(
  '%s %j holds as it says, and its negation whenever it does not',
  (operator, operand, yes, no) => {
    const negation = `not_${operator}`;
    const isNegated = OPERATORS.has(negation);
    for (const [values, expected] of [
      [yes, true],
      [no, false],
    ] as const) {
      for (const x of values) {
        expect([x, holds({ path: 'x', [operator]: operand }, { x })]).toEqual([x, expected]);
        expect(holds({ not: { path: 'x', [operator]: operand } }, { x })).toBe(!expected);
        if (isNegated) expect(holds({ path: 'x', [negation]: operand }, { x })).toBe(!expected);
      }
    }
  },
);

test('every operator is in the table, or the negation of one that is', () => {
  const tested = new Set(TABLE.flatMap(([operator]) => [operator, `not_${operator}`]));
  tested.add('number_not_equals');
  expect([...OPERATORS.keys()].filter((operator) => !tested.has(operator))).toEqual([]);
});

test('a value that is not there equals nothing, and does not contain anything', () => {
  expect(holds({ path: 'x.y', not_equals: 'a' }, {})).toBe(true);
  expect(holds({ path: 'x.y', number_not_equals: 1 }, { x: null })).toBe(true);
  expect(holds({ path: 'x.y', not_contains: 'a' }, { x: { y: null } })).toBe(true);
  expect(holds({ path: 'x.y', exists: true }, { x: 'y' })).toBe(false);
});

const A = { path: 'a', equals: 1 };
const B = { path: 'b', equals: 1 };

test.each<[string, unknown, JsonValue, readonly string[]]>([
  ['the leaf', A, { a: '1' }, ['a equals 1, text']],
  [
    'the first that fails of all',
    { all: [A, B, { path: 'c', exists: true }] },
    { a: 1 },
    ['all[1]: b equals 1, nothing'],
  ],
  [
    'each of any',
    { any: [A, { all: [B, A] }] },
    { a: null },
    ['any[0]: a equals 1, null', 'any[1].all[0]: b equals 1, nothing'],
  ],
  [
    'what is not to hold',
    { not: { all: [A, B] } },
    { a: 1, b: 1 },
    ['not.all[0]: not a equals 1, a number', 'not.all[1]: not b equals 1, a number'],
  ],
  [
    'the one of any that is not to hold',
    { not: { any: [A, B] } },
    { b: 1 },
    ['not.any[1]: not b equals 1, a number'],
  ],
  ['what is not not to hold', { not: { not: A } }, { a: [] }, ['not.not: a equals 1, a list']],
  ['nothing when it holds', { any: [A, B] }, { b: 1 }, []],
])('the explanation names %s, with the kind of value that was seen', (_, json, document, expected) => {
  const failures = explain(condition(json), document, NOW_MS);
  expect(failures.map(({ at, asked, kind }) => `${at === '' ? '' : `${at}: `}${asked}, ${kind}`)).toEqual(
    expected,
  );
});

test.each<[string, unknown, string, string]>([
  ['what is no object', 'type = track', '', 'A condition is an object.'],
  ['an empty list', { all: [] }, 'all', '"all" needs a list with at least one condition.'],
  ['two kinds in one', { all: [A], any: [B] }, 'any', '"any" cannot stand beside "all".'],
  ['a leaf without a path', { any: [{ equals: 1 }] }, 'any[0]', 'A condition needs a "path".'],
  ['a bad path', { path: 'a..b', exists: true }, 'path', 'The path cannot be read.'],
  ['a path alone', { path: 'a' }, '', 'Nothing is asked of a.'],
  ['an unknown operator', { not: { path: 'a', is: 1 } }, 'not.is', 'There is no operator "is".'],
  [
    'two operators',
    { path: 'a', at_least: 1, at_most: 2 },
    'at_most',
    'A condition has one operator; this one has "at_least" and "at_most".',
  ],
  [
    'an operand of the wrong kind',
    { path: 'a', within_last: 7 },
    'within_last',
    '"within_last" cannot be asked with this.',
  ],
  ['null', { path: 'a', equals: null }, 'equals', '"equals" cannot be asked with null.'],
  [
    'a list without elements',
    { path: 'a', equals_any_of: [] },
    'equals_any_of',
    '"equals_any_of" cannot be asked with this.',
  ],
])('%s is refused with its place', (_, json, at, message) => {
  expect(parseCondition(json)).toMatchObject({ ok: false, problems: [{ path: at, message }] });
});

test('a condition nested too deep is refused', () => {
  let json: unknown = A;
  for (let depth = 0; depth < 1_000; depth += 1) json = { not: json };
  expect(parseCondition(json)).toMatchObject({ ok: false });
});

test('no condition throws for any document, and it explains itself exactly when it does not hold', () => {
  const leaf = fc
    .tuple(fc.constantFrom('a', 'a.b', 'b[0]', '__proto__', 'a.constructor'), fc.constantFrom(...TABLE))
    .map(([path, [operator, operand]]) => ({ path, [operator]: operand }));
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
      fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
      tie('tree').map((not) => ({ not })),
    ),
  }));
  const value = fc.constantFrom<JsonValue>(1, '1', 'a', null, true, '2026-11-20', ['a', 5], { b: 'abc' });
  fc.assert(
    fc.property(tree, fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), value), (json, document) => {
      const parsed = condition(json);
      const isMet = evaluate(parsed, document, NOW_MS);
      expect(explain(parsed, document, NOW_MS).length === 0).toBe(isMet);
    }),
  );
});
