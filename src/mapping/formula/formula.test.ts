import fc from 'fast-check';
import library from 'jsonata';
import { expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../kernel/json.ts';
import { compileFormula, FormulaFailed } from './formula.ts';

const EVENT: JsonObject = {
  traits: { first: 'Ada', last: 'Lovelace', tags: ['b', 'a', 'b'], born: '1815-12-10T00:00:00.000Z' },
  properties: {
    products: [
      { name: 'p1', price: 10, qty: 2 },
      { name: 'p2', price: 2.5, qty: 4 },
    ],
  },
};

/** What people write; each means what it means in JSONata without bounds. */
const USUAL: readonly string[] = [
  'traits.first & " " & traits.last',
  '$sum(properties.products.(price * qty))',
  'properties.products[price > 5].name',
  'properties.products[0].name',
  'properties.products^(>price).name',
  'properties.products{name: price}',
  '$map(properties.products, function($p, $i){ $p.name & $string($i) })',
  '$map(["a", "b"], $uppercase)',
  '$filter(traits.tags, function($t){ $t = "b" })',
  '$reduce(properties.products.price, function($a, $b){ $a + $b })',
  '$sift(traits, function($v, $k){ $k ~> /st$/ })',
  '$each(properties.products[0], function($v, $k){ $k & "=" & $string($v) })',
  '$join($distinct(traits.tags), ",")',
  '$sort(traits.tags)',
  '$sort(properties.products, function($a, $b){ $a.price > $b.price }).name',
  '[1..3].($ * $)',
  '[1..3, 7]',
  '[[1..2], [3..4]]',
  '[5..1]',
  '$count([1..10])',
  '$substring(traits.last, 0, 4)',
  '$substringBefore("a@b", "@")',
  '$uppercase(traits.first) ~> $length',
  '$replace("a-b-c", "-", "+")',
  '$replace("John Smith", /(\\w+) (\\w+)/, "$2, $1")',
  '$replace("a1b22", /\\d+/, function($m){ "<" & $m.match & ">" })',
  '$match("a1b22", /([a-z])(\\d+)/)',
  '$split("a, b,c", /,\\s*/)',
  '$contains("ABC", /b/i)',
  '$split("a,b,c", ",", 2)',
  '$pad("5", -3, "0")',
  '$trim("  a  b ")',
  '$number("12.5") + 1',
  '$round(2.345, 2)',
  '$formatNumber(1234.5, "#,##0.00")',
  '$formatBase(255, 16)',
  '$fromMillis($toMillis(traits.born), "[D01]/[M01]/[Y0001]")',
  '$exists(traits.none) ? 1 : "no"',
  '$merge([traits, {"first": "x"}])',
  '$lookup(traits, "first")',
  '$keys(traits)',
  '$zip([1, 2], ["a", "b"])',
  '"a" in traits.tags and traits.first != "Eva"',
  '$type(traits.tags)',
  '$base64encode("a")',
  '$encodeUrlComponent("a b")',
  '($f := function($n){ $n <= 1 ? 1 : $n * $f($n - 1) }; $f(10))',
  'properties.products.%.%.traits.first',
  'properties.products@$p.{"n": $p.name}',
  'properties.products#$i.{"i": $i}',
  '**.price',
  '$string({"a": [1, null]})',
  '$boolean([])',
  'nothing.at.all',
];

test.each(USUAL)('%s means what it means without bounds', (formula) => {
  const compiled = compileFormula(formula);
  if (!compiled.ok) throw new Error(compiled.refusals.map(({ message }) => message).join('\n'));
  const free = library(formula).evaluate(EVENT) as unknown;
  const expected = free === undefined ? undefined : (JSON.parse(JSON.stringify(free)) as JsonValue);
  expect(compiled.formula.evaluate(EVENT, EVENT)).toEqual(expected);
});

test('no text and no event make a formula throw anything but its fault', () => {
  const word = fc.constantFrom(...'a . $ $$ ( ) [ ] { } "x" : 1 .. & * ** ~>'.split(' '));
  const call = fc.constantFrom(
    ...'$map( $sum( $string( $split( function($v){ $v /a/ ^( @$p #$i % , ?'.split(' '),
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(fc.oneof(word, call), { maxLength: 12 }).map((words) => words.join('')),
  );
  fc.assert(
    fc.property(
      text,
      fc.dictionary(fc.constantFrom('a', 'b', '_jsonata_lambda'), fc.jsonValue()),
      (formula, event) => {
        const compiled = compileFormula(formula);
        if (!compiled.ok) return;
        try {
          compiled.formula.evaluate(event as JsonObject, {});
        } catch (error) {
          expect(error).toBeInstanceOf(FormulaFailed);
        }
      },
    ),
    { numRuns: 400 },
  );
});
