/** Carries out a search over the index: as few records as the filters allow, and no more sorted than are shown. */
import { valueOf } from './computed.ts';
import type { ObjectCall } from './object-call.ts';
import type { ObjectRecord } from './object-record.ts';
import { FIRST_ID, rowOf } from './record-id.ts';
import { compareValues } from './search-filter.ts';
import type { Test } from './search-filter.ts';
import type { SearchIndex } from './search-index.ts';
import type { SearchFilter, SearchQuery, SearchSort } from './search-query.ts';

export interface Found {
  readonly total: number;
  /** Those from `offset` on, `limit` at most. */
  readonly records: readonly ObjectRecord[];
}

export function runSearch(call: ObjectCall, query: SearchQuery): Found {
  const { portal, type, now, switches } = call;
  const index = portal.search(type.id);
  index.catchUp(now - switches.searchLagMs);
  const rows = findRows(index, query.groups.map(toGroup), wordsTest(call, query.words));
  const end = query.offset + query.limit;
  const page = inOrder(call, index, rows, query.sort, end).slice(query.offset, end);
  return { total: rows.length, records: [...page].flatMap((row) => index.at(row) ?? []) };
}

/** The filters of a group: bounds of the columns, then what each record must be asked. */
interface Group {
  readonly row: Bounds;
  readonly createdAt: Bounds;
  readonly updatedAt: Bounds;
  readonly tests: readonly Test[];
  /** The one filter that leaves the fewest to look at, if any does. */
  readonly narrow: SearchFilter | undefined;
}

interface Bounds {
  readonly low: number;
  readonly high: number;
}

function toGroup(filters: readonly SearchFilter[]): Group {
  const within = (column: string, shift = 0): Bounds => {
    const all = filters.flatMap(({ bounds }) => (bounds?.column === column ? [bounds] : []));
    return {
      low: Math.max(-Infinity, ...all.map(({ low }) => low - shift)),
      high: Math.min(Infinity, ...all.map(({ high }) => high - shift)),
    };
  };
  return {
    row: within('id', FIRST_ID),
    createdAt: within('createdAt'),
    updatedAt: within('updatedAt'),
    tests: filters.filter(({ bounds }) => bounds === undefined).map(({ test }) => test),
    narrow: filters.find(({ ids }) => ids !== undefined) ?? filters.find(({ texts }) => texts !== undefined),
  };
}

// A search without filters is one with a group that lets everything through.
const EVERYTHING = toGroup([]);

/** Matching rows in ascending order. */
function findRows(index: SearchIndex, given: readonly Group[], words: Test | undefined): Uint32Array {
  const groups = given.length === 0 ? [EVERYTHING] : given;
  const candidates = narrowRows(index, groups);
  const first = Math.max(0, Math.min(...groups.map(({ row }) => row.low)));
  const last = Math.min(index.size - 1, Math.max(...groups.map(({ row }) => row.high)));
  const found = new Uint32Array(candidates?.length ?? Math.max(0, last - first + 1));
  let count = 0;
  if (candidates === undefined) {
    for (let row = first; row <= last; row++) if (isFound(index, groups, words, row)) found[count++] = row;
  } else {
    for (const row of candidates) if (isFound(index, groups, words, row)) found[count++] = row;
  }
  return found.subarray(0, count);
}

/** The hot path of a search: a row that its times rule out costs a few comparisons, its record is not touched. */
function isFound(
  index: SearchIndex,
  groups: readonly Group[],
  words: Test | undefined,
  row: number,
): boolean {
  const createdAt = index.createdAt[row] ?? Number.NaN;
  const updatedAt = index.updatedAt[row] ?? Number.NaN;
  for (const group of groups) {
    if (!isWithin(group.updatedAt, updatedAt)) continue;
    if (!isWithin(group.createdAt, createdAt) || !isWithin(group.row, row)) continue;
    if (group.tests.length === 0 && words === undefined) return true;
    const record = index.at(row);
    if (record === undefined) continue;
    if (passes(group.tests, record) && (words === undefined || words(record))) return true;
  }
  return false;
}

/** False for NaN, which stands where nothing is. */
function isWithin({ low, high }: Bounds, value: number): boolean {
  return value >= low && value <= high;
}

function passes(tests: readonly Test[], record: ObjectRecord): boolean {
  for (const test of tests) if (!test(record)) return false;
  return true;
}

/** The rows that can match at all, when every group has a filter that names them. */
function narrowRows(index: SearchIndex, groups: readonly Group[]): number[] | undefined {
  const rows = new Set<number>();
  for (const { narrow } of groups) {
    if (narrow?.ids !== undefined) for (const id of narrow.ids) rows.add(rowOf(id));
    else if (narrow?.texts !== undefined) {
      for (const row of index.rowsWith(narrow.texts.property, narrow.texts.keys)) rows.add(row);
    } else return undefined;
  }
  return [...rows].toSorted((a, b) => a - b);
}

function wordsTest({ type, portal }: ObjectCall, words: string): Test | undefined {
  if (words === '') return undefined;
  return (record) =>
    type.searchable.some(
      (name) => valueOf(record, name, type, portal)?.toLowerCase().includes(words) === true,
    );
}

/** The first `end` rows in the order of the sort; without one, in that of creation. */
function inOrder(
  call: ObjectCall,
  index: SearchIndex,
  rows: Uint32Array,
  sort: SearchSort | undefined,
  end: number,
): Iterable<number> & { slice(start: number, end: number): Iterable<number> } {
  if (sort === undefined || (sort.column === 'id' && !sort.isDown)) return rows;
  if (sort.column === 'id') return rows.slice(Math.max(0, rows.length - end)).reverse();
  return firstOf(sort.isDown ? rows.toReversed() : rows, end, comparison(call, index, sort));
}

function comparison(
  { type, portal }: ObjectCall,
  index: SearchIndex,
  { property, column, isDown }: SearchSort,
): (a: number, b: number) => number {
  const sign = isDown ? -1 : 1;
  if (column === 'createdAt' || column === 'updatedAt') {
    const times = index[column];
    return (a, b) => ((times[a] ?? 0) - (times[b] ?? 0)) * sign || a - b;
  }
  const read = (row: number): string | undefined => {
    const record = index.at(row);
    return record === undefined ? undefined : valueOf(record, property.name, type, portal);
  };
  return (a, b) => {
    const [left, right] = [read(a), read(b)];
    // Records without the value come last whichever the direction (assumed).
    if (left === undefined || right === undefined)
      return Number(left === undefined) - Number(right === undefined) || a - b;
    return compareValues(property, left, right) * sign || a - b;
  };
}

// Room for rows beyond those wanted, so that a sort pays for itself; the figure is not critical.
const SPARE = 2_000;

/** The first `count` of the rows by a comparison, sorted; rows that come in order cost one comparison each. */
function firstOf(rows: Uint32Array, count: number, compare: (a: number, b: number) => number): number[] {
  if (count === 0) return [];
  let kept: number[] = [];
  let worst: number | undefined;
  for (const row of rows) {
    if (worst !== undefined && compare(row, worst) > 0) continue;
    kept.push(row);
    if (kept.length < count + SPARE) continue;
    kept = kept.sort(compare).slice(0, count);
    worst = kept.at(-1);
  }
  return kept.sort(compare).slice(0, count);
}
