/** Reads a search; the rules are documented, the wordings of the refusals assumed. */
import { invalid } from '../errors.ts';
import { isFields, readList, readText, readTexts, wrongType } from '../input.ts';
import type { Fields } from '../input.ts';
import type { Property } from '../properties/property.ts';
import { valueOf } from './computed.ts';
import type { ObjectCall } from './object-call.ts';
import type { ObjectRecord } from './object-record.ts';
import { boundsOf, makeTest, OPERATORS, requireValues } from './search-filter.ts';
import type { Operands, Operator, Test } from './search-filter.ts';

export interface SearchQuery {
  /** A record is found when all filters of one group let it through; without groups, in any case. */
  readonly groups: readonly (readonly SearchFilter[])[];
  /** Free text in lower case, and where it is looked for. */
  readonly words: string;
  /** Absent for the default, ascending creation. */
  readonly sort: SearchSort | undefined;
  readonly properties: readonly string[];
  readonly limit: number;
  readonly offset: number;
}

/** What columns hold: the id and the two times of a record. */
export type Column = 'id' | 'createdAt' | 'updatedAt';

export interface SearchFilter {
  readonly test: Test;
  /** The whole of the filter as bounds of a column, both included. */
  readonly bounds?: { readonly column: Column; readonly low: number; readonly high: number };
  /** Texts, in lower case, one of which the property must equal. */
  readonly texts?: { readonly property: string; readonly keys: readonly string[] };
  /** The only records that can pass. */
  readonly ids?: readonly string[];
}

export interface SearchSort {
  readonly property: Property;
  readonly column: Column | undefined;
  readonly isDown: boolean;
}

// All five from the search guide, 2026-04; older and newer texts name other figures for the first three.
const GROUPS_MAX = 5;
const FILTERS_PER_GROUP_MAX = 6;
const FILTERS_MAX = 18;
const PAGE_MAX = 200;
const WINDOW = 10_000;
const BODY_LENGTH_MAX = 3_000;
const PAGE_DEFAULT = 10;

export function parseSearch(call: ObjectCall, body: Fields): SearchQuery {
  const { request } = call;
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
  return {
    groups: parseGroups(call, body),
    words: (readText(request, body, 'query') ?? '').toLowerCase(),
    sort: parseSort(call, body),
    properties: readTexts(request, body, 'properties') ?? [],
    limit,
    offset,
  };
}

function parseGroups(call: ObjectCall, body: Fields): SearchFilter[][] {
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

const LINKED = 'associations.';

function parseFilter(call: ObjectCall, filter: Fields): SearchFilter {
  const { request, properties, type, portal } = call;
  const name = readText(request, filter, 'propertyName') ?? '';
  const given = readText(request, filter, 'operator') ?? '';
  const operator = OPERATORS.find((known) => known === given);
  const operands: Operands = {
    value: readText(request, filter, 'value'),
    highValue: readText(request, filter, 'highValue'),
    values: readTexts(request, filter, 'values'),
  };
  const property = properties.find(name);
  if (property === undefined && !name.startsWith(LINKED)) throw invalid(`Property "${name}" does not exist`);
  if (operator === undefined) throw invalid(`Unknown operator "${given}". Valid: [${OPERATORS.join(', ')}]`);
  if (property === undefined) return parseLinked(call, name.slice(LINKED.length), operator, operands);
  const test = makeTest((record) => valueOf(record, name, type, portal), property, operator, operands);
  const column = columnOf(call, name);
  const bounds = column === undefined ? undefined : boundsOf(property, operator, operands);
  if (column !== undefined && bounds !== undefined) {
    return { test, bounds: { column, low: bounds[0], high: bounds[1] } };
  }
  if (column === 'id' && operator === 'IN') return { test, ids: requireValues(property, operator, operands) };
  // Computed text is left out: an index of it would not see what it is computed from.
  if (property.type === 'string' && !property.readOnlyValue && (operator === 'EQ' || operator === 'IN')) {
    const texts = operator === 'EQ' ? [operands.value ?? ''] : requireValues(property, operator, operands);
    const keys = operator === 'EQ' ? texts.map((text) => text.toLowerCase()) : texts;
    return { test, texts: { property: name, keys } };
  }
  return { test };
}

/** `associations.company`: records linked with one of these; documented for HubSpot's own objects only. */
function parseLinked(call: ObjectCall, name: string, operator: Operator, operands: Operands): SearchFilter {
  const { portal, type } = call;
  const { associations } = portal;
  const to = portal.types.find(name);
  if (to === undefined || to.fullyQualifiedName !== undefined)
    throw invalid(`Property "${LINKED}${name}" does not exist`);
  const linkedIds = ({ id }: ObjectRecord): readonly string[] => associations.idsOf(type.id, id, to.id);
  switch (operator) {
    case 'HAS_PROPERTY':
      return { test: (record) => linkedIds(record).length > 0 };
    case 'NOT_HAS_PROPERTY':
      return { test: (record) => linkedIds(record).length === 0 };
    case 'EQ':
    case 'IN': {
      const wanted = new Set(operator === 'EQ' ? [operands.value ?? ''] : (operands.values ?? []));
      const ids = [...wanted].flatMap((id) => associations.idsOf(to.id, id, type.id));
      return { test: (record) => linkedIds(record).some((id) => wanted.has(id)), ids };
    }
    case 'NEQ':
    case 'NOT_IN': {
      const unwanted = new Set(operator === 'NEQ' ? [operands.value ?? ''] : (operands.values ?? []));
      return { test: (record) => !linkedIds(record).some((id) => unwanted.has(id)) };
    }
    case 'LT':
    case 'LTE':
    case 'GT':
    case 'GTE':
    case 'BETWEEN':
    case 'CONTAINS_TOKEN':
    case 'NOT_CONTAINS_TOKEN':
      throw invalid(`Operator ${operator} does not work on associations`);
  }
}

function columnOf({ type }: ObjectCall, name: string): Column | undefined {
  if (name === 'hs_object_id') return 'id';
  if (name === type.createdProperty) return 'createdAt';
  return name === type.modifiedProperty ? 'updatedAt' : undefined;
}

function parseSort(call: ObjectCall, body: Fields): SearchSort | undefined {
  const { request, properties } = call;
  const sorts = readList(request, body, 'sorts') ?? [];
  if (sorts.length > 1) throw invalid('Only one sort is allowed');
  const [sort] = sorts;
  if (sort === undefined) return undefined;
  const { name, isDown } = readSort(call, sort);
  const property = properties.find(name);
  if (property === undefined) throw invalid(`Property "${name}" does not exist`);
  return { property, column: columnOf(call, name), isDown };
}

/** `{"propertyName": "city", "direction": "DESCENDING"}`, or `"-city"`. */
function readSort(
  { request }: ObjectCall,
  sort: unknown,
): { readonly name: string; readonly isDown: boolean } {
  if (typeof sort === 'string') return { name: sort.replace(/^-/, ''), isDown: sort.startsWith('-') };
  if (!isFields(sort)) return wrongType(request, 'sorts', 'object', sort);
  return { name: readText(request, sort, 'propertyName') ?? '', isDown: sort['direction'] === 'DESCENDING' };
}
