import type { LineCounter, YAMLError } from 'yaml';
import type { ConfigProblem } from './problem.ts';

/** Where something stands in a file, counted from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export function placeAt(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  // An empty file has no first line for the counter.
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

/** Says what is wrong with a file that is not valid YAML, without quoting a value of it. */
export function explainSyntax(
  error: YAMLError,
  { text, file, lines }: { readonly text: string; readonly file: string; readonly lines: LineCounter },
): ConfigProblem {
  const place = placeAt(lines, error.pos[0]);
  const base = { ...place, file, path: '' };
  if (error.code === 'DUPLICATE_KEY') {
    const key = /^["']?([\w.-]+)/.exec(text.slice(error.pos[0]))?.[1] ?? '';
    const message = `"${key}" stands here a second time. Names are unique; rename or remove one.`;
    return { ...base, code: 'config.duplicate_name', path: key, message };
  }
  // The commonest mistake: `{ token: ${TOKEN} }`, where YAML takes the inner brace for a mapping.
  const line = text.split('\n')[place.line - 1] ?? '';
  const message = /\{.*[\s,:]\$\{/.test(line)
    ? 'Inside { … } a variable needs quotes: "${NAME}".'
    : (SYNTAX_REASONS[error.code] ?? 'This is not valid YAML.');
  return { ...base, code: 'config.syntax', message };
}

// In our own words, because the messages of the package quote the file in places.
const SYNTAX_REASONS: Readonly<Partial<Record<YAMLError['code'], string>>> = {
  BAD_ALIAS: 'There is no such alias. Put quotes around a value that begins with "*" or "&".',
  BAD_DQ_ESCAPE: 'This backslash escape does not exist. Write \\\\ for a backslash, or use single quotes.',
  BAD_INDENT: 'This line is not indented like its neighbours.',
  BAD_SCALAR_START: 'A value cannot begin with this character. Put quotes around it.',
  BLOCK_AS_IMPLICIT_KEY:
    'A key and its mapping cannot share a line with another key. Put quotes around a value that holds ": ".',
  BLOCK_IN_FLOW: 'A block cannot stand inside { … } or [ … ].',
  MISSING_CHAR: 'A character is missing here: a closing quote or bracket, a comma, or the ":" behind a key.',
  MULTILINE_IMPLICIT_KEY: 'A key must stand on one line, with ":" behind it.',
  MULTIPLE_DOCS: 'The file holds more than one document; remove the line "---" in between.',
  TAB_AS_INDENT: 'YAML does not allow tabs for indentation. Use spaces.',
  UNEXPECTED_TOKEN: 'This does not belong here. Look for a missing quote, bracket or comma before it.',
};
