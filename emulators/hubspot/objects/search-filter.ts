/** One filter of a search: what it lets through, and how a search comes by it without looking at every record. */
import { invalid } from '../errors.ts';
import type { Property } from '../properties/property.ts';
import type { ObjectRecord } from './object-record.ts';

export const OPERATORS = [
  'EQ',
  'NEQ',
  'LT',
  'LTE',
  'GT',
  'GTE',
  'BETWEEN',
  'IN',
  'NOT_IN',
  'HAS_PROPERTY',
  'NOT_HAS_PROPERTY',
  'CONTAINS_TOKEN',
  'NOT_CONTAINS_TOKEN',
] as const;
export type Operator = (typeof OPERATORS)[number];

export type Test = (record: ObjectRecord) => boolean;
export type Read = (record: ObjectRecord) => string | undefined;

export interface Operands {
  readonly value: string | undefined;
  readonly highValue: string | undefined;
  readonly values: readonly string[] | undefined;
}

export function makeTest(read: Read, property: Property, operator: Operator, operands: Operands): Test {
  const need = (key: 'value' | 'highValue'): string => requireOperand(property, operator, operands, key);
  const ordered = (holds: (difference: number) => boolean, key: 'value' | 'highValue' = 'value'): Test => {
    const compare = compareWith(property, need(key));
    return (record) => {
      const own = read(record);
      return own !== undefined && holds(compare(own));
    };
  };
  const isAmong = (): Test => {
    // Documented for text: values must be lower case, and what is compared with them is lowered.
    const wanted = new Set(requireValues(property, operator, operands));
    return (record) => {
      const own = read(record);
      return own !== undefined && wanted.has(property.type === 'string' ? own.toLowerCase() : own);
    };
  };
  const not =
    (test: Test): Test =>
    (record) =>
      !test(record);
  switch (operator) {
    case 'EQ':
      return ordered((difference) => difference === 0);
    case 'NEQ':
      return not(ordered((difference) => difference === 0));
    case 'LT':
      return ordered((difference) => difference < 0);
    case 'LTE':
      return ordered((difference) => difference <= 0);
    case 'GT':
      return ordered((difference) => difference > 0);
    case 'GTE':
      return ordered((difference) => difference >= 0);
    case 'BETWEEN': {
      const low = ordered((difference) => difference >= 0);
      const high = ordered((difference) => difference <= 0, 'highValue');
      return (record) => low(record) && high(record);
    }
    case 'IN':
      return isAmong();
    case 'NOT_IN':
      return not(isAmong());
    case 'HAS_PROPERTY':
    case 'NOT_HAS_PROPERTY':
      if (operands.value !== undefined)
        throw invalid(`Operator ${operator} on "${property.name}" takes no value`);
      return operator === 'HAS_PROPERTY'
        ? (record) => read(record) !== undefined
        : (record) => read(record) === undefined;
    case 'CONTAINS_TOKEN':
      return holdsToken(read, need('value'));
    case 'NOT_CONTAINS_TOKEN':
      return not(holdsToken(read, need('value')));
  }
}

/** The bounds, both included, that a comparison sets to a whole number: an id or a time in milliseconds. */
export function boundsOf(
  property: Property,
  operator: Operator,
  operands: Operands,
): readonly [low: number, high: number] | undefined {
  const number = (key: 'value' | 'highValue'): number =>
    toNumber(property, requireOperand(property, operator, operands, key));
  const bounds = rawBounds(operator, number);
  // What is no number at all bounds everything out.
  return bounds?.some(Number.isNaN) === true ? [Infinity, -Infinity] : bounds;
}

function rawBounds(
  operator: Operator,
  number: (key: 'value' | 'highValue') => number,
): readonly [low: number, high: number] | undefined {
  switch (operator) {
    case 'EQ':
      return [number('value'), number('value')];
    case 'LT':
      return [-Infinity, Math.ceil(number('value')) - 1];
    case 'LTE':
      return [-Infinity, number('value')];
    case 'GT':
      return [Math.floor(number('value')) + 1, Infinity];
    case 'GTE':
      return [number('value'), Infinity];
    case 'BETWEEN':
      return [number('value'), number('highValue')];
    case 'NEQ':
    case 'IN':
    case 'NOT_IN':
    case 'HAS_PROPERTY':
    case 'NOT_HAS_PROPERTY':
    case 'CONTAINS_TOKEN':
    case 'NOT_CONTAINS_TOKEN':
      return undefined;
  }
}

export function requireValues(property: Property, operator: Operator, operands: Operands): readonly string[] {
  const { values } = operands;
  if (values === undefined || values.length === 0)
    throw invalid(`Operator ${operator} on "${property.name}" needs values`);
  return values;
}

export function requireOperand(
  property: Property,
  operator: Operator,
  operands: Operands,
  key: 'value' | 'highValue',
): string {
  const operand = operands[key];
  if (operand === undefined || operand === '')
    throw invalid(`Operator ${operator} on "${property.name}" needs a ${key}`);
  return operand;
}

/** A token is a word between blanks or separators; an address is also one as a whole. `*` is a wildcard. */
function holdsToken(read: Read, wanted: string): Test {
  const parts = wanted
    .toLowerCase()
    .split('*')
    .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  const pattern = new RegExp(`^${parts.join('.*')}$`);
  return (record) => {
    const own = read(record)?.toLowerCase();
    if (own === undefined) return false;
    return [own, ...own.split(/[;\s]+/), ...own.split(/[^\p{L}\p{N}]+/u)].some((token) =>
      pattern.test(token),
    );
  };
}

/** How a value stands to a fixed other: below (negative), equal (0) or above. */
function compareWith(property: Property, other: string): (own: string) => number {
  switch (property.type) {
    case 'number':
    case 'date':
    case 'datetime': {
      const limit = toNumber(property, other);
      return (own) => toNumber(property, own) - limit;
    }
    case 'bool':
    case 'enumeration':
      return (own) => order(own, other);
    case 'string':
    case 'phone_number': {
      const lowered = other.toLowerCase();
      return (own) => order(own.toLowerCase(), lowered);
    }
  }
}

export function compareValues(property: Property, own: string, other: string): number {
  return compareWith(property, other)(own);
}

function toNumber(property: Property, text: string): number {
  if (property.type === 'number') return Number(text);
  return /^-?\d+$/.test(text) ? Number(text) : Date.parse(text);
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
