/** What no directive of Linchpin says is written as a formula. */
import { isJsonObject } from '../../../kernel/json.ts';
import type { JsonObject, JsonValue } from '../../../kernel/json.ts';
import { segmentSteps, toFormulaPath } from './segment-path.ts';

/** A directive of Segment as JSONata; `undefined` for those that have no place in a formula. */
export function expressionOf(directive: JsonValue | undefined): string | undefined {
  if (typeof directive === 'string') return JSON.stringify(directive);
  if (!isJsonObject(directive)) return undefined;
  const { '@path': path, '@replace': replace, '@if': choice } = directive;
  if (typeof path === 'string') return toFormulaPath(segmentSteps(path));
  if (isJsonObject(replace)) return replaceExpression(replace);
  return isJsonObject(choice) ? ifExpression(choice) : undefined;
}

function ifExpression({ exists, blank, then, else: otherwise }: JsonObject): string | undefined {
  const asked = expressionOf(exists ?? blank);
  const found = expressionOf(then);
  const other = otherwise ? expressionOf(otherwise) : '';
  if (asked === undefined || found === undefined || other === undefined) return undefined;
  const isThere = exists === undefined ? `$not($v in [null, "", 0, false])` : '$v != null';
  return `($v := ${asked}; $exists($v) and ${isThere} ? ${found}${other === '' ? '' : ` : ${other}`})`;
}

/** Literal text, all of it unless `global` is false; numbers and flags count as text, anything else is emptied. */
export function replaceExpression(options: JsonObject): string | undefined {
  const {
    pattern,
    replacement,
    pattern2,
    replacement2,
    ignorecase = false,
    global: isGlobal = true,
  } = options;
  const value = expressionOf(options['value']);
  const isOnce = isGlobal === false;
  const first = stepOf(pattern, replacement, ignorecase === true, isOnce);
  const second =
    pattern2 === undefined || pattern2 === ''
      ? ''
      : stepOf(pattern2, replacement2, ignorecase === true, isOnce);
  if (value === undefined || first === undefined || second === undefined) return undefined;
  const replaced = `$replace($string($v), ${first})`;
  return `($v := ${value}; $type($v) in ["string", "number", "boolean"] ? ${second === '' ? replaced : `$replace(${replaced}, ${second})`} : "")`;
}

/** Pattern, replacement and limit of one `$replace`. */
function stepOf(
  pattern: JsonValue | undefined,
  replacement: JsonValue | undefined,
  ignoresCase: boolean,
  isOnce: boolean,
): string | undefined {
  const text = replacement ?? '';
  if (typeof pattern !== 'string' || pattern === '' || typeof text !== 'string') return undefined;
  // `$&` and its kin mean something in a replacement there, and something else here.
  if (text.includes('$')) return undefined;
  const searched = ignoresCase ? caseless(pattern) : JSON.stringify(pattern);
  return `${searched}, ${JSON.stringify(text)}${isOnce ? ', 1' : ''}`;
}

function caseless(pattern: string): string {
  return `/${pattern.replaceAll(/[^\p{L}\p{N}]/gu, String.raw`\$&`)}/i`;
}

/** Nested objects, and arrays unless they are to be left alone, as one object with joined keys. */
export function flattenExpression(options: JsonObject): string | undefined {
  const { separator, omitArrays } = options;
  const value = expressionOf(options['value']);
  if (typeof separator !== 'string' || separator === '' || value === undefined) return undefined;
  const joint = JSON.stringify(separator);
  const key = (name: string): string => `$p = "" ? ${name} : $p & ${joint} & ${name}`;
  const arrays = omitArrays
    ? ''
    : `$type($v) = "array" ? $merge($map($v, function($x, $i) { $flat($x, ${key('$string($i)')}) })) : `;
  return (
    `($flat := function($v, $p) { $type($v) = "object" ? ` +
    `$merge($each($v, function($x, $k) { $flat($x, ${key('$k')}) })) : ${arrays}{ $p: $v } }; ` +
    `$flat(${value}, ""))`
  );
}
