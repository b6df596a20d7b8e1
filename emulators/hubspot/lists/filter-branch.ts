import { invalid, notEmulated } from '../errors.ts';
import { isFields } from '../input.ts';
import type { Fields } from '../input.ts';
import { testProperty } from './property-filter.ts';

/** One record, as filters look at it. */
export interface Candidate {
  /** The values of the record, computed ones too. */
  valueOf(property: string): string | undefined;
  isIn(listId: string): boolean;
}

export type Test = (candidate: Candidate) => boolean;

/** What filters may speak of. */
export interface FilterContext {
  hasProperty(name: string): boolean;
  hasList(listId: string): boolean;
}

const MEMBERSHIP_OPERATORS = ['IN_LIST', 'NOT_IN_LIST'];

/**
 * Turns the filters of a list into a test: branches with AND and OR, and in them filters by property and by
 * membership of another list. HubSpot has some twenty kinds of filters more; those are not emulated, and said so.
 */
export function compileFilters(branch: unknown, context: FilterContext): Test {
  const root = toFields(branch, 'filterBranch');
  // Documented: the root is OR, has no filters of its own and at least one AND branch.
  if (root['filterBranchType'] !== 'OR')
    throw invalid('The root filter branch must have the filterBranchType OR');
  if (listOf(root, 'filters').length > 0) throw invalid('The root filter branch must have no filters');
  const children = listOf(root, 'filterBranches');
  if (children.length === 0) throw invalid('The root filter branch must have at least one AND filter branch');
  return anyOf(children.map((child) => compileBranch(child, 'AND', context)));
}

function compileBranch(given: unknown, expected: 'AND' | 'OR', context: FilterContext): Test {
  const branch = toFields(given, 'filterBranch');
  const type = String(branch['filterBranchType']);
  if (type !== 'AND' && type !== 'OR') throw notEmulated(`list filters of the branch type ${type}`);
  if (type !== expected)
    throw invalid(`A filter branch of type ${expected} is expected where ${type} was found`);
  const tests = [
    ...listOf(branch, 'filters').map((filter) => compileFilter(toFields(filter, 'filters'), context)),
    ...listOf(branch, 'filterBranches').map((child) =>
      compileBranch(child, expected === 'AND' ? 'OR' : 'AND', context),
    ),
  ];
  if (tests.length === 0) throw invalid('A filter branch needs at least one filter');
  return type === 'AND' ? (candidate) => tests.every((test) => test(candidate)) : anyOf(tests);
}

function compileFilter(filter: Fields, context: FilterContext): Test {
  const type = String(filter['filterType']);
  switch (type) {
    case 'PROPERTY': {
      const name = String(filter['property']);
      // Wording assumed, after that of records.
      if (!context.hasProperty(name))
        throw invalid(`Property "${name}" does not exist`, { propertyName: [name] });
      const test = testProperty(toFields(filter['operation'], 'operation'));
      return (candidate) => test(candidate.valueOf(name));
    }
    case 'IN_LIST': {
      const listId = String(filter['listId']);
      const operator = String(filter['operator']);
      if (!MEMBERSHIP_OPERATORS.includes(operator))
        throw invalid(`Unknown operator ${operator} of an IN_LIST filter`);
      if (!context.hasList(listId))
        throw invalid(`List does not exist with ID ${listId}.`, { listId: [listId] });
      return (candidate) => candidate.isIn(listId) === (operator === 'IN_LIST');
    }
    default:
      throw notEmulated(`list filters of the type ${type}`);
  }
}

function anyOf(tests: readonly Test[]): Test {
  return (candidate) => tests.some((test) => test(candidate));
}

function toFields(value: unknown, name: string): Fields {
  if (isFields(value)) return value;
  throw invalid(`Some required fields were not set: [${name}]`);
}

function listOf(fields: Fields, key: string): readonly unknown[] {
  const value = fields[key] ?? [];
  if (Array.isArray(value)) return value as readonly unknown[];
  throw invalid(`${key} must be a list`);
}
