/** Cuts text of Segment's filter query language into tokens (segment.com/docs/api/public-api/fql, read 2026-11). */
import { formatSteps } from '../problem.ts';

export interface Token {
  readonly kind: 'path' | 'text' | 'number' | 'mark' | 'unknown' | 'end';
  /** A path in the form that conditions take, a text without its quotes, a mark as written. */
  readonly text: string;
  /** Where it begins, counted from 1. */
  readonly at: number;
}

// A path: names, joined by dots or followed by brackets; a backslash makes any sign part of a name.
const NAME = String.raw`(?:[\w$-]|\\.)+`;
const BRACKET = String.raw`\[(?:\d{1,9}|'[^']*'|"[^"]*")\]`;
const TOKEN = new RegExp(
  [
    String.raw`(?<number>-?\d+(?:\.\d+)?(?![\w$.\\]))`,
    String.raw`(?<path>${NAME}(?:\.${NAME}|${BRACKET})*)`,
    String.raw`(?<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')`,
    String.raw`(?<mark><=|>=|!=|==|[=<>!(),])`,
    String.raw`(?<unknown>\S)`,
  ].join('|'),
  'gsu',
);

export function tokensOf(fql: string): readonly Token[] {
  const tokens = Array.from(fql.matchAll(TOKEN), ({ groups = {}, index }): Token => {
    const at = index + 1;
    const { number, path, text, mark, unknown = '' } = groups;
    if (number !== undefined) return { kind: 'number', text: number, at };
    if (path !== undefined) return { kind: 'path', text: toPath(path), at };
    if (text !== undefined) return { kind: 'text', text: unescape(text.slice(1, -1)), at };
    return mark === undefined ? { kind: 'unknown', text: unknown, at } : { kind: 'mark', text: mark, at };
  });
  return [...tokens, { kind: 'end', text: '', at: fql.length + 1 }];
}

const STEP = new RegExp(String.raw`\[(?:(\d{1,9})|'([^']*)'|"([^"]*)")\]|(${NAME})`, 'gsu');

function toPath(written: string): string {
  return formatSteps(
    Array.from(written.matchAll(STEP), ([, index, single, double, name]) =>
      index === undefined ? (single ?? double ?? unescape(name ?? '')) : Number(index),
    ),
  );
}

function unescape(text: string): string {
  return text.replaceAll(/\\(.)/gsu, '$1');
}
