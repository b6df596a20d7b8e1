import type { Outcome } from '../../../kernel/outcome.ts';
import { decide } from './decide.ts';
import type { Decision } from './decide.ts';
import type { Draft } from './draft.ts';
import type { ContactRecord } from './read-records.ts';
import type { WriteKind } from './write.ts';

/** A draft together with the record it is about, and what follows from both. */
export interface Task {
  readonly draft: Draft;
  /** `null` when there is none yet, `undefined` when it was not read. */
  readonly record: ContactRecord | null | undefined;
  /** Tasks with the same key are about one record; it is also what the engine is asked to keep for us alone. */
  readonly recordKey: string;
  readonly writeKind: WriteKind;
  /** HubSpot pointed to another record once; a second time is left to a later attempt. */
  readonly isRedirected: boolean;
  readonly decision: Decision;
}

export function toTask(draft: Draft, record: ContactRecord | null): Task {
  return {
    draft,
    record,
    recordKey: record === null ? `contact-email:${draft.email}` : `contact:${record.id}`,
    writeKind: 'upsert',
    isRedirected: false,
    decision: decide(draft, record),
  };
}

/** A contact that is written without having been read; `id` is what the cache believes. */
export function toUnreadTask(draft: Draft, id: string | undefined): Task {
  return {
    draft,
    record: undefined,
    recordKey: id === undefined ? `contact-email:${draft.email}` : `contact:${id}`,
    writeKind: 'upsert',
    isRedirected: false,
    decision: decide(draft, undefined),
  };
}

/** The same task on another state of its record. */
export function onRecord(task: Task, record: ContactRecord): Task {
  return { ...task, record, decision: decide(task.draft, record) };
}

/** Where an upsert finds the record without touching its addresses. */
export function addressOf({ draft, record, writeKind }: Task): string {
  if (writeKind === 'update' && record !== null && record !== undefined) return record.id;
  return record === null || record === undefined || record.email === '' ? draft.email : record.email;
}

/** The record as it stands after the task was written. */
export function writtenRecord({ draft, record, decision }: Task, id: string): ContactRecord {
  return {
    id,
    email: record?.email ?? draft.email,
    properties: { ...record?.properties, ...decision.properties },
  };
}

export function deliveredOutcome({ decision }: Task, id: string | undefined, ...more: string[]): Outcome {
  const notes = [...more, ...decision.notes];
  return {
    kind: 'delivered',
    ...(id === undefined ? {} : { remoteId: id }),
    ...(notes.length === 0 ? {} : { notes }),
  };
}
