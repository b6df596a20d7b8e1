/**
 * The functions of JSONata that formulas may call, each charging for what it is about to do. Those that are not here
 * would make a formula depend on more than its event (now, millis, random, shuffle), run text as a formula (eval), or
 * have JavaScript's own engine run a pattern made from text (parseInteger, toMillis with a picture).
 */
import { jsonata } from './jsonata.ts';
import type { NativeFunction } from './jsonata.ts';
import { SafeRegex } from './safe-regex.ts';
import { BoundReached } from './work.ts';
import type { Work } from './work.ts';

const TEXT =
  'string length substring substringBefore substringAfter lowercase uppercase trim pad contains split join match replace base64encode base64decode encodeUrl encodeUrlComponent decodeUrl decodeUrlComponent';
const NUMBERS = 'number abs floor ceil round power sqrt formatNumber formatBase sum max min average';
const TRUTH = 'boolean not exists type error assert';
const COLLECTIONS =
  'count append sort reverse distinct zip keys lookup spread merge map filter single reduce sift each';
const DATES = 'fromMillis toMillis';
const NAMES = [TEXT, NUMBERS, TRUTH, COLLECTIONS, DATES].flatMap((names) => names.split(' '));

export const FUNCTION_NAMES: ReadonlySet<string> = new Set(NAMES);

/** Charges for a call, or refuses it, before it is made; beyond the weight of the values it is given. */
type Charge = (work: Work, values: readonly unknown[]) => void;

const lengthOf = (value: unknown): number =>
  typeof value === 'string' || Array.isArray(value) ? value.length : 1;

// Pictures of dates and numbers are short; a width in them (`[Y,9999]`) is a way to ask for padding, and an exponent
// has JSONata divide until a zero is no longer one (1.8.9, observed 2026-11).
const PICTURE_MAX = 60;

const pictured: Charge = (_, [, picture, options]) => {
  const isText = typeof picture === 'string';
  if (isText && (picture.length > PICTURE_MAX || /,[^\]]*\d{3}|[\d#]e/.test(picture))) {
    throw new BoundReached('a picture is too long, names a width of three digits, or has an exponent');
  }
  if (typeof options === 'object') throw new BoundReached('a picture has options');
};

const CHARGES: Readonly<Record<string, Charge>> = {
  pad: (work, [, width]) => {
    work.allowCharacters(Math.abs(Number(width)));
  },
  join: (work, [list, separator]) => {
    const texts: readonly unknown[] = Array.isArray(list) ? list : [list];
    const length = texts.reduce<number>((sum, text) => sum + lengthOf(text), 0);
    work.allowCharacters(length + (separator === undefined ? 0 : texts.length * lengthOf(separator)));
  },
  replace: (work, [text, pattern, replacement]) => {
    const matchesMax = lengthOf(text) / (typeof pattern === 'string' ? Math.max(pattern.length, 1) : 1);
    work.allowCharacters(lengthOf(text) + matchesMax * lengthOf(replacement));
  },
  // Each element is compared with all before it.
  distinct: (work, [list]) => {
    work.weigh(list, lengthOf(list));
  },
  sort: (work, [list]) => {
    work.weigh(list, Math.log2(lengthOf(list) + 1));
  },
  formatNumber: pictured,
  fromMillis: pictured,
  toMillis: (_, [, picture]) => {
    if (picture !== undefined) throw new BoundReached('$toMillis takes no picture here, $date reads dates');
  },
};

/** The functions, charging to `work`. */
export function functionsFor(work: Work): ReadonlyMap<string, NativeFunction> {
  return new Map([...NATIVE].map(([name, native]) => [name, charging(native, CHARGES[name], work)]));
}

function charging(native: NativeFunction, charge: Charge | undefined, work: Work): NativeFunction {
  return {
    ...native,
    // The wrapper's own length is 0, and `$map` and its kin hand over as many values as a function takes.
    arity: native.implementation.length,
    implementation(this: unknown, ...values: unknown[]) {
      work.spend(1);
      for (const value of values) work.weigh(value);
      charge?.(work, values);
      const result = native.implementation.apply(this, values);
      if (!isGenerator(result)) work.weigh(result);
      return result;
    },
  };
}

/** Of functions that call others; what they give is weighed where it is handed on. */
function isGenerator(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'next' in value;
}

/** The functions as JSONata has them: a formula that is only a function's name gives the function. */
const NATIVE: ReadonlyMap<string, NativeFunction> = new Map(
  NAMES.map((name) => [
    name,
    jsonata(`$${name}`, { RegexEngine: SafeRegex }).evaluate(undefined, {}) as NativeFunction, // Bound by the library.
  ]),
);

/** The name under which formulas find `rangeFor`; no formula can write it. */
export const RANGE = '_range';

/** What takes the place of `from..to`, which would fill ten million places before anyone could look. */
export function rangeFor(work: Work): NativeFunction {
  return {
    _jsonata_function: true,
    arity: 2,
    implementation: (from, to) => {
      if (from === undefined || to === undefined) return undefined;
      if (!Number.isInteger(from) || !Number.isInteger(to))
        throw new BoundReached('a range is not of whole numbers');
      const [first, last] = [Number(from), Number(to)];
      if (first > last) return undefined;
      work.allowNodes(last - first + 1);
      const list = Array.from({ length: last - first + 1 }, (_, index) => first + index);
      // The mark by which JSONata tells a list that joins the one around it from one that is an element.
      return Object.defineProperty(list, 'sequence', { value: true, enumerable: false });
    },
  };
}
