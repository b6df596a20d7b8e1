import { readFileSync } from 'node:fs';
import type { Registry } from '../../flows/registry.ts';
import type { WorkspaceDefinition } from '../../flows/workspace.ts';
import { LinchpinError } from '../../kernel/errors.ts';
import { secretFields } from '../../kit/index.ts';
import { explainIssue } from './explain.ts';
import { valueAt } from './found.ts';
import { toDefinition } from './definition.ts';
import type { LookUp } from './interpolate.ts';
import { ConfigError } from './problem.ts';
import { checkReferences } from './references.ts';
import { CHECKED, schemaOf, sourceTypes } from './schema.ts';
import { readYaml } from './yaml-tree.ts';
import type { Path, YamlTree } from './yaml-tree.ts';

/** What linchpin.yaml says: the workspace, and how the process that runs it behaves. */
export interface Configuration {
  readonly definition: WorkspaceDefinition;
  /** How many days each kind of record is kept. */
  readonly retention: { readonly events: number; readonly attempts: number; readonly rejected: number };
  readonly http: { readonly port: number | undefined; readonly trustProxy: boolean };
}

export interface ConfigurationSource {
  readonly file: string;
  readonly registry: Registry;
  readonly lookUp: LookUp;
}

export function loadConfiguration(source: ConfigurationSource): Configuration {
  return parseConfiguration(readText(source.file), source);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'There is no such file' : (code ?? 'unknown reason');
    throw new LinchpinError('config.file_unreadable', {
      message: `The configuration ${file} cannot be read: ${reason}.`,
      field: file,
      cause,
    });
  }
}

/** Checks a file and throws one `ConfigError` with everything that is wrong with it. */
export function parseConfiguration(
  text: string,
  { file, registry, lookUp }: ConfigurationSource,
): Configuration {
  const tree = readYaml(text, file, lookUp);
  if (!tree.isReadable) throw new ConfigError(tree.problems);
  const schema = schemaOf(registry);
  const reading = { tree: withTypedVariables(tree, schema), file, isSecret: secretPlaces(tree, registry) };
  const { error } = schema.safeParse(reading.tree.value);
  const problems = [
    ...tree.problems,
    ...(error?.issues ?? []).flatMap((issue) => explainIssue(issue, reading, schema)),
    ...checkReferences(reading, registry),
  ];
  if (problems.length > 0) throw new ConfigError(problems);

  const checked = CHECKED.parse(reading.tree.value);
  const { events_days, attempts_days, rejected_days } = checked.retention;
  return {
    definition: toDefinition(checked, registry),
    retention: { events: events_days, attempts: attempts_days, rejected: rejected_days },
    http: { port: checked.http.port, trustProxy: checked.http.trust_proxy },
  };
}

/**
 * Variables are text, settings may not be. Where the schema wants a number or a boolean and a variable gave
 * the text of one, the text is read; anywhere else it stays as it is, so a numeric token remains text.
 */
function withTypedVariables(tree: YamlTree, schema: ReturnType<typeof schemaOf>): YamlTree {
  let { value } = tree;
  for (const issue of schema.safeParse(value).error?.issues ?? []) {
    const path = issue.path as Path;
    if (issue.code !== 'invalid_type' || tree.variablesOf(path).length === 0) continue;
    const typed = readAs(issue.expected, valueAt(value, path));
    if (typed !== undefined) value = replaceAt(value, path, typed);
  }
  return { ...tree, value };
}

function readAs(expected: string, text: unknown): number | boolean | undefined {
  if (typeof text !== 'string') return undefined;
  if (expected === 'number' || expected === 'int')
    return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
  if (expected === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return undefined;
}

function replaceAt(root: unknown, [step, ...rest]: Path, value: unknown): unknown {
  if (step === undefined) return value;
  const replaced = replaceAt(valueAt(root, [step]), rest, value);
  if (Array.isArray(root)) return root.map((item: unknown, index) => (index === step ? replaced : item));
  return { ...(root as object), [step]: replaced };
}

/** Where secrets stand. Without a known type or connector, everything in it may be one. */
function secretPlaces({ value }: YamlTree, registry: Registry): (path: Path) => boolean {
  const types = sourceTypes(registry);
  return ([area, name, field]) => {
    if (name === undefined || field === undefined) return area === 'sources' || area === 'connections';
    const kind = area === 'sources' ? 'type' : area === 'connections' ? 'connector' : undefined;
    if (kind === undefined || field === kind) return false;
    const id = String(valueAt(value, [area ?? '', name, kind]));
    const settings = kind === 'type' ? types.get(id)?.settings : registry.connectors.get(id)?.settings;
    return settings === undefined || secretFields(settings).includes(String(field));
  };
}
