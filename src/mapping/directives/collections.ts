/** `$each`, `$join`, `$merge`, `$omit_null`, `$omit_blank`: lists and objects as a whole. */
import { isJsonObject } from '../../kernel/json.ts';
import type { JsonObject, JsonValue } from '../../kernel/json.ts';
import { isBlank, MappingStop } from './directive.ts';
import type { ReadDirective } from './directive.ts';
import { printed, readOptions } from './options.ts';

// More than an event of 32 kB can hold in one list; only lists inside lists come near it.
export const EACH_ITEMS_MAX = 10_000;

/** A list with each item mapped; inside, paths begin at the item. What is no list counts as a list of one. */
export const readEach: ReadDirective = (written, place) => {
  const options = readOptions(written, place, ['of', 'as']);
  if (options === undefined) return undefined;
  const of = place.read(options['of'], 'of');
  const as = place.read(options['as'], 'as');
  if (of === undefined || as === undefined) return undefined;
  return (scope) => {
    const found = of(scope);
    if (found === undefined || found === null) return undefined;
    const items: readonly JsonValue[] = Array.isArray(found) ? (found as readonly JsonValue[]) : [found];
    scope.budget.items -= items.length;
    if (scope.budget.items < 0) {
      throw new MappingStop(
        place.steps,
        `Lists inside lists make more than ${String(EACH_ITEMS_MAX)} items of one event.`,
      );
    }
    return items.map((item) => as({ ...scope, item })).filter((value) => value !== undefined);
  };
};

/** Text of several values, without those that are absent, null or empty; absent when none is left. */
export const readJoin: ReadDirective = (written, place) => {
  const options = readOptions(written, place, ['values'], ['separator']);
  if (options === undefined) return undefined;
  const values = place.read(options['values'], 'values');
  const separator = options['separator'] ?? ' ';
  if (typeof separator !== 'string') {
    return place.problems.add(
      [...place.steps, 'separator'],
      'The separator is text.',
      'Put quotes around it.',
    );
  }
  if (values === undefined) return undefined;
  return (scope) => {
    const found = values(scope);
    const list = Array.isArray(found) ? (found as readonly JsonValue[]) : [found];
    const texts = list.filter((each) => !isBlank(each)).map(printed);
    return texts.length === 0 ? undefined : texts.join(separator);
  };
};

/** Objects laid over each other: of a key that several have, the last value stays. */
export const readMerge: ReadDirective = (written, { steps, problems, read }) => {
  if (!Array.isArray(written) || written.length === 0) {
    return problems.add(steps, 'The objects are a list with at least one.', 'Write [ {…}, {…} ].');
  }
  const parts = written.map((each: unknown, index) => read(each, index));
  return (scope) =>
    parts.reduce<JsonObject>((merged, part, index) => {
      const found = part?.(scope) ?? {};
      if (!isJsonObject(found)) throw new MappingStop([...steps, index], 'The value is no object.');
      return { ...merged, ...found };
    }, {});
};

/** The value without anything that is null, however deep. */
export const readOmitNull: ReadDirective = (written, { read }) => {
  const value = read(written);
  return value === undefined ? undefined : (scope) => without(isNull, value(scope));
};

/** The value without anything that is null or empty text, however deep. */
export const readOmitBlank: ReadDirective = (written, { read }) => {
  const value = read(written);
  return value === undefined ? undefined : (scope) => without(isBlank, value(scope));
};

const isNull = (value: JsonValue): boolean => value === null;

function without(
  isOmitted: (value: JsonValue) => boolean,
  value: JsonValue | undefined,
): JsonValue | undefined {
  if (value === undefined || isOmitted(value)) return undefined;
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) {
    const items: readonly JsonValue[] = value;
    return items.map((item) => without(isOmitted, item)).filter((each) => each !== undefined);
  }
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]) => {
      const kept = without(isOmitted, each);
      return kept === undefined ? [] : [[key, kept]];
    }),
  );
}
