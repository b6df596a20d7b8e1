import { z } from 'zod';
import type { Registry } from '../../flows/registry.ts';
import type { AnyAction } from '../../kit/index.ts';
import { SEGMENT_TYPES } from '../../kernel/event.ts';
import { describeFound, quotable, valueAt } from './found.ts';
import type { Reading } from './found.ts';
import { explainIssue, problemAt } from './explain.ts';
import { checkCondition, checkKind, checkMapping } from './own-flows.ts';
import type { ConfigProblem } from './problem.ts';
import { sourceTypes } from './schema.ts';
import { meant } from '../../kernel/suggest.ts';

/**
 * What a schema cannot see: names that nothing carries, things that do not fit together, credentials and
 * names given twice. Looks at the values as written, so that it finds its problems beside those of the schema.
 */
export function checkReferences(reading: Reading, registry: Registry): readonly ConfigProblem[] {
  const flows = valueAt(reading.tree.value, ['flows']);
  const count = Array.isArray(flows) ? flows.length : 0;
  return [
    ...Array.from({ length: count }, (_, index) => checkFlow(index, reading, registry)).flat(),
    ...findRepeatedFlowNames(count, reading),
    ...findRepeatedCredentials(reading, registry),
    ...findConnectionsOfSources(reading, registry),
  ];
}

function checkFlow(index: number, reading: Reading, registry: Registry): readonly ConfigProblem[] {
  const flow = ['flows', index];
  const source = findDeclared([...flow, 'from'], ORIGINS, reading);
  const connection = findDeclared([...flow, 'to'], ['connection'], reading);
  const action = registry.actions.get(textAt([...flow, 'action'], reading) ?? '')?.action;
  const mismatches = [
    ...checkKind(index, reading),
    ...checkConnector(index, connection.name, reading, registry),
  ];
  const problems: ConfigProblem[] = [
    ...source.problems,
    ...connection.problems,
    ...mismatches,
    ...checkCondition(index, reading),
    // The fields of an action that is to be another one are beside the point.
    ...checkMapping(index, reading, mismatches.length === 0 ? action : undefined),
  ];
  if (action !== undefined) problems.push(...checkOptions(index, action, {}, reading));
  const preset = registry.presets.get(textAt([...flow, 'preset'], reading) ?? '')?.preset;
  if (preset === undefined) return problems;
  problems.push(...checkOptions(index, preset.action, preset.options as object, reading));

  const origin = source.name === undefined ? undefined : originOf(source.name, reading, registry);
  if (origin !== undefined && !preset.when.types.some((type) => origin.types.includes(type))) {
    const message = `The preset ${preset.id} takes ${preset.when.types.join(' and ')} events; "${source.name ?? ''}" is ${origin.text} and has none.`;
    problems.push(problemAt('config.flow_mismatch', [...flow, 'from'], message, reading));
  }
  return problems;
}

// A flow begins at a source, or at a connection: at what its vendor tells, and at what happens to it.
const ORIGINS: readonly Noun[] = ['source', 'connection'];

/** What events come from there; undefined where the schema has something to say of it. */
function originOf(
  name: string,
  reading: Reading,
  registry: Registry,
): { readonly text: string; readonly types: readonly string[] } | undefined {
  if (namesIn('sources', reading).includes(name)) {
    const type = textAt(['sources', name, 'type'], reading);
    if (type === undefined || !sourceTypes(registry).has(type)) return undefined;
    return {
      text: `a source of type ${type}`,
      types: type === 'segment' ? SEGMENT_TYPES : SUBSCRIBER_TYPES,
    };
  }
  return { text: 'a connection', types: CONNECTION_TYPES };
}

/** What is done must be for the connector of the connection. */
function checkConnector(
  index: number,
  name: string | undefined,
  reading: Reading,
  registry: Registry,
): readonly ConfigProblem[] {
  const target = name === undefined ? undefined : textAt(['connections', name, 'connector'], reading);
  if (target === undefined || !registry.connectors.has(target)) return [];
  return (['preset', 'action'] as const).flatMap((kind) => {
    const path = ['flows', index, kind];
    const known = kind === 'preset' ? registry.presets : registry.actions;
    const id = textAt(path, reading) ?? '';
    const connector = known.get(id)?.connector.id;
    if (connector === undefined || connector === target) return [];
    const own = [...known.keys()].filter((each) => each.startsWith(`${target}/`));
    const choices =
      own.length === 0
        ? ''
        : ` ${kind === 'preset' ? 'Presets' : 'Actions'} for ${target}: ${own.join(', ')}.`;
    const message = `The ${kind} ${id} is for connections of ${connector}; "${name ?? ''}" is one of ${target}.${choices}`;
    return [problemAt('config.flow_mismatch', path, message, reading)];
  });
}

const SUBSCRIBER_TYPES = ['subscriber', 'subscriber.changed', 'checkout.confirmed'] as const;
const CONNECTION_TYPES = ['record', 'connection'] as const;

/** Options are the preset's own under those of the flow; only what the flow wrote can be at fault. */
function checkOptions(
  index: number,
  { options }: AnyAction,
  preset: object,
  reading: Reading,
): readonly ConfigProblem[] {
  const path = ['flows', index, 'options'];
  const own = valueAt(reading.tree.value, path) ?? {};
  if (typeof own !== 'object' || Array.isArray(own)) return []; // The schema has said so.
  const schema = options instanceof z.ZodObject ? options.strict() : options;
  // The schema of the options, where the path of an issue will look for it.
  const whole = z.object({ flows: z.array(z.object({ options: schema })) });
  const { error } = schema.safeParse({ ...preset, ...own });
  return (error?.issues ?? []).flatMap((issue) =>
    explainIssue({ ...issue, path: [...path, ...issue.path] }, reading, whole),
  );
}

type At = readonly (string | number)[];

interface Declared {
  /** Absent when it is not declared, or cannot be read. */
  readonly name?: string;
  readonly problems: readonly ConfigProblem[];
}

type Noun = 'source' | 'connection';

function findDeclared(path: At, nouns: readonly Noun[], reading: Reading): Declared {
  const name = textAt(path, reading);
  const names = nouns.flatMap((noun) => namesIn(`${noun}s`, reading));
  if (name === undefined || reading.tree.isBroken(path)) return { problems: [] };
  if (names.includes(name)) return { name, problems: [] };
  const kinds = nouns.map((noun) => `${noun}s`).join(' and ');
  const message = `There is no ${nouns.join(' or ')} named ${describeFound(path, reading)}. ${meant(quotable(path, reading) ?? '', names, kinds)}`;
  return { problems: [problemAt('config.unknown_name', path, message, reading)] };
}

function findRepeatedFlowNames(count: number, reading: Reading): readonly ConfigProblem[] {
  const paths = Array.from({ length: count }, (_, index) => ['flows', index, 'name']);
  return findRepeated(paths, reading).map(([path]) =>
    problemAt(
      'config.duplicate_name',
      path,
      `A flow before this one has the name ${describeFound(path, reading)} already.`,
      reading,
    ),
  );
}

function findRepeatedCredentials(reading: Reading, registry: Registry): readonly ConfigProblem[] {
  const types = sourceTypes(registry);
  const paths = namesIn('sources', reading).flatMap((name) => {
    const field = types.get(textAt(['sources', name, 'type'], reading) ?? '')?.credential;
    return field === undefined ? [] : [['sources', name, field]];
  });
  return findRepeated(paths, reading).map(([path, first]) =>
    problemAt(
      'config.duplicate_credential',
      path,
      `The source "${String(path[1])}" has the same credential as "${String(first[1])}". Each needs its own, because it tells their events apart.`,
      reading,
    ),
  );
}

/** A source with a connector has a connection of its own name, which cannot be declared a second time. */
function findConnectionsOfSources(reading: Reading, registry: Registry): readonly ConfigProblem[] {
  const types = sourceTypes(registry);
  return namesIn('sources', reading)
    .filter((name) => types.get(textAt(['sources', name, 'type'], reading) ?? '')?.isConnector === true)
    .filter((name) => namesIn('connections', reading).includes(name))
    .map((name) => {
      const path = ['connections', name];
      const message = `"${name}" is the name of a source whose connector has a connection of that name already. Rename this connection.`;
      return {
        ...problemAt('config.duplicate_name', path, message, reading),
        ...reading.tree.keyPlaceOf(path),
      };
    });
}

/** The paths whose text an earlier path has too, with that earlier path. */
function findRepeated(paths: readonly At[], reading: Reading): readonly (readonly [path: At, first: At])[] {
  const firsts = new Map<string, At>();
  return paths.flatMap((path) => {
    const text = textAt(path, reading)?.trim();
    if (text === undefined || text === '') return [];
    const first = firsts.get(text);
    if (first === undefined) firsts.set(text, path);
    return first === undefined ? [] : [[path, first] as const];
  });
}

function namesIn(area: string, { tree }: Reading): readonly string[] {
  const declared = valueAt(tree.value, [area]);
  return typeof declared === 'object' && declared !== null && !Array.isArray(declared)
    ? Object.keys(declared)
    : [];
}

function textAt(path: At, { tree }: Reading): string | undefined {
  const value = valueAt(tree.value, path);
  return typeof value === 'string' ? value : undefined;
}
