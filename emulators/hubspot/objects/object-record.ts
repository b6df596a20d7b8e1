/** A record as it is kept: only what was written. What HubSpot computes is derived when it is read (`computed.ts`). */
import type { ChangeSource } from './change-feed.ts';

export type Values = Readonly<Record<string, string>>;

/** One write to a record, kept for the history of its properties. */
export interface WrittenChanges {
  readonly at: number;
  readonly source: ChangeSource;
  /** The empty string cleared a property. */
  readonly changes: Values;
}

/**
 * One state of a record. A write makes a new one that takes the place of the old, so that the search index can hold
 * on to what it has seen without a copy, which keeps a million contacts within memory.
 */
export interface ObjectRecord {
  readonly typeId: string;
  readonly id: string;
  readonly createdAt: number;
  /** Who created it. */
  readonly source: ChangeSource;
  readonly values: Values;
  readonly updatedAt: number;
  /** When the present stage, of its lifecycle or pipeline, began. */
  readonly stageAt: number;
  readonly archivedAt: number | undefined;
  /** Oldest first; the one part that the states of a record share. */
  readonly history: WrittenChanges[];
}

// Documented depth for most APIs; the number of writes is ours, so that a busy record stays small.
const VERSIONS_MAX = 20;
const WRITES_MAX = 200;

export function addHistory(record: ObjectRecord, write: WrittenChanges): void {
  record.history.push(write);
  if (record.history.length > WRITES_MAX) record.history.shift();
}

/** Newest first, as HubSpot lists it; writing the same value again makes no version. */
export function historyOf(record: ObjectRecord, property: string): Record<string, unknown>[] {
  const versions: Record<string, unknown>[] = [];
  let last = '';
  for (const { at, source, changes } of record.history) {
    const value = changes[property];
    if (value === undefined || value === last) continue;
    last = value;
    versions.push({
      value,
      timestamp: new Date(at).toISOString(),
      sourceType: source.changeSource,
      sourceId: source.sourceId,
    });
  }
  return versions.slice(-VERSIONS_MAX).toReversed();
}

/** The parts of a list of values that one property holds, separated by semicolons. */
export function partsOf(text: string | undefined): string[] {
  return (text ?? '').split(';').filter((part) => part !== '');
}

/** The secondary addresses of a contact. */
export function additionalEmails(values: Values): string[] {
  return partsOf(values['hs_additional_emails']);
}
