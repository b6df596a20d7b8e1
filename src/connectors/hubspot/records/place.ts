import type { Outcome } from '../../../kernel/outcome.ts';
import type { RecordState } from './read-records.ts';

/** Where the keys of an input lead. */
export type Place =
  | {
      readonly kind: 'record';
      readonly record: RecordState;
      /** Keys that the record lacks and is to get. */
      readonly identity: Readonly<Record<string, string>>;
      readonly notes: readonly string[];
    }
  | { readonly kind: 'none' }
  /** Two contacts, to be made one before anything is written. */
  | { readonly kind: 'two'; readonly survivor: RecordState; readonly other: RecordState }
  | { readonly kind: 'refused'; readonly outcome: Outcome };

export function placeOf(
  record: RecordState,
  identity: Readonly<Record<string, string>> = {},
  ...notes: string[]
): Extract<Place, { kind: 'record' }> {
  return { kind: 'record', record, identity, notes };
}

export function refuse(code: string, message: string): Place {
  return { kind: 'refused', outcome: { kind: 'rejected', fault: { code: `hubspot.${code}`, message } } };
}
