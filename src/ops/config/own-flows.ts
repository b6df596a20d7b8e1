/** Checks what a flow says itself: a preset or an action with a mapping, and the condition on its events. */
import { z } from 'zod';
import { isJsonObject } from '../../kernel/json.ts';
import { unknownFields } from '../../kit/index.ts';
import type { AnyAction } from '../../kit/index.ts';
import { parseCondition, parseMapping } from '../../mapping/index.ts';
import type { Parsed } from '../../mapping/index.ts';
import { problemAt } from './explain.ts';
import { valueAt } from './found.ts';
import type { Reading } from './found.ts';
import type { ConfigCode, ConfigProblem } from './problem.ts';
import { suggest } from '../../kernel/suggest.ts';
import { formatPath } from './yaml-tree.ts';
import type { Path } from './yaml-tree.ts';

/** A flow has a preset, or an action and the mapping that makes its input. */
export function checkKind(index: number, reading: Reading): readonly ConfigProblem[] {
  const path = ['flows', index];
  const flow = valueAt(reading.tree.value, path);
  if (!isJsonObject(flow)) return []; // The schema has said so.
  const has = (key: string): boolean => flow[key] !== undefined;
  const name = formatPath(path);
  const missing = (key: string, message: string): readonly ConfigProblem[] => [
    problemAt('config.missing_key', [...path, key], message, reading),
  ];
  if (has('preset')) {
    return ['action', 'map'].filter(has).map((key) => {
      const message = `${name} has a preset, which brings its own ${key === 'map' ? 'mapping' : 'action'}. Leave out "preset" or "${key}".`;
      return problemAt('config.flow_mismatch', [...path, key], message, reading);
    });
  }
  if (has('action')) {
    return has('map') || isMisspelt(flow, 'map')
      ? []
      : missing('map', `The key "map" is missing in ${name}: what makes the input of its action.`);
  }
  if (isMisspelt(flow, 'preset') || isMisspelt(flow, 'action')) return [];
  return missing(
    'preset',
    `The key "preset" is missing in ${name}, or "action" and "map" for a flow of one's own.`,
  );
}

const KEYS = ['name', 'preset', 'action', 'from', 'to', 'when', 'map', 'options', 'consent'];

/** An unknown key that means this one is a mistake of its own, which the schema has named. */
function isMisspelt(flow: object, key: string): boolean {
  return Object.keys(flow).some((each) => !KEYS.includes(each) && suggest(each, KEYS) === key);
}

export function checkCondition(index: number, reading: Reading): readonly ConfigProblem[] {
  const path = ['flows', index, 'when'];
  const written = valueAt(reading.tree.value, path);
  if (written === undefined) return [];
  return toProblems(parseCondition(written), 'config.condition_invalid', path, reading);
}

/** The mapping itself, and that the action takes the fields that it makes. */
export function checkMapping(
  index: number,
  reading: Reading,
  action: AnyAction | undefined,
): readonly ConfigProblem[] {
  const path = ['flows', index, 'map'];
  const written = valueAt(reading.tree.value, path);
  if (written === undefined) return [];
  const problems = toProblems(parseMapping(written), 'config.mapping_invalid', path, reading);
  return action === undefined ? problems : [...problems, ...checkFields(written, action, path, reading)];
}

function toProblems(
  parsed: Parsed<unknown>,
  code: ConfigCode,
  path: Path,
  reading: Reading,
): readonly ConfigProblem[] {
  if (parsed.ok) return [];
  return parsed.problems
    .map(({ steps, message, remedy }) => ({ own: [...path, ...steps], text: `${message} ${remedy}` }))
    .filter(({ own }) => !reading.tree.isBroken(own))
    .map(({ own, text }) => problemAt(code, own, `${formatPath(own)}: ${text}`, reading));
}

/** As far as it can be seen without an event: a mapping that is one directive may make anything. */
function checkFields(
  written: unknown,
  action: AnyAction,
  path: Path,
  reading: Reading,
): readonly ConfigProblem[] {
  const { id, input } = action;
  if (!isJsonObject(written)) {
    const message = `${formatPath(path)} must be a mapping with the fields that ${id} takes.`;
    return [problemAt('config.mapping_invalid', path, message, reading)];
  }
  const keys = Object.keys(written);
  if (keys.some((key) => key.startsWith('$')) || !(input instanceof z.ZodObject)) return [];
  const fields = Object.entries<z.core.$ZodType>(input.shape);
  const names = fields.map(([name]) => name);
  const unknown = unknownFields(action, keys).map(({ name, message }) => ({
    ...problemAt('config.mapping_invalid', [...path, name], message, reading),
    ...reading.tree.keyPlaceOf([...path, name]),
  }));
  const missing = fields
    .filter(([name, field]) => !keys.includes(name) && !z.safeParse(field, undefined).success)
    .filter(([name]) => !keys.some((key) => !names.includes(key) && suggest(key, names) === name))
    .map(([name]) =>
      problemAt(
        'config.missing_key',
        path,
        `${formatPath(path)} lacks "${name}", which ${id} needs.`,
        reading,
      ),
    );
  return [...unknown, ...missing];
}
