import { fingerprint, packNumber, unpackNumber } from './fingerprint.ts';
import { KnownRecords } from './known-records.ts';
import { comparable, numberName } from './order.ts';
import type { RecordContext } from './record-context.ts';
import { broughtBy } from './property.ts';
import { additionalAddresses } from './read-records.ts';
import { refKey } from './record-ref.ts';
import type { RecordKey } from './record-ref.ts';
import { canonicalValue } from './same-value.ts';
import { rememberRecord } from '../associations/find-records.ts';
import type { Task } from './task.ts';
import { heldSince, seenAt, seenName, timeName } from './times.ts';

/** How a task ended: on which record, and whether it was written. */
interface Shown {
  readonly id: string;
  readonly isWritten: boolean;
  /** HubSpot's time of the write. */
  readonly updatedMs?: number | undefined;
}

/** Takes over into the no-op cache what the end of a task has shown of its record. */
export function remember(task: Task, shown: Shown, context: RecordContext): void {
  const { id, isWritten } = shown;
  const known = KnownRecords.of(context.cache, context.type);
  // Nothing was heard of the record: what is known of it grows older.
  const isSilent = task.record === undefined && !isWritten;
  if (!isSilent) {
    // A write that reached another record than the one believed in shows nothing of what was not written.
    if (task.id !== undefined && task.id !== id) known.invalidate(task.id);
    known.remember(id, valuesAfter(task, shown, context), context.nowMs);
    rememberKeys(task, id, known, context);
  } else rememberTimes(task, id, known, context);
}

/** Forgets where the keys of a task were thought to lead, and what was thought to be there. */
export function forget({ draft, id }: Task, context: RecordContext): void {
  const known = KnownRecords.of(context.cache, context.type);
  if (id !== undefined) known.invalidate(id);
  for (const key of draft.keys) known.forgetKey(refKey({ ...key, type: context.type }));
}

function rememberKeys(
  task: Task,
  id: string,
  known: KnownRecords,
  { type, cache, settings, nowMs }: RecordContext,
): void {
  // A write by id says nothing of where the keys lead: what was seen of them grows older.
  const isSeen = task.record !== undefined || task.address.by !== 'id';
  for (const key of task.draft.keys) {
    const ref = { ...key, type };
    if (!isHeld(task, key)) known.forgetKey(refKey(ref));
    else if (isSeen && key.by !== 'id') known.rememberKey(refKey(ref), id, nowMs);
    // Associations find a company by searching, which sees a new one late.
    if (key.by === 'domain') rememberRecord(ref, id, { settings, cache, nowMs });
  }
}

/** Whether a record has a key that led to it: a flow may send an input to a contact that has another. */
function isHeld({ record, identity }: Task, { by, value }: RecordKey): boolean {
  if (record === null || record === undefined || by === 'id' || by === 'domain') return true;
  if (by === 'email' && additionalAddresses(record).includes(value)) return true;
  const held = identity[by] ?? record.properties[by];
  // What was not asked for has not been seen to be another.
  return held === undefined || held?.toLowerCase() === value.toLowerCase();
}

function valuesAfter(
  { draft, record, decision, id }: Task,
  { isWritten, updatedMs }: Shown,
  context: RecordContext,
): ReadonlyMap<string, string | undefined> {
  const values = new Map<string, string | undefined>();
  const before =
    id === undefined ? undefined : KnownRecords.of(context.cache, context.type).find(id, context.nowMs);
  for (const { property, rule, timesMs } of draft.wishes) {
    const { name } = property;
    const written = isWritten ? decision.properties[name] : undefined;
    if (written === undefined && record === undefined) continue;
    const value = written ?? record?.properties[name] ?? '';
    values.set(name, fingerprint(canonicalValue(property, value)));
    for (const other of Object.keys(broughtBy(property, value))) values.set(other, undefined);
    if (rule === 'forward_only' || rule === 'never_lower') {
      const number = comparable(property, value);
      values.set(numberName(name), number === undefined ? undefined : packNumber(number));
    }
    if (rule === 'newest_wins') {
      const sinceMs = heldSince(property, record ?? null, before);
      const times =
        written === undefined
          ? { sinceMs, seenMs: Math.max(record?.changedMs.get(name) ?? 0, seenAt(before, name)) }
          : { sinceMs: Math.max(...timesMs), seenMs: updatedMs };
      values.set(timeName(name), times.seenMs === undefined ? undefined : packNumber(times.sinceMs));
      values.set(seenName(name), times.seenMs === undefined ? undefined : packNumber(times.seenMs));
    }
  }
  return values;
}

/** Of a value that was not sent because HubSpot has it, the time of its newest event is news all the same. */
function rememberTimes({ draft }: Task, id: string, known: KnownRecords, { nowMs }: RecordContext): void {
  const record = known.find(id, nowMs);
  for (const { property, rule, timesMs } of draft.wishes) {
    const before = rule === 'newest_wins' ? record?.packed(timeName(property.name)) : undefined;
    const newestMs = Math.max(...timesMs);
    if (before !== undefined && newestMs > unpackNumber(before)) {
      known.correct(id, timeName(property.name), packNumber(newestMs));
    }
  }
}
