import { expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../../kernel/json.ts';
import type { ImportRemark } from '../../../kit/index.ts';
import { parseMapping } from '../../../mapping/index.ts';
import { Place } from './place.ts';
import { translate } from './translate.ts';

const EVENT: JsonObject = {
  type: 'track',
  traits: {
    email: 'A@x.io',
    first_name: '',
    firstName: 'Jo',
    'fav colour': 'Red',
    'we.ird': { x: 1 },
    zero: 0,
    no: false,
    nothing: null,
    phone: '+46 70-123 45',
    nested: { a: { b: 1, c: [1, { d: 2 }] }, e: null },
  },
  properties: { total: 12.5, text: 'a.b.a.b A', products: [{ sku: '1', price: 2 }, { sku: '2' }] },
};
const at = (path: string): JsonObject => ({ '@path': path });
const iff = (options: JsonObject): JsonObject => ({ '@if': options });

function read(segment: JsonValue): {
  readonly mapping: JsonValue | undefined;
  readonly remarks: readonly ImportRemark[];
} {
  const remarks: ImportRemark[] = [];
  return { mapping: translate(segment, new Place('Mine', 'mapping', remarks)), remarks };
}

function run(segment: JsonValue): unknown {
  const { mapping, remarks } = read(segment);
  expect(remarks).toEqual([]);
  const parsed = parseMapping(mapping);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const result = parsed.value.evaluate(EVENT, 0);
  return result.kind === 'value' ? result.value : result;
}

// The last column is what @segment/actions-core 3.170 made of the same mapping and event, recorded 2026-11.
test.each<[string, JsonValue, unknown]>([
  ['a path', at('$.traits.email'), 'A@x.io'],
  ['a path without its sign', at('traits.firstName'), 'Jo'],
  ['a path to null', at('$.traits.nothing'), null],
  ['a path to nothing', at('$.traits.nope.deeper'), undefined],
  ['a name with a blank', at('$.traits.fav colour'), 'Red'],
  ['a quoted name, which is cut at its dot all the same', at("$.traits['we.ird'].x"), undefined],
  ['an index in brackets', at('$.properties.products[1].sku'), '2'],
  ['an index as a name', at('$.properties.products.0.sku'), '1'],
  [
    'a template',
    { '@template': '{{traits.email}}/{{ traits.zero }}{{{traits.no}}}{{missing.x}}!' },
    'A@x.io/0false!',
  ],
  ['a literal with a path inside', { '@literal': { x: at('$.type') } }, { x: 'track' }],
  [
    'exists, which an empty text does',
    iff({
      exists: at('$.traits.first_name'),
      then: at('$.traits.first_name'),
      else: at('$.traits.firstName'),
    }),
    '',
  ],
  ['exists, which null does not', iff({ exists: at('$.traits.nothing'), then: 'y', else: 'n' }), 'n'],
  [
    'blank, which means not blank',
    iff({
      blank: at('$.traits.first_name'),
      then: at('$.traits.first_name'),
      else: at('$.traits.firstName'),
    }),
    'Jo',
  ],
  ['blank of zero', iff({ blank: at('$.traits.zero'), then: 'y', else: 'n' }), 'n'],
  ['blank of false', iff({ blank: at('$.traits.no'), then: 'y', else: 'n' }), 'n'],
  ['an else of zero, which is ignored', iff({ exists: at('$.nope'), then: 'y', else: 0 }), undefined],
  ['an else of false, which is ignored', iff({ exists: at('$.nope'), then: 'y', else: false }), undefined],
  ['an else alone', iff({ exists: at('$.nope'), else: 'n' }), 'n'],
  [
    'blank of a template of empty paths',
    iff({ blank: { '@template': '{{traits.first_name}}{{traits.nothing}}' }, then: 'y', else: 'n' }),
    'n',
  ],
  [
    'blank of a template with text',
    iff({ blank: { '@template': '-{{traits.first_name}}' }, then: 'y', else: 'n' }),
    'y',
  ],
  ['exists of a template, which always does', iff({ exists: { '@template': '{{q}}' }, then: 'y' }), 'y'],
  [
    'an if inside a condition',
    iff({ exists: iff({ exists: at('$.nope'), then: 'x', else: at('$.type') }), then: 'y', else: 'n' }),
    'y',
  ],
  ['lower case', { '@case': { operator: 'lower', value: at('$.traits.email') } }, 'a@x.io'],
  ['upper case of a number', { '@case': { operator: 'upper', value: at('$.traits.zero') } }, 0],
  [
    'two replacements, of every place',
    {
      '@replace': {
        pattern: ' ',
        replacement: '_',
        pattern2: '-',
        replacement2: '',
        value: at('$.traits.phone'),
      },
    },
    '+46_70123_45',
  ],
  [
    'the first place only',
    { '@replace': { pattern: 'a', replacement: 'z', global: false, value: at('$.properties.text') } },
    'z.b.a.b A',
  ],
  [
    'a pattern that is no regular expression, whatever its case',
    { '@replace': { pattern: 'A.', ignorecase: true, value: at('$.properties.text') } },
    'b.b A',
  ],
  [
    'a number',
    { '@replace': { pattern: '1', replacement: 'one', value: at('$.properties.total') } },
    'one2.5',
  ],
  [
    'a replacement in an object, which empties it',
    { '@replace': { pattern: 'a', value: at('$.traits') } },
    '',
  ],
  [
    'a list with its items mapped',
    { '@arrayPath': ['$.properties.products', { id: at('$.sku'), price: at('$.price') }] },
    [{ id: '1', price: 2 }, { id: '2' }],
  ],
  ['a list as it is', { '@arrayPath': ['$.properties.products'] }, [{ sku: '1', price: 2 }, { sku: '2' }]],
  ['one object as a list', { '@arrayPath': [at('$.traits.we.ird'), { x: at('$.x') }] }, undefined],
  [
    'objects laid over each other from the right',
    { '@merge': { objects: [{ a: 1, b: 1 }, { b: 2 }], direction: 'right' } },
    { a: 1, b: 2 },
  ],
  [
    'objects laid over each other from the left',
    { '@merge': { objects: [{ a: 1, b: 1 }, { b: 2 }], direction: 'left' } },
    { a: 1, b: 1 },
  ],
  [
    'two stages',
    {
      '@transform': {
        apply: { who: at('$.traits'), what: at('$.type') },
        mapping: { m: at('$.who.email'), n: at('$.what'), o: { '@template': '{{what}}!' } },
      },
    },
    { m: 'A@x.io', n: 'track', o: 'track!' },
  ],
  ['without null', { '@excludeWhenNull': at('$.traits.nested') }, { a: { b: 1, c: [1, { d: 2 }] } }],
  [
    'flattened, lists too',
    { '@flatten': { separator: '_', value: at('$.traits.nested') } },
    { a_b: 1, a_c_0: 1, a_c_1_d: 2, e: null },
  ],
  [
    'flattened, lists left alone',
    { '@flatten': { separator: '.', omitArrays: true, value: at('$.traits.nested') } },
    { 'a.b': 1, 'a.c': [1, { d: 2 }], e: null },
  ],
])('%s gives what Segment gives', (_, segment, expected) => {
  expect(run(segment)).toEqual(expected);
});

test.each<[string, JsonValue, string, string]>([
  ['Liquid', { '@liquid': '{{ x }}' }, 'mapping.@liquid', 'left_out'],
  ['JSON in text', { '@json': { mode: 'decode', value: at('$.x') } }, 'mapping.@json', 'left_out'],
  ['text as JSON', { '@json': { mode: 'encode', value: at('$.x') } }, 'mapping.@json', 'differs'],
  ['the length of a list', at('$.properties.products.length'), 'mapping.@path', 'left_out'],
  ['a directive of tomorrow', { '@tomorrow': 1 }, 'mapping.@tomorrow', 'left_out'],
  ['a directive beside other keys', { '@path': '$.x', y: 1 }, 'mapping', 'left_out'],
  ['a condition that Segment refuses', iff({ then: 'y' }), 'mapping.@if', 'left_out'],
  [
    'a replacement with a meaning',
    { '@replace': { pattern: 'a', replacement: '$&', value: at('x') } },
    'mapping.@replace',
    'left_out',
  ],
  [
    'what stands inside something else',
    { a: [{ '@merge': { objects: [at('$.x'), { b: { '@liquid': '' } }], direction: 'right' } }] },
    'mapping.a[0].@merge.objects[1].b.@liquid',
    'left_out',
  ],
])('%s is named with its path', (_, segment, path, kind) => {
  expect(read(segment).remarks).toMatchObject([{ of: 'Mine', path, kind }]);
});
