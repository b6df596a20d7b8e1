import { isJsonObject } from '../../kernel/json.ts';
import type { JsonObject, JsonValue } from '../../kernel/json.ts';
import { parsePath } from '../path.ts';
import { Problems } from '../problem.ts';
import type { Parsed, Steps } from '../problem.ts';
import type { Check, Condition, ConditionTree } from './condition.ts';
import { OPERATORS } from './operators.ts';

// Nobody reads a condition of ten levels; a bound keeps the stack safe from one that a program wrote.
const DEPTH_MAX = 32;

const SHAPE_REMEDY =
  'Write { all: […] }, { any: […] }, { not: … }, or a path with one operator such as { path: type, equals: track }.';

/** Checks a condition once, so that it can be evaluated without another look at its form. */
export function parseCondition(json: unknown): Parsed<Condition> {
  const problems = new Problems();
  const check = readCondition(json, [], problems);
  // Read without a problem, so it has the form of a tree.
  return problems.outcome(check === undefined ? undefined : { tree: json as ConditionTree, check });
}

/** The condition at `steps`; what is wrong with it is added to `problems`. */
export function readCondition(json: unknown, steps: Steps, problems: Problems): Check | undefined {
  return read(json, steps, problems, 1);
}

function read(json: unknown, steps: Steps, problems: Problems, depth: number): Check | undefined {
  if (depth > DEPTH_MAX) {
    const message = `The condition is nested deeper than ${String(DEPTH_MAX)} levels.`;
    return problems.add(steps, message, 'Put conditions side by side in one "all" or "any".');
  }
  if (!isJsonObject(json)) return problems.add(steps, 'A condition is an object.', SHAPE_REMEDY);
  const keys = Object.keys(json);
  for (const kind of ['all', 'any'] as const) {
    if (Object.hasOwn(json, kind)) {
      return refuseOthers(kind, keys, steps, problems) ?? readGroup(kind, json[kind], steps, problems, depth);
    }
  }
  if (Object.hasOwn(json, 'not')) {
    const check = read(json['not'], [...steps, 'not'], problems, depth + 1);
    refuseOthers('not', keys, steps, problems);
    return check === undefined ? undefined : { kind: 'not', check };
  }
  return readLeaf(json, steps, problems);
}

/** Adds a problem when something stands beside the only key. */
function refuseOthers(key: string, keys: readonly string[], steps: Steps, problems: Problems): undefined {
  const other = keys.find((each) => each !== key);
  if (other === undefined) return undefined;
  return problems.add(
    [...steps, other],
    `"${other}" cannot stand beside "${key}".`,
    `Put both into one list: { all: [{ ${key}: … }, { ${other}: … }] }.`,
  );
}

function readGroup(
  kind: 'all' | 'any',
  list: unknown,
  steps: Steps,
  problems: Problems,
  depth: number,
): Check | undefined {
  const own = [...steps, kind];
  if (!Array.isArray(list) || list.length === 0) {
    return problems.add(own, `"${kind}" needs a list with at least one condition.`, SHAPE_REMEDY);
  }
  const checks = list.map((each: unknown, index) => read(each, [...own, index], problems, depth + 1));
  return { kind, checks: checks.filter((check) => check !== undefined) };
}

function readLeaf(json: JsonObject, steps: Steps, problems: Problems): Check | undefined {
  const { path: written, ...rest } = json;
  const path = typeof written === 'string' ? parsePath(written) : undefined;
  if (path === undefined) {
    return problems.add(
      written === undefined ? steps : [...steps, 'path'],
      written === undefined ? 'A condition needs a "path".' : 'The path cannot be read.',
      `${SHAPE_REMEDY} Paths look like traits.address.city or items[0]['a.b'].`,
    );
  }
  const [first, second] = Object.entries<JsonValue>(rest);
  if (first === undefined) {
    return problems.add(steps, `Nothing is asked of ${path.text}.`, `Add one of: ${operatorNames()}.`);
  }
  const [name, operand] = first;
  const operator = OPERATORS.get(name);
  if (operator === undefined) {
    return problems.add(
      [...steps, name],
      `There is no operator "${name}".`,
      `Use one of: ${operatorNames()}.`,
    );
  }
  if (second !== undefined) {
    return problems.add(
      [...steps, second[0]],
      `A condition has one operator; this one has "${name}" and "${second[0]}".`,
      'Make two conditions of it, in one "all".',
    );
  }
  const holds = operator.bind(operand);
  if (holds === undefined) {
    return problems.add(
      [...steps, name],
      `"${name}" cannot be asked with ${operand === null ? 'null' : 'this'}.`,
      `It takes ${operator.words}.${operand === null ? ' For values that are absent or null, write exists: false.' : ''}`,
    );
  }
  return { kind: 'leaf', path, operator: name, operand, holds };
}

function operatorNames(): string {
  return [...OPERATORS.keys()].join(', ');
}
