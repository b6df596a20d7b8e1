/** What a condition may ask of a value: every operator with what it takes and when it holds. Pure. */
import type { JsonValue } from '../../kernel/json.ts';
import { parseDuration, parseInstant } from '../instant.ts';

export type Actual = JsonValue | undefined;

/** What an operator is given: read once, so that evaluation only compares. */
interface Operand<Read> {
  /** `undefined` when the operand cannot be read. */
  readonly read: (written: JsonValue) => Read | undefined;
  /** What may be written, for an error. */
  readonly words: string;
}

type Scalar = string | number | boolean;

const SCALAR: Operand<Scalar> = {
  read: (written) =>
    typeof written === 'string' || typeof written === 'number' || typeof written === 'boolean'
      ? written
      : undefined,
  words: 'a text, a number, true or false',
};

const TEXT: Operand<string> = {
  read: (written) => (typeof written === 'string' && written !== '' ? written : undefined),
  words: 'a text that is not empty',
};

const NUMBER: Operand<number> = { read: (written) => toNumber(written), words: 'a number' };

const LIST: Operand<readonly Scalar[]> = {
  read: (written) => {
    if (!Array.isArray(written) || written.length === 0) return undefined;
    const read = (written as readonly JsonValue[]).map((item) => SCALAR.read(item));
    return read.every((item) => item !== undefined) ? read : undefined;
  },
  words: 'a list of texts, numbers, true or false, with at least one',
};

const FLAG: Operand<boolean> = {
  read: (written) => (typeof written === 'boolean' ? written : undefined),
  words: 'true or false',
};

const TRUE: Operand<true> = {
  read: (written) => (written === true ? true : undefined),
  words: 'true',
};

const INSTANT: Operand<number> = {
  read: (written) => toMs(written),
  words: 'a day such as 2026-11-21 (midnight in UTC), or a date and time with zone',
};

const DURATION: Operand<number> = {
  read: (written) => (typeof written === 'string' ? parseDuration(written) : undefined),
  words: 'a span such as "30 minutes", "12 hours", "7 days" or "2 weeks"',
};

/** What is left of an operator once its operand is read. */
export type Holds = (actual: Actual, nowMs: number) => boolean;

export interface Operator {
  readonly words: string;
  /** `undefined` when the operand cannot be read. */
  readonly bind: (written: JsonValue) => Holds | undefined;
}

function operator<Read>(
  { read, words }: Operand<Read>,
  holds: (actual: Actual, operand: Read, nowMs: number) => boolean,
): Operator {
  return {
    words,
    bind: (written) => {
      const operand = read(written);
      return operand === undefined ? undefined : (actual, nowMs) => holds(actual, operand, nowMs);
    },
  };
}

/** Holds whenever the other does not; so a value that is missing does "not equal", "not contain", and so on. */
function not(other: Operator): Operator {
  return {
    words: other.words,
    bind: (written) => {
      const holds = other.bind(written);
      return holds === undefined ? undefined : (actual, nowMs) => !holds(actual, nowMs);
    },
  };
}

const compare = (holds: (actual: number, operand: number) => boolean): Operator =>
  operator(NUMBER, (actual, operand) => {
    const number = toNumber(actual);
    return number !== undefined && holds(number, operand);
  });

const inTime = (operand: Operand<number>, holds: (ms: number, operand: number, nowMs: number) => boolean) =>
  operator(operand, (actual, bound, nowMs) => {
    const ms = toMs(actual);
    return ms !== undefined && holds(ms, bound, nowMs);
  });

const equals = operator(SCALAR, (actual, operand) => actual === operand);
const numberEquals = compare((actual, operand) => actual === operand);
const contains = operator(SCALAR, (actual, operand) => containsOne(actual, operand));
const startsWith = operator(
  TEXT,
  (actual, operand) => typeof actual === 'string' && actual.startsWith(operand),
);
const endsWith = operator(TEXT, (actual, operand) => typeof actual === 'string' && actual.endsWith(operand));
const exists = operator(FLAG, (actual, operand) => (actual !== undefined && actual !== null) === operand);
const equalsAnyOf = operator(LIST, (actual, operand) => operand.some((one) => one === actual));
const containsAnyOf = operator(LIST, (actual, operand) => operand.some((one) => containsOne(actual, one)));

/** Every operator under the name that a condition gives it. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ['equals', equals],
  ['not_equals', not(equals)],
  ['number_equals', numberEquals],
  ['number_not_equals', not(numberEquals)],
  ['less_than', compare((actual, operand) => actual < operand)],
  ['at_most', compare((actual, operand) => actual <= operand)],
  ['more_than', compare((actual, operand) => actual > operand)],
  ['at_least', compare((actual, operand) => actual >= operand)],
  ['contains', contains],
  ['not_contains', not(contains)],
  ['starts_with', startsWith],
  ['not_starts_with', not(startsWith)],
  ['ends_with', endsWith],
  ['not_ends_with', not(endsWith)],
  ['exists', exists],
  ['not_exists', not(exists)],
  ['is_true', operator(TRUE, (actual) => actual === true)],
  ['is_false', operator(TRUE, (actual) => actual === false)],
  ['equals_any_of', equalsAnyOf],
  ['not_equals_any_of', not(equalsAnyOf)],
  ['contains_any_of', containsAnyOf],
  ['not_contains_any_of', not(containsAnyOf)],
  ['before', inTime(INSTANT, (ms, bound) => ms < bound)],
  ['after', inTime(INSTANT, (ms, bound) => ms > bound)],
  ['within_last', inTime(DURATION, (ms, span, nowMs) => ms >= nowMs - span && ms <= nowMs)],
  ['within_next', inTime(DURATION, (ms, span, nowMs) => ms >= nowMs && ms <= nowMs + span)],
  ['before_last', inTime(DURATION, (ms, span, nowMs) => ms < nowMs - span)],
  ['after_next', inTime(DURATION, (ms, span, nowMs) => ms > nowMs + span)],
]);

/** A part of a text, or an element of a list. */
function containsOne(actual: Actual, operand: Scalar): boolean {
  if (typeof actual === 'string') return actual.includes(String(operand));
  return Array.isArray(actual) && (actual as readonly JsonValue[]).includes(operand);
}

/** A number, or text that is one and nothing else. */
export function toNumber(value: Actual): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !/^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?\s*$/i.test(value))
    return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** A day is midnight in UTC; a date and time without a zone is nobody's, and no moment. */
function toMs(value: Actual): number | undefined {
  const instant = typeof value === 'string' ? parseInstant(value) : undefined;
  if (instant === undefined) return undefined;
  return instant.hasZone || /^\d{4}-\d\d-\d\d$/.test((value as string).trim()) ? instant.ms : undefined; // Text, above.
}
