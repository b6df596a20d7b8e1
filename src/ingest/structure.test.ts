import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonObject } from '../kernel/json.ts';
import { findStructureFault, isSuspect, toKeptText } from './structure.ts';

test.each([
  String.raw`{"a":"\u0000"}`,
  String.raw`{"a":"\uD83D"}`,
  String.raw`{"a":"\udc00"}`,
  String.raw`{"\u005f_proto__":1}`,
  '{"__proto__":1}',
  '{"constructor":1}',
  '{"prototype" :1}',
  '{"a":1e999}',
  '[ -1.5E+400]',
  `{"a": ${'9'.repeat(400)}}`,
])('%s wants the thorough check', (text) => {
  expect(isSuspect(text)).toBe(true);
});

test.each([
  String.raw`{"a":"caf\u00e9 \u4e2d"}`,
  '{"a":"3e123","b":1e21}',
  `{"messageId":"node-next-1700000000-5e123456-1e99-4e10-8e100-1e9999999999"}`,
])('%s does not', (text) => {
  expect(isSuspect(text)).toBe(false);
});

test('whatever the thorough check refuses, the quick look at the text has suspected', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('a\0', '\ud800', '__proto__', 'constructor', 'prototype', '\udfff-'),
  );
  const tree = fc.letrec<{ node: unknown }>((tie) => ({
    node: fc.oneof(
      { depthSize: 'small' },
      text,
      fc.double(),
      fc.array(tie('node'), { maxLength: 3 }),
      fc.array(fc.tuple(text, tie('node')), { maxLength: 3 }).map((entries) => Object.fromEntries(entries)),
    ),
  })).node;
  fc.assert(
    fc.property(tree, (value) => {
      const written = JSON.stringify({ value });
      const fault = findStructureFault(JSON.parse(written) as JsonObject, '', true);
      expect(fault === undefined || isSuspect(written)).toBe(true);
    }),
  );
});

test('a refused item is kept as text however deep it is, without its write key', () => {
  let item: object = {};
  for (let level = 0; level < 100_000; level += 1) item = { a: item };
  const text = toKeptText({ writeKey: 'wk', item });
  expect(text).toContain('(cut: nested too deep)');
  expect(text).not.toContain('wk');
});
