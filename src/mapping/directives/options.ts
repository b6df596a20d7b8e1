/** Reads the options of a directive that is written as an object. */
import { isJsonObject } from '../../kernel/json.ts';
import type { JsonObject, JsonValue } from '../../kernel/json.ts';
import { formatSteps } from '../problem.ts';
import { MappingStop } from './directive.ts';
import type { Evaluate, Place, Scope } from './directive.ts';

/** The options, when they are an object that has all `needed` keys and no others than these and the `allowed`. */
export function readOptions(
  written: unknown,
  { steps, problems }: Place,
  needed: readonly string[],
  allowed: readonly string[] = [],
): JsonObject | undefined {
  const keys = [...needed, ...allowed];
  const shape = `Write { ${keys.map((key) => `${key}: …`).join(', ')} }${allowed.length === 0 ? '' : `; ${allowed.join(' and ')} may be left out`}.`;
  if (!isJsonObject(written)) {
    return problems.add(steps, 'The options of this directive are an object.', shape);
  }
  const missing = needed.filter((key) => !Object.hasOwn(written, key));
  for (const key of missing) problems.add(steps, `The option "${key}" is missing.`, shape);
  const unknown = Object.keys(written).filter((key) => !keys.includes(key));
  for (const key of unknown) problems.add([...steps, key], `There is no option "${key}" here.`, shape);
  return missing.length === 0 && unknown.length === 0 ? written : undefined;
}

/** A text among some; the first of them when it was not written. */
export function readChoice<Choice extends string>(
  options: JsonObject,
  key: string,
  choices: readonly [Choice, ...Choice[]],
  { steps, problems }: Place,
): Choice {
  const written = options[key] ?? choices[0];
  const chosen = choices.find((choice) => choice === written);
  if (chosen === undefined) {
    problems.add([...steps, key], `"${key}" cannot be this.`, `Write one of: ${choices.join(', ')}.`);
  }
  return chosen ?? choices[0];
}

/** A value, and what becomes of one that does not fit. */
export interface Fitted {
  readonly value: Evaluate;
  readonly options: JsonObject;
  readonly misfit: (scope: Scope, what: string) => undefined;
}

/**
 * Reads a directive that is given a value, bare (`$email: …`) or with options (`$email: { value: …, invalid: fail }`).
 * A value that does not fit is left out with a note, or fails the mapping when `invalid` says so.
 */
export function readFitted(
  written: unknown,
  place: Place,
  allowed: readonly string[] = [],
): Fitted | undefined {
  const hasOptions = isJsonObject(written) && Object.hasOwn(written, 'value');
  const options: JsonObject | undefined = hasOptions
    ? readOptions(written, place, ['value'], [...allowed, 'invalid'])
    : {};
  const value = hasOptions ? place.read(written['value'], 'value') : place.read(written);
  if (options === undefined || value === undefined) return undefined;
  const fails = readChoice(options, 'invalid', ['leave_out', 'fail'], place) === 'fail';
  // The place in the mapping, without the key of the directive: where the value would have gone.
  const target = formatSteps(place.steps.slice(0, -1));
  return {
    value,
    options,
    misfit: (scope, what) => {
      if (fails) throw new MappingStop(place.steps, `The value is ${what}.`);
      scope.notes.push(`${target === '' ? 'The mapping' : target}: the value is ${what} and was left out.`);
      return undefined;
    },
  };
}

/** A value as text inside other text: nothing for what is absent, JSON for what is no text. */
export function printed(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
