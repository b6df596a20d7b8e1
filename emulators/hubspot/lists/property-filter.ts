import { invalid, notEmulated } from '../errors.ts';
import type { Fields } from '../input.ts';

type ValueTest = (value: string) => boolean;

/** A test of one value; undefined is a record that has none. */
export function testProperty(operation: Fields): (value: string | undefined) => boolean {
  const operator = String(operation['operator']);
  const type = String(operation['operationType']);
  if (type === 'ALL_PROPERTY') {
    if (operator === 'IS_KNOWN') return (value) => value !== undefined;
    if (operator === 'IS_UNKNOWN' || operator === 'IS_NOT_KNOWN') return (value) => value === undefined;
    throw notEmulated(`the list filter operator ${operator} of ${type}`);
  }
  const test = testOf(type, operator, operation);
  const isUnknownIn = operation['includeObjectsWithNoValueSet'] === true;
  return (value) => (value === undefined ? isUnknownIn : test(value));
}

function testOf(type: string, operator: string, operation: Fields): ValueTest {
  switch (type) {
    case 'STRING':
      return textTest(type, operator, [required(operation, 'value')]);
    case 'MULTISTRING':
      return textTest(type, operator, valuesOf(operation));
    case 'ENUMERATION':
      return choiceTest(type, operator, valuesOf(operation));
    case 'BOOL':
      return equality(type, operator, required(operation, 'value'));
    case 'NUMBER':
      return numberTest(type, operator, Number(required(operation, 'value')));
    case 'NUMBER_RANGED':
      return rangeTest(
        type,
        operator,
        Number(required(operation, 'lowerBound')),
        Number(required(operation, 'upperBound')),
      );
    default:
      throw notEmulated(`list filters of the operation type ${type}`);
  }
}

/** Case makes no difference to text (as on HubSpot's pages). Of several values one is enough; of none of them all. */
function textTest(type: string, operator: string, values: readonly string[]): ValueTest {
  const wanted = values.map((value) => value.toLowerCase());
  const any = (fits: (text: string, part: string) => boolean): ValueTest => {
    return (value) => wanted.some((part) => fits(value.toLowerCase(), part));
  };
  const not =
    (test: ValueTest): ValueTest =>
    (value) =>
      !test(value);
  const isEqual = any((text, part) => text === part);
  const contains = any((text, part) => text.includes(part));
  switch (operator) {
    case 'IS_EQUAL_TO':
      return isEqual;
    case 'IS_NOT_EQUAL_TO':
      return not(isEqual);
    case 'CONTAINS':
      return contains;
    case 'DOES_NOT_CONTAIN':
      return not(contains);
    case 'STARTS_WITH':
      return any((text, part) => text.startsWith(part));
    case 'ENDS_WITH':
      return any((text, part) => text.endsWith(part));
    default:
      return unknownOperator(type, operator);
  }
}

/** Several choices of one property are separated by semicolons. */
function choiceTest(type: string, operator: string, wanted: readonly string[]): ValueTest {
  const held = (value: string): string[] => value.split(';').filter((part) => part !== '');
  const hasAny: ValueTest = (value) => held(value).some((part) => wanted.includes(part));
  const hasAll: ValueTest = (value) => wanted.every((part) => held(value).includes(part));
  const isExactly: ValueTest = (value) => hasAll(value) && held(value).length === new Set(wanted).size;
  switch (operator) {
    case 'IS_ANY_OF':
      return hasAny;
    case 'IS_NONE_OF':
      return (value) => !hasAny(value);
    case 'CONTAINS_ALL':
      return hasAll;
    case 'DOES_NOT_CONTAIN_ALL':
      return (value) => !hasAll(value);
    case 'IS_EXACTLY':
      return isExactly;
    case 'IS_NOT_EXACTLY':
      return (value) => !isExactly(value);
    default:
      return unknownOperator(type, operator);
  }
}

function equality(type: string, operator: string, wanted: string): ValueTest {
  if (operator === 'IS_EQUAL_TO') return (value) => value === wanted;
  if (operator === 'IS_NOT_EQUAL_TO') return (value) => value !== wanted;
  return unknownOperator(type, operator);
}

function numberTest(type: string, operator: string, wanted: number): ValueTest {
  const tests: Readonly<Record<string, (value: number) => boolean>> = {
    IS_EQUAL_TO: (value) => value === wanted,
    IS_NOT_EQUAL_TO: (value) => value !== wanted,
    IS_GREATER_THAN: (value) => value > wanted,
    IS_GREATER_THAN_OR_EQUAL_TO: (value) => value >= wanted,
    IS_LESS_THAN: (value) => value < wanted,
    IS_LESS_THAN_OR_EQUAL_TO: (value) => value <= wanted,
  };
  const test = tests[operator] ?? unknownOperator(type, operator);
  return (value) => test(Number(value));
}

function rangeTest(type: string, operator: string, low: number, high: number): ValueTest {
  const isBetween: ValueTest = (value) => Number(value) >= low && Number(value) <= high;
  if (operator === 'IS_BETWEEN') return isBetween;
  if (operator === 'IS_NOT_BETWEEN') return (value) => !isBetween(value);
  return unknownOperator(type, operator);
}

function required(operation: Fields, key: string): string {
  const value = operation[key];
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return String(value);
  throw invalid(`Some required fields were not set: [${key}]`);
}

function valuesOf(operation: Fields): string[] {
  const { values } = operation;
  if (Array.isArray(values) && values.length > 0) return values.map(String);
  throw invalid('Some required fields were not set: [values]');
}

function unknownOperator(type: string, operator: string): never {
  throw notEmulated(`the list filter operator ${operator} of ${type}`);
}
