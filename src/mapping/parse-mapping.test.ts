import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseMapping } from './mapping.ts';

const path = { $path: 'a' };

test.each<[string, unknown, string, string]>([
  ['an unknown directive', { a: { $paht: 'x' } }, 'a.$paht', 'There is no directive $paht.'],
  ['something beside a directive', { $path: 'x', b: 1 }, 'b', '"b" cannot stand beside $path.'],
  ['a path that is none', [{ $path: 'a..b' }], '[0].$path', 'The path cannot be read.'],
  ['a path that is no text', { $path: 3 }, '$path', 'The path cannot be read.'],
  [
    'a bad path in a template',
    { $template: '{{a..b}}' },
    '$template',
    'The path "a..b" in the template cannot be read.',
  ],
  ['an option that is missing', { $each: { of: path } }, '$each', 'The option "as" is missing.'],
  [
    'an unknown option',
    { $date: { value: path, zon: 'UTC' } },
    '$date.zon',
    'There is no option "zon" here.',
  ],
  [
    'an option outside its choices',
    { $date: { value: path, as: 'year' } },
    '$date.as',
    '"as" cannot be this.',
  ],
  [
    'an unknown zone',
    { $date: { value: path, zone: 'Mars/Base' } },
    '$date.zone',
    'The time zone is not known.',
  ],
  [
    'an unknown country',
    { $phone: { value: path, country: 'XX' } },
    '$phone.country',
    'The country is not known.',
  ],
  [
    'a condition inside',
    { x: { $if: { condition: { path: 'a', is: 1 }, then: 1 } } },
    'x.$if.condition.is',
    'There is no operator "is".',
  ],
  ['a case without a list', { $case: { of: {} } }, '$case.of', '"of" is a list with at least one case.'],
  [
    'a part of a case',
    { $case: { of: [{ when: { path: 'a', equals: 1 } }] } },
    '$case.of[0]',
    'The option "then" is missing.',
  ],
  [
    'a directive deep inside',
    { $default: [1, { $lower: { $nope: 1 } }] },
    '$default[1].$lower.$nope',
    'There is no directive $nope.',
  ],
  [
    'a table that is none',
    { $lookup: { value: path, in: [] } },
    '$lookup.in',
    'The table "in" is an object.',
  ],
  [
    'a separator that is no text',
    { $join: { values: [], separator: 1 } },
    '$join.separator',
    'The separator is text.',
  ],
  [
    'a formula that is none',
    { $formula: 'a +' },
    '$formula',
    'At character 3: The formula cannot be read: Unexpected end of expression.',
  ],
  ['an empty formula', { $formula: ' ' }, '$formula', 'A formula is text.'],
  ['a key that would be a prototype', JSON.parse('{"__proto__":{}}'), '', 'An object has a key __proto__.'],
  ['what is no JSON', { a: Number.NaN }, 'a', 'This is no JSON.'],
])('%s is named with its place', (_, mapping, at, message) => {
  const parsed = parseMapping(mapping);
  expect(parsed).toMatchObject({ ok: false, problems: [{ path: at, message }] });
  expect(!parsed.ok && parsed.problems[0]?.remedy).not.toBe('');
});

test('everything that is wrong is told at once', () => {
  const parsed = parseMapping({ a: { $nope: 1 }, b: { $path: '' }, c: [{ $each: {} }] });
  expect(!parsed.ok && parsed.problems.map((problem) => problem.path)).toEqual([
    'a.$nope',
    'b.$path',
    'c[0].$each',
    'c[0].$each',
  ]);
});

test('a mapping nested too deep is refused', () => {
  let mapping: unknown = 1;
  for (let depth = 0; depth < 100; depth += 1) mapping = [mapping];
  expect(parseMapping(mapping)).toMatchObject({ ok: false });
});

test('no JSON makes the check throw', () => {
  const key = fc.constantFrom(
    '$path',
    '$if',
    '$each',
    '$date',
    '$formula',
    'value',
    'of',
    'as',
    'condition',
    'then',
    'a',
  );
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.jsonValue({ maxDepth: 1 }),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(key, tie('tree'), { maxKeys: 3 }),
    ),
  }));
  fc.assert(
    fc.property(tree, (mapping) => {
      const parsed = parseMapping(mapping);
      if (parsed.ok) parsed.value.evaluate({ a: [1, { b: 'x' }] }, 0);
    }),
  );
});
