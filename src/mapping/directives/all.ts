/** Every directive under the key that it is written with. */
import { readCase, readDefault, readIf, readLookup } from './choices.ts';
import { readEmail, readNumber, readPhone } from './checked.ts';
import { readEach, readJoin, readMerge, readOmitBlank, readOmitNull } from './collections.ts';
import { readDate } from './date.ts';
import type { ReadDirective } from './directive.ts';
import { readFormula } from './formula.ts';
import { readHash, readLower, readTrim, readUpper } from './text.ts';
import { readLiteral, readPath, readTemplate } from './values.ts';

export const DIRECTIVES: ReadonlyMap<string, ReadDirective> = new Map([
  ['$path', readPath],
  ['$template', readTemplate],
  ['$literal', readLiteral],
  ['$if', readIf],
  ['$case', readCase],
  ['$lookup', readLookup],
  ['$default', readDefault],
  ['$each', readEach],
  ['$join', readJoin],
  ['$merge', readMerge],
  ['$omit_null', readOmitNull],
  ['$omit_blank', readOmitBlank],
  ['$lower', readLower],
  ['$upper', readUpper],
  ['$trim', readTrim],
  ['$hash', readHash],
  ['$date', readDate],
  ['$phone', readPhone],
  ['$email', readEmail],
  ['$number', readNumber],
  ['$formula', readFormula],
]);
