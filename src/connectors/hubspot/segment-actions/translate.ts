/**
 * Segment's mapping directives in those of Linchpin, doing what Segment's own code does
 * (github.com/segmentio/action-destinations, packages/core/src/mapping-kit, 3.170, read 2026-11) rather than what their
 * names promise.
 */
import { isJsonObject } from '../../../kernel/json.ts';
import type { JsonObject, JsonValue } from '../../../kernel/json.ts';
import { flattenExpression, replaceExpression } from './expression.ts';
import type { Place } from './place.ts';
import { placeholders } from './placeholders.ts';
import { conditionOf } from './presence.ts';
import { segmentSteps, toPath } from './segment-path.ts';

/** The mapping of a value; `undefined` when there is none, of which the place has been told unless it never had one. */
export function translate(value: JsonValue, place: Place): JsonValue | undefined {
  if (Array.isArray(value)) {
    return translateAll(value, place);
  }
  if (!isJsonObject(value)) return value;
  const { _metadata, ...rest } = value;
  const names = Object.keys(rest).filter((key) => key.startsWith('@'));
  const [name] = names;
  if (name === undefined) return translateObject(value, place);
  if (Object.keys(rest).length > 1) {
    return place.leaveOut(
      `"${name}" stands beside other keys, and Segment then takes none of them for a directive.`,
    );
  }
  const read = DIRECTIVES[name];
  if (read === undefined)
    return place.at(name).leaveOut(`Linchpin has nothing for ${name}; a $formula may do.`);
  return read(rest[name] ?? null, place.at(name));
}

function translateObject(value: JsonObject, place: Place): JsonValue | undefined {
  const entries = Object.entries(value).flatMap(([key, each]): [string, JsonValue][] => {
    const translated = translate(each, place.at(key));
    return translated === undefined ? [] : [[key, translated]];
  });
  const translated = Object.fromEntries(entries);
  if (!entries.some(([key]) => key.startsWith('$'))) return translated;
  // Keys with a dollar sign would be taken for directives.
  return JSON.stringify(translated) === JSON.stringify(value)
    ? { $literal: value }
    : place.leaveOut('Keys that begin with $ cannot hold values of the event.');
}

function translateAll(values: readonly JsonValue[], place: Place): readonly JsonValue[] {
  return values
    .map((value, index) => translate(value, place.at(index)))
    .filter((translated) => translated !== undefined);
}

type ReadDirective = (written: JsonValue, place: Place) => JsonValue | undefined;

const DIRECTIVES: Readonly<Record<string, ReadDirective>> = {
  '@path': (written, place) =>
    typeof written === 'string'
      ? alongPath(written, place)
      : place.leaveOut('The path is made by another directive.'),
  '@template': (written, place) =>
    typeof written === 'string'
      ? template(written, place)
      : place.leaveOut('The template is made by another directive.'),
  '@literal': translate,
  '@if': (written, place) => (isJsonObject(written) ? translateIf(written, place) : refused(place)),
  '@case': (written, place) => {
    if (!isJsonObject(written) || !written['value']) return refused(place);
    const change =
      written['operator'] === 'lower' ? '$lower' : written['operator'] === 'upper' ? '$upper' : undefined;
    const value = translate(written['value'], place.at('value'));
    if (change === undefined) return refused(place);
    return value === undefined ? undefined : { [change]: value };
  },
  '@replace': (written, place) =>
    formula(isJsonObject(written) ? replaceExpression(written) : undefined, place),
  '@flatten': (written, place) =>
    formula(isJsonObject(written) ? flattenExpression(written) : undefined, place),
  '@arrayPath': (written, place) => {
    if (!Array.isArray(written)) return refused(place);
    const [of, shape] = written as readonly (JsonValue | undefined)[];
    const list = typeof of === 'string' ? alongPath(of, place.at(0)) : translate(of ?? null, place.at(0));
    if (list === undefined || !isJsonObject(shape) || Object.keys(shape).length === 0) return list;
    const as = translate(shape, place.at(1).within(undefined));
    return as === undefined ? undefined : { $each: { of: list, as } };
  },
  '@json': (written, place) => {
    if (!isJsonObject(written) || !written['value']) return refused(place);
    if (written['mode'] !== 'encode') {
      return place.leaveOut('Linchpin does not read JSON out of text; send the object as such.');
    }
    const value = translate(written['value'], place.at('value'));
    if (value === undefined) return undefined;
    place.differs('Text stays as it is; Segment puts it in quotes.');
    return { $join: { values: [value] } };
  },
  '@merge': (written, place) => {
    if (!isJsonObject(written) || !Array.isArray(written['objects'])) return refused(place);
    const parts = translateAll(written['objects'] as readonly JsonValue[], place.at('objects'));
    return { $merge: written['direction'] === 'left' ? parts.toReversed() : parts };
  },
  '@transform': (written, place) =>
    isJsonObject(written) && isJsonObject(written['apply']) && written['mapping'] !== undefined
      ? translateStages(written['apply'], written['mapping'], place)
      : refused(place),
  '@excludeWhenNull': (written, place) => {
    const value = translate(written, place);
    return value === undefined ? undefined : { $omit_null: value };
  },
  '@liquid': (_, place) =>
    place.leaveOut('Linchpin does not run Liquid; write it as a $template or a $formula.'),
};

function refused(place: Place): undefined {
  return place.leaveOut('Segment itself cannot run this directive as it is written.');
}

function formula(expression: string | undefined, place: Place): JsonValue | undefined {
  return expression === undefined || place.stage !== undefined
    ? place.leaveOut('Only a path or a text can be taken over here; write a $formula.')
    : { $formula: expression };
}

function alongPath(written: string, place: Place): JsonValue | undefined {
  const steps = segmentSteps(written);
  if (steps.at(-1) === 'length') {
    return place.leaveOut(
      'The length of a list or a text is no path here; write a $formula with $count or $length.',
    );
  }
  return place.stage === undefined ? { $path: toPath(steps) } : fromStage(steps, place.stage, place);
}

/** Inside the second stage of a `@transform`, a path begins at what the first stage made. */
function fromStage(
  [first, ...rest]: readonly string[],
  stage: ReadonlyMap<string, JsonValue>,
  place: Place,
): JsonValue | undefined {
  if (first === undefined) return Object.fromEntries(stage);
  const made = stage.get(first);
  if (made === undefined || rest.length === 0) return made;
  const path = isJsonObject(made) ? made['$path'] : undefined;
  if (typeof path !== 'string') {
    return place.leaveOut('The path leads into something that the first stage makes; map it in one stage.');
  }
  const further = toPath(rest);
  return { $path: path === '$' ? further : `${path}${further.startsWith('[') ? '' : '.'}${further}` };
}

function template(written: string, place: Place): JsonValue | undefined {
  const { texts, paths } = placeholders(written);
  const inStage = paths.map((path) => (place.stage === undefined ? path : pathInStage(path, place.stage)));
  if (inStage.includes(undefined)) {
    return place.leaveOut('The template stands behind another stage; write it in one stage.');
  }
  return {
    $template: texts
      .map((text, index) => `${text}${inStage[index] === undefined ? '' : `{{${inStage[index]}}}`}`)
      .join(''),
  };
}

function pathInStage(path: string, stage: ReadonlyMap<string, JsonValue>): string | undefined {
  const made = stage.get(path);
  return isJsonObject(made) && typeof made['$path'] === 'string' ? made['$path'] : undefined;
}

function translateIf(options: JsonObject, place: Place): JsonValue | undefined {
  const { exists, blank } = options;
  if (!exists && !blank) return refused(place);
  const then = options['then'] === undefined ? undefined : translate(options['then'], place.at('then'));
  // Segment ignores an `else` that is empty, 0, false or null.
  const otherwise = options['else'] ? translate(options['else'], place.at('else')) : undefined;
  // A value, or another when it is missing, is what most of these say.
  if (exists !== undefined && JSON.stringify(exists) === JSON.stringify(options['then'])) {
    const values = [then, otherwise].filter((each) => each !== undefined);
    return values.length === 0 ? undefined : { $default: values };
  }
  const condition = place.stage === undefined ? conditionOf(options) : undefined;
  if (condition === true) return then;
  if (condition === false) return otherwise;
  if (condition === undefined) {
    return place.leaveOut('What the condition asks of cannot be asked here; write a $case or a $formula.');
  }
  if (then !== undefined) {
    return { $if: { condition, then, ...(otherwise === undefined ? {} : { else: otherwise }) } };
  }
  return otherwise === undefined ? undefined : { $if: { condition: { not: condition }, then: otherwise } };
}

function translateStages(apply: JsonObject, mapping: JsonValue, place: Place): JsonValue | undefined {
  const stage = new Map(
    Object.entries(apply).flatMap(([key, each]): [string, JsonValue][] => {
      const translated = translate(each, place.at('apply', key));
      return translated === undefined ? [] : [[key, translated]];
    }),
  );
  return translate(mapping, place.at('mapping').within(stage));
}
