/**
 * Mappings: JSON in which directives, objects with one key that begins with `$`, stand for what is to be taken from the
 * event. Checked once, compiled to functions, then evaluated without a look at the JSON again. Pure.
 */
import { isJsonObject } from '../kernel/json.ts';
import type { JsonObject, JsonValue } from '../kernel/json.ts';
import { MappingStop } from './directives/directive.ts';
import type { Evaluate, Scope } from './directives/directive.ts';
import { DIRECTIVES } from './directives/all.ts';
import { EACH_ITEMS_MAX } from './directives/collections.ts';
import { formatSteps, Problems } from './problem.ts';
import type { Parsed, Steps } from './problem.ts';

export interface Mapping {
  /** As it was written. */
  readonly json: JsonValue;
  /** `nowMs` is what "within last" and the like in conditions count from. Never throws for any event. */
  readonly evaluate: (event: JsonObject, nowMs: number) => MappingResult;
}

export type MappingResult =
  | {
      readonly kind: 'value';
      /** `undefined` when the mapping is one directive that found nothing. */
      readonly value: JsonValue | undefined;
      /** What was left out because it did not fit. */
      readonly notes: readonly string[];
    }
  | MappingFault;

/** Why there is no value; never with a value of the event. */
export interface MappingFault {
  readonly kind: 'fault';
  /** Where in the mapping: `properties.phone.$phone`. */
  readonly path: string;
  readonly message: string;
}

// A record of a vendor is two or three levels deep, a directive adds one or two; a bound keeps the stack safe.
const DEPTH_MAX = 40;

/** Checks a mapping and compiles it. */
export function parseMapping(json: unknown): Parsed<Mapping> {
  const problems = new Problems();
  const evaluate = read(json, [], problems);
  // Read without a problem, so it is JSON.
  return problems.outcome(evaluate && { json: json as JsonValue, evaluate: toMapping(evaluate) });
}

function toMapping(evaluate: Evaluate): Mapping['evaluate'] {
  return (event, nowMs) => {
    const notes: string[] = [];
    const scope: Scope = { item: event, event, nowMs, notes, budget: { items: EACH_ITEMS_MAX } };
    try {
      return { kind: 'value', value: evaluate(scope), notes };
    } catch (error) {
      if (!(error instanceof MappingStop)) throw error;
      return { kind: 'fault', path: formatSteps(error.steps), message: error.message };
    }
  };
}

function read(json: unknown, steps: Steps, problems: Problems): Evaluate | undefined {
  if (steps.length > DEPTH_MAX) {
    return problems.add(steps, 'The mapping is nested too deep.', `Use at most ${String(DEPTH_MAX)} levels.`);
  }
  if (Array.isArray(json)) return readList(json, steps, problems);
  if (isJsonObject(json)) return readObject(json, steps, problems);
  if (json === null || typeof json === 'string' || typeof json === 'boolean' || Number.isFinite(json)) {
    const value = json as JsonValue; // One of these four.
    return () => value;
  }
  return problems.add(
    steps,
    'This is no JSON.',
    'Write text, a number, true, false, null, a list or an object.',
  );
}

function readObject(json: JsonObject, steps: Steps, problems: Problems): Evaluate | undefined {
  const keys = Object.keys(json);
  const directive = keys.find((key) => key.startsWith('$'));
  if (directive !== undefined) return readDirective(directive, json, steps, problems);
  if (keys.includes('__proto__')) {
    return problems.add(steps, 'An object has a key __proto__.', 'Leave the key out.');
  }
  const fields = keys.map((key) => [key, read(json[key], [...steps, key], problems)] as const);
  return (scope) => {
    const made: Record<string, JsonValue> = {};
    for (const [key, evaluate] of fields) {
      const value = evaluate?.(scope);
      if (value !== undefined) made[key] = value;
    }
    return made;
  };
}

function readList(json: readonly unknown[], steps: Steps, problems: Problems): Evaluate {
  const items = json.map((each, index) => read(each, [...steps, index], problems));
  return (scope) => items.map((evaluate) => evaluate?.(scope)).filter((value) => value !== undefined);
}

function readDirective(
  name: string,
  json: JsonObject,
  steps: Steps,
  problems: Problems,
): Evaluate | undefined {
  const own = [...steps, name];
  const directive = DIRECTIVES.get(name);
  if (directive === undefined) {
    const remedy = `Directives are ${[...DIRECTIVES.keys()].join(', ')}; put a key that is to be sent into { $literal: { … } }.`;
    return problems.add(own, `There is no directive ${name}.`, remedy);
  }
  const other = Object.keys(json).find((key) => key !== name);
  if (other !== undefined) {
    const remedy = `A directive stands alone in its object. Put its options under ${name}, and other fields beside the object.`;
    return problems.add([...steps, other], `"${other}" cannot stand beside ${name}.`, remedy);
  }
  return directive(json[name], {
    steps: own,
    problems,
    read: (part, ...more) => read(part, [...own, ...more], problems),
  });
}
