import type { EmulatorRequest } from '../../core/index.ts';
import { valueOf } from './computed.ts';
import { invalid, notEmulated } from '../errors.ts';
import { isFields, readList, readText, readTexts, wrongType } from '../input.ts';
import type { Fields } from '../input.ts';
import type { ObjectCall } from './object-call.ts';
import type { ObjectRecord } from './object-record.ts';
import type { Property } from '../properties/property.ts';

export interface SearchQuery {
  readonly matches: (record: ObjectRecord) => boolean;
  /** Absent for the default, ascending creation. */
  readonly compare: ((a: ObjectRecord, b: ObjectRecord) => number) | undefined;
  readonly properties: readonly string[];
  readonly limit: number;
  readonly offset: number;
}

type Test = (record: ObjectRecord) => boolean;
type Read = (record: ObjectRecord) => string | undefined;

// All five from the search guide, 2026-04; older and newer texts name other figures for the first three.
const GROUPS_MAX = 5;
const FILTERS_PER_GROUP_MAX = 6;
const FILTERS_MAX = 18;
const PAGE_MAX = 200;
const WINDOW = 10_000;
const BODY_LENGTH_MAX = 3_000;
const PAGE_DEFAULT = 10;

const OPERATORS = [
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
type Operator = (typeof OPERATORS)[number];

/** Reads a search; the rules are documented, the wordings of the refusals assumed. */
export function parseSearch(call: ObjectCall, body: Fields): SearchQuery {
  const { request, type } = call;
  const { searchable } = type;
  if (request.body.toString('utf8').length > BODY_LENGTH_MAX) {
    throw invalid(`The search request is too long; at most ${BODY_LENGTH_MAX} characters are allowed`);
  }
  const limit = Number(readText(request, body, 'limit') ?? PAGE_DEFAULT);
  if (!Number.isInteger(limit) || limit < 0 || limit > PAGE_MAX) {
    throw invalid(`The limit must be between 0 and ${PAGE_MAX}`);
  }
  const offset = Number(readText(request, body, 'after') ?? '0');
  if (!Number.isInteger(offset) || offset < 0)
    throw invalid('The after parameter must be a non-negative integer');
  if (offset >= WINDOW || offset + limit > WINDOW)
    throw invalid(`Cannot page beyond ${WINDOW} results in a single search`);
  const groups = parseGroups(call, body);
  const words = (readText(request, body, 'query') ?? '').toLowerCase();
  return {
    matches: (record) =>
      (groups.length === 0 || groups.some((group) => group.every((test) => test(record)))) &&
      (words === '' ||
        searchable.some((name) => read(call, record, name)?.toLowerCase().includes(words) === true)),
    compare: parseSort(call, body),
    properties: readTexts(request, body, 'properties') ?? [],
    limit,
    offset,
  };
}

function parseGroups(call: ObjectCall, body: Fields): Test[][] {
  const { request } = call;
  const given = readList(request, body, 'filterGroups') ?? [];
  if (given.length > GROUPS_MAX) throw invalid(`Too many filter groups; at most ${GROUPS_MAX} are allowed`);
  const groups = given.map((group) => {
    if (!isFields(group)) return wrongType(request, 'filterGroups', 'object', group);
    return readList(request, group, 'filters') ?? [];
  });
  const count = groups.reduce((sum, filters) => sum + filters.length, 0);
  if (count > FILTERS_MAX || groups.some((filters) => filters.length > FILTERS_PER_GROUP_MAX)) {
    throw invalid(
      `Too many filters; at most ${FILTERS_PER_GROUP_MAX} per group and ${FILTERS_MAX} in all are allowed`,
    );
  }
  return groups.map((filters) =>
    filters.map((filter) =>
      isFields(filter) ? parseFilter(call, filter) : wrongType(request, 'filters', 'object', filter),
    ),
  );
}

function parseFilter(call: ObjectCall, filter: Fields): Test {
  const { request, properties } = call;
  const name = readText(request, filter, 'propertyName') ?? '';
  if (name.startsWith('associations.')) throw notEmulated('search by associations');
  const property = properties.find(name);
  if (property === undefined) throw invalid(`Property "${name}" does not exist`);
  const given = readText(request, filter, 'operator') ?? '';
  const operator = OPERATORS.find((known) => known === given);
  if (operator === undefined) throw invalid(`Unknown operator "${given}". Valid: [${OPERATORS.join(', ')}]`);
  const value = readText(request, filter, 'value');
  const highValue = readText(request, filter, 'highValue');
  const values = readTexts(request, filter, 'values');
  return makeTest((record) => read(call, record, name), property, operator, { value, highValue, values });
}

interface Operands {
  readonly value: string | undefined;
  readonly highValue: string | undefined;
  readonly values: readonly string[] | undefined;
}

function makeTest(read: Read, property: Property, operator: Operator, operands: Operands): Test {
  const need = (key: keyof Operands): string => {
    const operand = operands[key];
    if (typeof operand !== 'string' || operand === '')
      throw invalid(`Operator ${operator} on "${property.name}" needs a ${key}`);
    return operand;
  };
  const ordered = (holds: (difference: number) => boolean, key: 'value' | 'highValue' = 'value'): Test => {
    const limit = need(key);
    return (record) => {
      const own = read(record);
      return own !== undefined && holds(compareValues(property, own, limit));
    };
  };
  const isAmong = (): Test => {
    const { values } = operands;
    if (values === undefined || values.length === 0)
      throw invalid(`Operator ${operator} on "${property.name}" needs values`);
    // Documented for text: values must be lower case, and what is compared with them is lowered.
    const wanted = new Set(values);
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

function read({ type, portal }: ObjectCall, record: ObjectRecord, name: string): string | undefined {
  return valueOf(record, name, type, portal);
}

function compareValues(property: Property, own: string, other: string): number {
  switch (property.type) {
    case 'number':
      return Number(own) - Number(other);
    case 'date':
    case 'datetime':
      return toMs(own) - toMs(other);
    case 'bool':
    case 'enumeration':
      return order(own, other);
    case 'string':
    case 'phone_number':
      return order(own.toLowerCase(), other.toLowerCase());
  }
}

function toMs(text: string): number {
  return /^-?\d+$/.test(text) ? Number(text) : Date.parse(text);
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function parseSort(call: ObjectCall, body: Fields): SearchQuery['compare'] {
  const { request, properties } = call;
  const sorts = readList(request, body, 'sorts') ?? [];
  if (sorts.length > 1) throw invalid('Only one sort is allowed');
  const [sort] = sorts;
  if (sort === undefined) return undefined;
  const { name, isDown } = readSort(request, sort);
  const property = properties.find(name);
  if (property === undefined) throw invalid(`Property "${name}" does not exist`);
  return (a, b) => {
    const [left, right] = [read(call, a, name), read(call, b, name)];
    // Records without the value come last whichever the direction (assumed).
    if (left === undefined || right === undefined)
      return Number(left === undefined) - Number(right === undefined);
    return compareValues(property, left, right) * (isDown ? -1 : 1);
  };
}

/** `{"propertyName": "city", "direction": "DESCENDING"}`, or `"-city"`. */
function readSort(
  request: EmulatorRequest,
  sort: unknown,
): { readonly name: string; readonly isDown: boolean } {
  if (typeof sort === 'string') return { name: sort.replace(/^-/, ''), isDown: sort.startsWith('-') };
  if (!isFields(sort)) return wrongType(request, 'sorts', 'object', sort);
  return { name: readText(request, sort, 'propertyName') ?? '', isDown: sort['direction'] === 'DESCENDING' };
}
