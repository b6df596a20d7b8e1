/** Conditions on a document, as a tree of JSON: what may be written, and what it is once it was checked. */
import type { JsonValue } from '../../kernel/json.ts';
import type { Path } from '../path.ts';
import type { Holds } from './operators.ts';

/** `{ all: […] }`, `{ any: […] }`, `{ not: … }`, or a path with one operator: `{ path: 'type', equals: 'track' }`. */
export type ConditionTree =
  | { readonly all: readonly ConditionTree[] }
  | { readonly any: readonly ConditionTree[] }
  | { readonly not: ConditionTree }
  | ConditionLeaf;

export interface ConditionLeaf {
  readonly path: string;
  /** One of `OPERATORS`, with what it takes. */
  readonly [operator: string]: JsonValue;
}

/** A condition that was checked, made by `parseCondition`. */
export interface Condition {
  /** As it was written. */
  readonly tree: ConditionTree;
  readonly check: Check;
}

/** The condition in the form in which it is evaluated. */
export type Check =
  | { readonly kind: 'all' | 'any'; readonly checks: readonly Check[] }
  | { readonly kind: 'not'; readonly check: Check }
  | {
      readonly kind: 'leaf';
      readonly path: Path;
      readonly operator: string;
      readonly operand: JsonValue;
      readonly holds: Holds;
    };
