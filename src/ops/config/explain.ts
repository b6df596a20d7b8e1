import type { z } from 'zod';
import { describeFound, describeType, quotable, valueAt } from './found.ts';
import type { Reading } from './found.ts';
import type { ConfigCode, ConfigProblem } from './problem.ts';
import { choicesAt, keysAt } from './schema-at.ts';
import { meant, suggest } from '../../kernel/suggest.ts';
import { formatPath } from './yaml-tree.ts';
import type { Path } from './yaml-tree.ts';

type Issue = z.core.$ZodIssue;

export const NAME_RULE = 'Use lower-case letters, digits, "-" and "_", beginning with a letter.';

/** Says what a finding of the schema means: what was found, without secrets, and what was meant. */
export function explainIssue(issue: Issue, reading: Reading, schema: z.ZodType): readonly ConfigProblem[] {
  const { tree } = reading;
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
  if (tree.isBroken(path)) return [];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey(key, path, keysAt(schema, tree.value, path), reading));
  }
  if (path.length > 0 && valueAt(tree.value, path) === undefined) {
    // What a connector says itself tells what else could stand there.
    const hint = issue.code === 'custom' ? ` ${issue.message}` : '';
    return isMisspelt(path, reading, schema) ? [] : [missingKey(path, reading, hint)];
  }

  const name = formatPath(path);
  const found = describeFound(path, reading);
  switch (issue.code) {
    case 'invalid_type':
      return [problemAt('config.wrong_type', path, wrongType(issue.expected, path, reading), reading)];
    case 'invalid_value':
      return [unknownChoice(path, issue.values.map(String), reading)];
    case 'invalid_union':
      return issue.discriminator === undefined
        ? [problemAt('config.invalid_value', path, `${name} cannot be ${found}.`, reading)]
        : [unknownChoice(path, choicesAt(schema, tree.value, path), reading)];
    case 'invalid_key':
      return [invalidName(path, `"${String(path.at(-1))}" cannot be a name. ${NAME_RULE}`, reading)];
    case 'invalid_format':
      return path.at(-1) === 'workspace' || path.at(-1) === 'name'
        ? [problemAt('config.invalid_name', path, `${name} cannot be ${found}. ${NAME_RULE}`, reading)]
        : [
            problemAt(
              'config.invalid_value',
              path,
              `${name} must be ${formatOf(issue.format)}; found ${found}.`,
              reading,
            ),
          ];
    case 'too_small':
    case 'too_big':
      return [
        problemAt(
          'config.invalid_value',
          path,
          `${name} must be ${boundOf(issue)}; found ${found}.`,
          reading,
        ),
      ];
    case 'not_multiple_of':
    case 'invalid_element':
    case 'custom':
      return [
        problemAt('config.invalid_value', path, `${name} cannot be ${found}: ${issue.message}`, reading),
      ];
  }
}

export function problemAt(
  code: ConfigCode,
  path: Path,
  message: string,
  { tree, file }: Reading,
): ConfigProblem {
  return { ...tree.placeOf(path), code, file, path: formatPath(path), message };
}

function unknownKey(
  key: string,
  path: Path,
  allowed: readonly string[],
  { tree, file }: Reading,
): ConfigProblem {
  const own = [...path, key];
  const inside = path.length === 0 ? '' : ` in ${formatPath(path)}`;
  const message = `Unknown key "${key}"${inside}. ${meant(key, allowed, 'keys')}`;
  return { ...tree.keyPlaceOf(own), code: 'config.unknown_key', file, path: formatPath(own), message };
}

/** Whether an unknown key beside it means the missing one: that is one mistake, named where it stands. */
function isMisspelt(path: Path, { tree }: Reading, schema: z.ZodType): boolean {
  const mapping = path.slice(0, -1);
  const allowed = keysAt(schema, tree.value, mapping);
  return Object.keys(valueAt(tree.value, mapping) ?? {}).some(
    (key) => !allowed.includes(key) && suggest(key, allowed) === path.at(-1),
  );
}

function missingKey(path: Path, reading: Reading, hint: string): ConfigProblem {
  const inside = path.length === 1 ? '' : ` in ${formatPath(path.slice(0, -1))}`;
  return problemAt(
    'config.missing_key',
    path,
    `The key "${String(path.at(-1))}" is missing${inside}.${hint}`,
    reading,
  );
}

function invalidName(path: Path, message: string, { tree, file }: Reading): ConfigProblem {
  return { ...tree.keyPlaceOf(path), code: 'config.invalid_name', file, path: formatPath(path), message };
}

interface Choice {
  readonly code: ConfigCode;
  readonly noun: string;
}

/** What is chosen at a place, where that has a name and a page of its own. */
function choiceAt(path: Path): Choice | undefined {
  const [area] = path;
  const key = path.at(-1);
  if (area === 'sources' && key === 'type')
    return { code: 'config.unknown_source_type', noun: 'source type' };
  if (area === 'connections' && key === 'connector')
    return { code: 'config.unknown_connector', noun: 'connector' };
  if (area === 'flows' && path.length === 3) {
    if (key === 'preset') return { code: 'config.unknown_preset', noun: 'preset' };
    if (key === 'action') return { code: 'config.unknown_action', noun: 'action' };
  }
  return undefined;
}

function unknownChoice(path: Path, allowed: readonly string[], reading: Reading): ConfigProblem {
  const choice = choiceAt(path);
  const found = describeFound(path, reading);
  const what =
    choice === undefined ? `${formatPath(path)} cannot be ${found}.` : `Unknown ${choice.noun} ${found}.`;
  const plural = choice === undefined ? 'values' : `${choice.noun}s`;
  const message = `${what} ${meant(quotable(path, reading) ?? '', allowed, plural)}`;
  return problemAt(choice?.code ?? 'config.invalid_value', path, message, reading);
}

function wrongType(expected: string, path: Path, reading: Reading): string {
  const value = valueAt(reading.tree.value, path);
  const where = path.length === 0 ? 'The file' : formatPath(path);
  const isBare = expected === 'string' && (typeof value === 'number' || typeof value === 'boolean');
  const hint = isBare ? ' Put quotes around it.' : '';
  return `${where} must be ${TYPE_NAMES[expected] ?? expected}; found ${describeType(value)}.${hint}`;
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'a mapping',
  record: 'a mapping',
  string: 'text',
};

function formatOf(format: string): string {
  return format === 'url' ? 'an address like https://example.com' : `of the form ${format}`;
}

function boundOf(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const isLower = issue.code === 'too_small';
  if (issue.origin === 'string' && isLower && Number(issue.minimum) === 1) return 'text that is not empty';
  const bound = String(isLower ? issue.minimum : issue.maximum);
  const relation =
    issue.inclusive === false ? (isLower ? 'more than' : 'less than') : isLower ? 'at least' : 'at most';
  const unit = issue.origin === 'string' ? ' characters long' : issue.origin === 'array' ? ' long' : '';
  return `${relation} ${bound}${unit}`;
}
