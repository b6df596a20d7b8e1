import type { Outcome } from '../../../kernel/outcome.ts';
import { decide } from './decide.ts';
import type { Decision } from './decide.ts';
import type { Draft } from './draft.ts';
import type { KnownRecord } from './known-records.ts';
import type { Place } from './place.ts';
import { optionTexts } from './property-value.ts';
import type { RecordState } from './read-records.ts';
import type { RecordContext } from './record-context.ts';
import { refKey } from './record-ref.ts';
import type { RecordKey } from './record-ref.ts';
import type { WriteKind } from './write.ts';

/** How a record is written: by what HubSpot finds it, and what happens when it is not there. */
export interface Address extends RecordKey {
  readonly kind: WriteKind;
}

/** A draft together with the record it is about, and what follows from both. */
export interface Task {
  readonly draft: Draft;
  /** `null` when there is none yet, `undefined` when it was not read. */
  readonly record: RecordState | null | undefined;
  /** What the no-op cache has of the record. */
  readonly known: KnownRecord | undefined;
  /** The record id as far as it is known. */
  readonly id: string | undefined;
  readonly address: Address;
  readonly identity: Readonly<Record<string, string>>;
  /** Tasks that share one are about one record; the engine is asked to keep them for us alone. */
  readonly recordKeys: readonly string[];
  /** HubSpot pointed to another record once; a second time is left to a later attempt. */
  readonly isRedirected: boolean;
  readonly decision: Decision;
  /** What was found out about where the keys lead, for the outcome. */
  readonly notes: readonly string[];
}

/** A task on a record that was read, or is known to be missing. */
export function toTask(
  draft: Draft,
  place: Extract<Place, { kind: 'record' | 'none' }>,
  known: KnownRecord | undefined,
  context: RecordContext,
): Task {
  const record = place.kind === 'record' ? place.record : null;
  const identity = place.kind === 'record' ? place.identity : newIdentity(draft, context);
  return {
    draft,
    record,
    known,
    id: record?.id,
    identity,
    address: record === null ? newAddress(draft, context) : addressOf(draft, record, identity, context),
    recordKeys:
      record === null
        ? draft.keys.map((key) => refKey({ ...key, type: context.type }))
        : [idKey(record.id, context)],
    isRedirected: false,
    decision: decide(draft, record, known, identity),
    notes: place.kind === 'record' ? place.notes : [],
  };
}

/** A task on a record that is written, or left alone, without having been read. */
export function toUnreadTask(
  draft: Draft,
  known: KnownRecord | undefined,
  decision: Decision,
  context: RecordContext,
): Task {
  const [key] = draft.keys;
  if (key === undefined) throw new TypeError('An input without a key.');
  return {
    draft,
    record: undefined,
    known,
    id: known?.id,
    // Somebody may have given the record another key since it was seen, or made another address the primary one.
    identity: {},
    address:
      isFindable(draft) && key.by !== 'id'
        ? { kind: 'upsert', ...key }
        : { kind: 'update', by: 'id', value: known?.id ?? key.value },
    recordKeys:
      known === undefined
        ? draft.keys.map((entry) => refKey({ ...entry, type: context.type }))
        : [idKey(known.id, context)],
    isRedirected: false,
    decision,
    notes: [],
  };
}

/** Whether HubSpot finds the record by its key whatever its state; an address may be a secondary one, a domain two companies'. */
export function isFindable({ keys: [key, ...others] }: Draft): boolean {
  return others.length === 0 && key?.by !== 'email' && key?.by !== 'domain';
}

/** The same task after an earlier one of its record was written. */
export function afterWrite(task: Task, written: RecordState): Task {
  // What was decided unread holds on any state; only that HubSpot has it already may be wrong by now.
  if (task.record === undefined) return { ...task, decision: { ...task.decision, isChange: true } };
  const record = {
    ...written,
    properties: { ...task.record?.properties, ...written.properties },
    changedMs: new Map([...(task.record?.changedMs ?? []), ...written.changedMs]),
  };
  return { ...task, record, id: record.id, decision: decide(task.draft, record, undefined, task.identity) };
}

function idKey(id: string, { type }: RecordContext): string {
  return refKey({ type, by: 'id', value: id });
}

/** The keys besides the first that stand on the record as values. */
function ownKeys({ keys }: Draft): Record<string, string> {
  return Object.fromEntries(keys.slice(1).flatMap(({ by, value }) => (by === 'id' ? [] : [[by, value]])));
}

function newIdentity(draft: Draft, { options }: RecordContext): Record<string, string> {
  const [key] = draft.keys;
  const domain: Record<string, string> =
    key?.by === 'domain' && typeof options.domain_property === 'string' ? { domain: key.value } : {};
  return { ...domain, ...ownKeys(draft) };
}

/** Where the record will be that is not there yet. */
function newAddress({ keys: [key] }: Draft, { options }: RecordContext): Address {
  if (key === undefined) throw new TypeError('An input without a key.');
  if (key.by !== 'domain') return { kind: 'upsert', ...key };
  const guard = options.domain_property ?? null;
  return guard === null ? { kind: 'create', ...key } : { kind: 'upsert', by: guard, value: key.value };
}

/** Where an upsert finds the record without touching its keys; one call then serves old and new records. */
function addressOf(
  { keys: [key] }: Draft,
  { id, email }: RecordState,
  identity: Readonly<Record<string, string>>,
  { type }: RecordContext,
): Address {
  const isKeyed = key !== undefined && key.by !== 'id' && key.by !== 'domain';
  if (type === 'contacts') {
    if (email !== '' && !Object.hasOwn(identity, 'email'))
      return { kind: 'upsert', by: 'email', value: email };
    if (key?.by === 'email') return { kind: 'update', by: 'id', value: id };
  }
  return isKeyed ? { kind: 'upsert', ...key } : { kind: 'update', by: 'id', value: id };
}

/** The record as it stands after the task was written, as far as the task knows it. */
export function writtenRecord({ draft, record, decision }: Task, id: string): RecordState {
  const properties: Record<string, string | null> = { ...record?.properties, ...decision.properties };
  const changedMs = new Map(record?.changedMs);
  for (const { property, rule, timesMs } of draft.wishes) {
    const value = decision.properties[property.name];
    if (value === undefined) continue;
    if (rule === 'newest_wins') changedMs.set(property.name, Math.max(...timesMs));
    // `;a` adds to what is held.
    if (property.isMultiple && value.startsWith(';')) {
      const held = optionTexts(record?.properties[property.name] ?? null);
      properties[property.name] = [...new Set([...held, ...optionTexts(value)])].join(';');
    }
  }
  const email = draft.keys.find(({ by }) => by === 'email')?.value ?? '';
  return { id, email: record?.email ?? email, properties, changedMs, updatedMs: record?.updatedMs };
}

export function deliveredOutcome(
  { decision, notes }: Task,
  id: string | undefined,
  ...more: string[]
): Outcome {
  const all = [...more, ...decision.notes, ...notes];
  return {
    kind: 'delivered',
    ...(id === undefined ? {} : { remoteId: id }),
    ...(all.length === 0 ? {} : { notes: all }),
  };
}
