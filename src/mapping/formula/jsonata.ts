/**
 * The parts of JSONata 1.8.9 that formulas rest on. Its type declarations are those of 1.7 and leave out the options
 * and most of the syntax tree.
 */
import library from 'jsonata';

/** A node of the syntax tree; which fields it has depends on its type. */
export interface SyntaxNode {
  type?: string;
  value?: unknown;
  readonly position?: number;
  readonly signature?: unknown;
  /** Names that a step binds for the steps after it: `@$name`, `#$name`. */
  readonly focus?: unknown;
  readonly index?: unknown;
  lhs?: unknown;
  rhs?: unknown;
  arguments?: readonly unknown[];
  procedure?: unknown;
}

export interface NativeFunction {
  readonly _jsonata_function: true;
  readonly implementation: (this: unknown, ...values: unknown[]) => unknown;
  readonly signature?: unknown;
  /** How many parameters the higher-order functions believe it has. */
  readonly arity?: number;
}

export interface Expression {
  /** Without a callback it runs to its end at once. */
  evaluate(input: unknown, bindings: Readonly<Record<string, unknown>>): unknown;
  assign(name: string, value: unknown): void;
  ast(): SyntaxNode;
}

/** Matches from `lastIndex` on, as a RegExp with the flag `g` does. */
export interface RegexEngine {
  lastIndex: number;
  exec(text: string): RegexMatch | null;
}

export type RegexMatch = readonly (string | undefined)[] & { readonly index: number };

interface Options {
  readonly RegexEngine: new (written: RegExp) => RegexEngine;
}

/**
 * Throws an object with `code` and `position` for text that is no formula. The engine for regular expressions is that
 * of the last call, for all expressions: all calls must give the same one.
 */
// The declarations of the package end at 1.7, see above.
export const jsonata = library as unknown as (text: string, options: Options) => Expression;

/** What JSONata throws: an object with a code, often no Error. */
export interface JsonataError {
  readonly code: string;
  readonly position?: number;
  readonly token?: unknown;
}

export function isJsonataError(error: unknown): error is JsonataError {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string';
}
