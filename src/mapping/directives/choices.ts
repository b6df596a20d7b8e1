/** `$if`, `$case`, `$lookup`, `$default`: one value among several. */
import { isJsonObject } from '../../kernel/json.ts';
import { holdsFor } from '../conditions/evaluate.ts';
import { readCondition } from '../conditions/parse-condition.ts';
import type { Evaluate, Place, ReadDirective, Scope } from './directive.ts';
import { readOptions } from './options.ts';

const NOTHING: Evaluate = () => undefined;

export const readIf: ReadDirective = (written, place) => {
  const options = readOptions(written, place, ['condition', 'then'], ['else']);
  if (options === undefined) return undefined;
  const condition = readTest(options['condition'], place, 'condition');
  const then = place.read(options['then'], 'then');
  const otherwise = readElse(options, place);
  if (condition === undefined || then === undefined || otherwise === undefined) return undefined;
  return (scope) => (condition(scope) ? then(scope) : otherwise(scope));
};

/** The first of some cases whose condition holds. */
export const readCase: ReadDirective = (written, place) => {
  const options = readOptions(written, place, ['of'], ['else']);
  if (options === undefined) return undefined;
  const list = options['of'];
  if (!Array.isArray(list) || list.length === 0) {
    const remedy = 'Write { of: [{ when: <condition>, then: … }], else: … }.';
    return place.problems.add([...place.steps, 'of'], '"of" is a list with at least one case.', remedy);
  }
  const cases = list.map((each: unknown, index) => {
    const own: Place = {
      ...place,
      steps: [...place.steps, 'of', index],
      read: (json, ...steps) => place.read(json, 'of', index, ...steps),
    };
    const parts = readOptions(each, own, ['when', 'then']);
    if (parts === undefined) return undefined;
    const when = readTest(parts['when'], own, 'when');
    const then = own.read(parts['then'], 'then');
    return when === undefined || then === undefined ? undefined : { when, then };
  });
  const otherwise = readElse(options, place);
  if (otherwise === undefined) return undefined;
  return (scope) => (cases.find((each) => each?.when(scope) === true)?.then ?? otherwise)(scope);
};

/** The entry of a table for a value; numbers, true and false are looked up as they are written. */
export const readLookup: ReadDirective = (written, place) => {
  const options = readOptions(written, place, ['value', 'in'], ['else']);
  if (options === undefined) return undefined;
  const value = place.read(options['value'], 'value');
  const otherwise = readElse(options, place);
  const entries = options['in'];
  if (!isJsonObject(entries)) {
    const remedy = 'Write { value: …, in: { pro: Professional }, else: … }.';
    return place.problems.add([...place.steps, 'in'], 'The table "in" is an object.', remedy);
  }
  const table = new Map(
    Object.entries(entries).map(([key, entry]) => [key, place.read(entry, 'in', key)] as const),
  );
  if (value === undefined || otherwise === undefined) return undefined;
  return (scope) => {
    const found = value(scope);
    const isKey = typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean';
    return ((isKey ? table.get(String(found)) : undefined) ?? otherwise)(scope);
  };
};

/** The first of some values that is there and not null. */
export const readDefault: ReadDirective = (written, { steps, problems, read }) => {
  if (!Array.isArray(written) || written.length === 0) {
    const remedy = 'Write [ …, … ]: the first that is there and not null is taken.';
    return problems.add(steps, 'The values are a list with at least one.', remedy);
  }
  const values = written.map((each: unknown, index) => read(each, index));
  const present = values.filter((each) => each !== undefined);
  return (scope) => {
    for (const value of present) {
      const found = value(scope);
      if (found !== undefined && found !== null) return found;
    }
    return undefined;
  };
};

function readElse(options: Readonly<Record<string, unknown>>, place: Place): Evaluate | undefined {
  return Object.hasOwn(options, 'else') ? place.read(options['else'], 'else') : NOTHING;
}

function readTest(json: unknown, place: Place, key: string): ((scope: Scope) => boolean) | undefined {
  const check = readCondition(json, [...place.steps, key], place.problems);
  if (check === undefined) return undefined;
  return ({ item, event, nowMs }) => holdsFor(check, item, nowMs, event);
}
