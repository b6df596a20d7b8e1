import { isJsonObject } from '../../../kernel/json.ts';
import { send } from '../../../kit/index.ts';
import type { Steps } from '../../../kit/index.ts';
import { inexactNumberIn } from '../inexact-number.ts';
import { pathsOf } from '../paths.ts';
import type { Catalogue } from './catalogue.ts';
import { valuesOf } from './coalesce.ts';
import { toOption } from './create-property.ts';
import { optionTexts } from './property-value.ts';
import { propertySchema, toProperty } from './property.ts';
import type { PropertyAnswer } from './property.ts';
import type { RecordContext } from './record-context.ts';
import type { RecordInput } from './record-input.ts';

/** Options that inputs name and HubSpot lacks, by property. */
export type MissingOptions = ReadonlyMap<string, ReadonlySet<string>>;

export function findMissingOptions(
  inputs: readonly RecordInput[],
  catalogue: Catalogue,
  names: readonly string[],
): MissingOptions {
  const missing = new Map<string, Set<string>>();
  for (const name of names) {
    const property = catalogue.get(name);
    if (property?.type !== 'enumeration' || property.options === null) continue;
    const { options, isMultiple } = property;
    const wanted = namedOptions(inputs, name, isMultiple).filter(
      (option) => options.find(option) === undefined,
    );
    if (wanted.length > 0) missing.set(name, new Set(wanted));
  }
  return missing;
}

/** The options of a property that inputs name, each once; one that holds the separator is none. */
export function namedOptions(
  inputs: readonly RecordInput[],
  name: string,
  isMultiple: boolean,
): readonly string[] {
  const values = inputs.flatMap((input) => valuesOf(input, name));
  const texts = values.flatMap((value) => {
    if (isMultiple) {
      const options = optionTexts(value);
      return options.some((option) => option.includes(';')) ? [] : options;
    }
    const isNone = value === null || value === '' || typeof value === 'object';
    return isNone || inexactNumberIn(value) !== undefined ? [] : [String(value)];
  });
  return [...new Set(texts)];
}

// HubSpot has no conditional update, so a writer that read before us can undo our addition. Each round costs
// it another collision in the milliseconds between reading and writing; four in a row mean something else.
const ROUNDS_MAX = 4;

/**
 * Adds options to a property and returns whether they are all there. HubSpot replaces the whole list, so it
 * is read right before, sent back with everything it held, and read again to see that the addition lasted.
 * The caller holds a claim on the property, so that our own batches do not undo each other.
 */
export function* addOptions(
  name: string,
  wanted: ReadonlySet<string>,
  catalogue: Catalogue,
  context: RecordContext,
): Steps<boolean> {
  const path = `${pathsOf(context.settings.api_version).properties(context.type)}/${encodeURIComponent(name)}`;
  let answer = yield* readProperty(path);
  for (let round = 0; answer !== undefined && round < ROUNDS_MAX; round += 1) {
    const { property, rawOptions } = answer;
    catalogue.put(toProperty(property));
    const held = new Set(property.options.map(({ value }) => value));
    const missing = [...wanted].filter((option) => !held.has(option));
    if (missing.length === 0) return true;
    const added = missing.map((option, index) => toOption(option, rawOptions.length + index));
    const response = yield* send({
      method: 'PATCH',
      path,
      body: { options: [...rawOptions, ...added] },
      // A refused option (their number and form have limits that HubSpot does not state) costs its property only.
      accept: [400, 404],
    });
    if (response.status >= 300) return false;
    answer = yield* readProperty(path);
  }
  return false;
}

interface OptionsAnswer {
  readonly property: PropertyAnswer;
  /** As HubSpot gave them, so that nothing about them is lost on the way back. */
  readonly rawOptions: readonly { readonly [key: string]: string | number | boolean | null }[];
}

function* readProperty(path: string): Steps<OptionsAnswer | undefined> {
  const { status, body } = yield* send({ method: 'GET', path, accept: [404] });
  const parsed = status === 200 ? propertySchema.safeParse(body) : undefined;
  if (parsed?.success !== true || !isJsonObject(body) || !Array.isArray(body['options'])) return undefined;
  return { property: parsed.data, rawOptions: body['options'] };
}
