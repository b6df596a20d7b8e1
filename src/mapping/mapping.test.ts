import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../kernel/json.ts';
import { parseMapping } from './mapping.ts';
import type { MappingResult } from './mapping.ts';

const NOW_MS = Date.parse('2026-11-21T12:00:00.000Z');

const EVENT: JsonObject = {
  type: 'track',
  messageId: 'm1',
  traits: {
    email: ' Ada@Example.com ',
    first: 'Ada',
    last: 'Lovelace',
    plan: 'pro',
    age: 36,
    blank: '',
    none: null,
  },
  properties: {
    total: '12.50',
    products: [
      { sku: 'a', price: 10, colour: null },
      { sku: 'b', price: 2.5 },
    ],
  },
};

function map(mapping: unknown, event: JsonObject = EVENT): MappingResult {
  const parsed = parseMapping(mapping);
  if (!parsed.ok)
    throw new Error(parsed.problems.map(({ path, message }) => `${path}: ${message}`).join('\n'));
  return parsed.value.evaluate(event, NOW_MS);
}

const path = (text: string): JsonObject => ({ $path: text });
const isPro = { path: 'traits.plan', equals: 'pro' };

test.each<[string, JsonValue, JsonValue | undefined]>([
  ['plain JSON stands for itself', { a: [1, 'x', null, { b: true }] }, { a: [1, 'x', null, { b: true }] }],
  ['a path takes a value', path('traits.first'), 'Ada'],
  ['an absent value leaves its field out', { a: path('traits.x'), b: 1 }, { b: 1 }],
  ['an absent value leaves its place in a list out', [path('traits.x'), 1], [1]],
  ['null stays', { a: path('traits.none') }, { a: null }],
  [
    'a template puts values into text',
    { $template: '{{traits.first}} {{{traits.age}}}{{traits.x}}!' },
    'Ada 36!',
  ],
  ['a template writes lists as JSON', { $template: '{{properties.products[1]}}' }, '{"sku":"b","price":2.5}'],
  ['a literal is taken as it is', { $literal: { $path: 'x' } }, { $path: 'x' }],
  ['if takes one', { $if: { condition: isPro, then: path('traits.first'), else: 2 } }, 'Ada'],
  ['if takes the other', { $if: { condition: { not: isPro }, then: 1, else: 0 } }, 0],
  ['if without else is absent', { $if: { condition: { not: isPro }, then: 1 } }, undefined],
  [
    'case takes the first that holds',
    {
      $case: {
        of: [
          { when: { not: isPro }, then: 1 },
          { when: isPro, then: 2 },
        ],
        else: 3,
      },
    },
    2,
  ],
  ['case falls back', { $case: { of: [{ when: { not: isPro }, then: 1 }], else: path('traits.age') } }, 36],
  [
    'lookup finds an entry',
    { $lookup: { value: path('traits.plan'), in: { pro: 'Professional' } } },
    'Professional',
  ],
  [
    'lookup finds numbers as written',
    { $lookup: { value: path('traits.age'), in: { '36': path('traits.plan') } } },
    'pro',
  ],
  ['lookup falls back', { $lookup: { value: path('traits.x'), in: { pro: 1 }, else: 'Free' } }, 'Free'],
  ['lookup knows no prototypes', { $lookup: { value: 'constructor', in: {} } }, undefined],
  [
    'default takes the first that is there',
    { $default: [path('traits.x'), path('traits.none'), path('traits.last'), 'z'] },
    'Lovelace',
  ],
  ['default takes empty text', { $default: [path('traits.blank'), 'z'] }, ''],
  [
    'each maps the items, which see the event too',
    {
      $each: {
        of: path('properties.products'),
        as: { id: path('sku'), by: path('$$.traits.first'), c: path('colour') },
      },
    },
    [
      { id: 'a', by: 'Ada', c: null },
      { id: 'b', by: 'Ada' },
    ],
  ],
  ['each takes one value for a list', { $each: { of: path('traits'), as: path('first') } }, ['Ada']],
  ['each leaves out what is absent', { $each: { of: path('properties.products'), as: path('nothing') } }, []],
  ['each of nothing is absent', { $each: { of: path('traits.x'), as: path('$') } }, undefined],
  [
    'a condition inside each sees the item',
    {
      $each: {
        of: path('properties.products'),
        as: { $if: { condition: { path: 'price', more_than: 5 }, then: path('sku') } },
      },
    },
    ['a'],
  ],
  [
    'join leaves out blanks',
    { $join: { values: [path('traits.first'), path('traits.blank'), path('traits.last')] } },
    'Ada Lovelace',
  ],
  [
    'join takes a list',
    { $join: { values: { $each: { of: path('properties.products'), as: path('sku') } }, separator: ';' } },
    'a;b',
  ],
  ['join of nothing is absent', { $join: { values: [path('traits.none')] } }, undefined],
  ['merge lets the last win', { $merge: [{ a: 1, b: 1 }, path('traits.x'), { b: 2 }] }, { a: 1, b: 2 }],
  [
    'omit_null goes deep',
    { $omit_null: { a: null, b: path('properties.products'), c: [null] } },
    {
      b: [
        { sku: 'a', price: 10 },
        { sku: 'b', price: 2.5 },
      ],
      c: [],
    },
  ],
  [
    'lower, upper and trim change text',
    [{ $lower: 'ÅB' }, { $upper: 'åb' }, { $trim: ' a ' }],
    ['åb', 'ÅB', 'a'],
  ],
  ['lower hands through what is no text', { $lower: path('traits.age') }, 36],
  [
    'hash',
    { $hash: { value: { $trim: { $lower: path('traits.email') } } } },
    hash('sha256', 'ada@example.com'),
  ],
  ['hash by md5', { $hash: { value: path('traits.age'), algorithm: 'md5' } }, hash('md5', '36')],
  ['hash of nothing is absent', { $hash: path('traits.blank') }, undefined],
  ['email', { $email: path('traits.email') }, 'ada@example.com'],
  ['number of text', { $number: path('properties.total') }, 12.5],
  ['number of a number', { $number: path('traits.age') }, 36],
  ['phone with a country', { $phone: { value: '070-123 45 67', country: 'SE' } }, '+46701234567'],
  ['phone with its own code', { $phone: '+1 (650) 253-0000' }, '+16502530000'],
  ['formula', { $formula: '$sum(properties.products.price)' }, 12.5],
  [
    'formula inside each',
    { $each: { of: path('properties.products'), as: { $formula: 'sku & $event.messageId' } } },
    ['am1', 'bm1'],
  ],
])('%s', (_, mapping, expected) => {
  expect(map(mapping)).toEqual({ kind: 'value', value: expected, notes: [] });
});

const inStockholm = (value: JsonValue, as: string): JsonObject => ({
  $date: { value, as, zone: 'Europe/Stockholm' },
});

test.each<[string, JsonValue, JsonValue]>([
  ['a time with its zone', { $date: '2026-11-21T12:00:00+01:00' }, '2026-11-21T11:00:00.000Z'],
  ['a time without a zone is UTC', { $date: '2026-11-21 12:00' }, '2026-11-21T12:00:00.000Z'],
  [
    'a time without a zone belongs to the zone',
    inStockholm('2026-07-01T12:00:00', 'iso'),
    '2026-07-01T10:00:00.000Z',
  ],
  ['the day is that of the zone', inStockholm('2026-11-20T23:30:00Z', 'day'), '2026-11-21'],
  ['a day stays the day that it is', inStockholm('2026-11-20', 'day'), '2026-11-20'],
  ['a day begins at midnight of the zone', inStockholm('2026-11-20', 'iso'), '2026-11-19T23:00:00.000Z'],
  ['seconds', { $date: 1_763_726_400 }, '2025-11-21T12:00:00.000Z'],
  ['milliseconds as text', { $date: '1763726400000' }, '2025-11-21T12:00:00.000Z'],
  ['to milliseconds', { $date: { value: '2026-11-21T12:00:00.5Z', as: 'milliseconds' } }, 1_795_262_400_500],
  ['to seconds', { $date: { value: '2026-11-21T12:00:00.5Z', as: 'seconds' } }, 1_795_262_400],
])('date: %s', (_, mapping, expected) => {
  expect(map(mapping)).toEqual({ kind: 'value', value: expected, notes: [] });
});

test.each<[string, JsonValue]>([
  ['no e-mail address', { $email: 'nobody' }],
  ['no e-mail address', { $email: { value: [1] } }],
  ['no number', { $number: '12,50' }],
  ['no number', { $number: true }],
  ['no valid phone number', { $phone: { value: '12', country: 'SE' } }],
  ['no valid phone number', { $phone: '070-123 45 67' }],
  ['no date', { $date: '31/12/2026' }],
  ['no date', { $date: '2026-02-30' }],
  ['no date', { $date: 1e300 }],
  ['no text', { $hash: { value: {} } }],
])('a value that is %s is left out with a note, or fails the mapping when it is to', (what, directive) => {
  expect(map({ field: directive })).toEqual({
    kind: 'value',
    value: {},
    notes: [`field: the value is ${what} and was left out.`],
  });
  const [[name, written] = []] = Object.entries(directive as JsonObject);
  const value =
    typeof written === 'object' && written !== null && 'value' in written ? written : { value: written };
  const failing = { field: { [String(name)]: { ...(value as JsonObject), invalid: 'fail' } } };
  expect(map(failing)).toEqual({
    kind: 'fault',
    path: `field.${String(name)}`,
    message: `The value is ${what}.`,
  });
});

test('merge of something that is no object names the part', () => {
  expect(map({ a: { $merge: [{}, path('traits.age')] } })).toEqual({
    kind: 'fault',
    path: 'a.$merge[1]',
    message: 'The value is no object.',
  });
});

test('lists inside lists inside lists end before they fill the memory', () => {
  const items = path('$$.items');
  const nested = {
    $each: { of: items, as: { $each: { of: items, as: { $each: { of: items, as: path('$$') } } } } },
  };
  const event = { items: Array.from({ length: 500 }, (_, index) => index) };
  expect(map(nested, event)).toMatchObject({
    kind: 'fault',
    message: expect.stringContaining('10000 items') as string,
  });
});

test('a mapping changes nothing of its event', () => {
  const event = structuredClone(EVENT);
  map({ $merge: [path('traits'), { $omit_null: path('properties') }, { first: 'x' }] }, event);
  map({ $formula: '$merge([traits, {"first": "x"}])' }, event);
  expect(event).toEqual(EVENT);
});

const ANY_DIRECTIVE = fc.constantFrom<JsonValue>(
  path('a.b'),
  { $template: '{{a}}{{b.c}}' },
  { $each: { of: path('a'), as: { x: path('b'), y: path('$$.a') } } },
  { $join: { values: path('a') } },
  { $omit_null: path('$') },
  { $date: { value: path('a'), as: 'day', zone: 'America/New_York' } },
  { $phone: { value: path('a'), country: 'SE' } },
  { $email: path('a') },
  { $number: path('a') },
  { $hash: path('a') },
  { $lookup: { value: path('a'), in: { x: 1 } } },
  { $merge: [path('a'), path('b')] },
  { $formula: 'a.b & $string(a)' },
);

test('no event makes a mapping throw, or reach a prototype', () => {
  const key = fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor');
  const { tree } = fc.letrec<{ tree: JsonValue }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null)),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(key, tie('tree'), { maxKeys: 3 }),
    ),
  }));
  fc.assert(
    fc.property(ANY_DIRECTIVE, fc.dictionary(key, tree), (mapping, event) => {
      const result = map({ field: mapping }, event);
      if (result.kind === 'value') expect(Object.getPrototypeOf(result.value)).toBe(Object.prototype);
      expect(({} as Record<string, unknown>)['b']).toBeUndefined();
    }),
  );
});

function hash(algorithm: string, text: string): string {
  return createHash(algorithm).update(text).digest('hex');
}
