import type { Subscriber } from '../../../subscribers/index.ts';
import type { FieldType, InputValue } from '../subscriber-input.ts';

/**
 * One field of Rule: its name, its type (text when absent), and what a snapshot gives it. `null` empties it, `undefined`
 * leaves it as it is in Rule.
 */
export interface FieldRow {
  readonly key: string;
  readonly type?: FieldType;
  readonly value: (subscriber: Subscriber) => InputValue | undefined;
}

/** The same, named within a group. */
export type GroupRow = Omit<FieldRow, 'key'> & { readonly name: string };

export function inGroup(group: string, rows: readonly GroupRow[]): readonly FieldRow[] {
  return rows.map(({ name, ...row }) => ({ key: `${group}.${name}`, ...row }));
}

/** Numbers are text in Rule, which has no type for them. */
export function toText(value: number | null): string | null {
  return value === null ? null : String(value);
}

/** Each once, in their order, without those that are missing. */
export function distinct(values: readonly (string | null)[]): readonly string[] {
  return [...new Set(values.filter((value) => value !== null))];
}
