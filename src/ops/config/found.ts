import type { Path, YamlTree } from './yaml-tree.ts';

/** A file together with what may not be quoted of it. */
export interface Reading {
  readonly tree: YamlTree;
  readonly file: string;
  /** The value of a secret is never quoted, whatever is wrong with it. */
  readonly isSecret: (path: Path) => boolean;
}

// Enough to recognise what was written; the place says the rest.
const QUOTE_MAX = 60;

/** What stands at a place of the file, in words, without giving a secret away. */
export function describeFound(path: Path, reading: Reading): string {
  const value = valueAt(reading.tree.value, path);
  const text = quotable(path, reading);
  if (text !== undefined) return JSON.stringify(text.slice(0, QUOTE_MAX));
  const [variable] = reading.tree.variablesOf(path);
  if (variable !== undefined) return `the value of \${${variable}}`;
  return describeType(value);
}

/** The kind of a value, which is safe to say of a secret too. */
export function describeType(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  return typeof value === 'string' ? 'text' : typeof value === 'number' ? 'a number' : 'true or false';
}

/** A value that may be quoted: written in the file itself, and not where a secret belongs. */
export function quotable(path: Path, { tree, isSecret }: Reading): string | undefined {
  const value = valueAt(tree.value, path);
  if (isSecret(path) || tree.variablesOf(path).length > 0) return undefined;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

/** The value at a path; `undefined` when there is none. */
export function valueAt(root: unknown, path: Path): unknown {
  let found = root;
  for (const step of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined;
    found = (found as Readonly<Record<string | number, unknown>>)[step]; // hasOwn has just said so.
  }
  return found;
}
