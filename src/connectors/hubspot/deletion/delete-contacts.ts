import type { Outcome } from '../../../kernel/outcome.ts';
import { send } from '../../../kit/index.ts';
import type { Item, Steps } from '../../../kit/index.ts';
import { findRecords, forgetRecord } from '../associations/find-records.ts';
import { inHalves } from '../in-halves.ts';
import type { Partly } from '../in-halves.ts';
import { pathsOf } from '../paths.ts';
import { KnownRecords } from '../records/known-records.ts';
import { normaliseKey, refKey } from '../records/record-ref.ts';
import type { RecordRef } from '../records/record-ref.ts';
import { toFault } from '../vendor-error.ts';
import type { DeletionContext, DeletionInput } from './deletion-input.ts';

interface Entry {
  readonly item: Item<DeletionInput>;
  readonly ref: RecordRef;
  readonly id: string;
}

/** Archives up to 100 contacts in one call, or deletes each for good, which HubSpot takes one by one. */
export function* deleteContacts(
  batch: readonly Item<DeletionInput>[],
  context: DeletionContext,
): Steps<readonly Outcome[]> {
  return context.options.mode === 'archive'
    ? yield* archiveContacts(batch, context)
    : yield* wipeContacts(batch, context);
}

const UNKNOWN: Outcome = { kind: 'skipped', reason: 'HubSpot has no such contact.' };

function toRef({ contact }: DeletionInput): RecordRef {
  return { type: 'contacts', ...contact };
}

function* archiveContacts(
  batch: readonly Item<DeletionInput>[],
  context: DeletionContext,
): Steps<readonly Outcome[]> {
  const refs = batch.map(({ input }) => toRef(input));
  // An address may have moved since it was last found: what cannot be taken back is asked for afresh.
  for (const ref of refs) forgetRecord(ref, context);
  const ids = yield* findRecords(refs, context);
  const entries = batch.flatMap((item): Entry[] => {
    const ref = toRef(item.input);
    const id = ids.get(refKey(ref));
    return id === undefined ? [] : [{ item, ref, id }];
  });
  const archived = yield* inHalves(entries, (part) => archiveBatch(part, context));
  for (const { ref, id } of entries) forgetContact(ref, id, context);
  const outcomes = new Map([...archived].map(([{ item }, outcome]) => [item, outcome]));
  return batch.map((item) => outcomes.get(item) ?? UNKNOWN);
}

/** What upserts know of a contact that is gone must not keep them from creating it anew. */
function forgetContact(ref: RecordRef, id: string | undefined, context: DeletionContext): void {
  forgetRecord(ref, context);
  const known = KnownRecords.of(context.cache, ref.type);
  const knownId = id ?? known.idOf(refKey(ref));
  if (knownId !== undefined) known.invalidate(knownId);
  known.forgetKey(refKey(ref));
}

function* archiveBatch(
  entries: readonly Entry[],
  { settings }: DeletionContext,
): Steps<Partly<Entry, Outcome>> {
  const { status, body } = yield* send({
    method: 'POST',
    path: `${pathsOf(settings.api_version).objects('contacts')}/batch/archive`,
    body: { inputs: [...new Set(entries.map(({ id }) => id))].map((id) => ({ id })) },
    accept: [400, 404],
  });
  if (status < 300) {
    // An id that is not there is archived like any other: HubSpot does not tell them apart.
    return { settled: new Map(entries.map((entry) => [entry, delivered(entry.id)])), unclear: [] };
  }
  const [only] = entries;
  if (only === undefined || entries.length > 1) return { settled: new Map(), unclear: entries };
  const outcome: Outcome = status === 404 ? UNKNOWN : { kind: 'rejected', fault: toFault(body, status) };
  return { settled: new Map([[only, outcome]]), unclear: [] };
}

function* wipeContacts(
  batch: readonly Item<DeletionInput>[],
  context: DeletionContext,
): Steps<readonly Outcome[]> {
  const refs = batch.map(({ input }) => toRef(input));
  for (const ref of refs) forgetRecord(ref, context);
  // HubSpot is told an address as it is: one that it does not know is blocked all the same.
  const ids = yield* findRecords(
    refs.filter(({ by }) => by !== 'email'),
    context,
  );
  const outcomes: Outcome[] = [];
  for (const ref of refs) {
    const id = ref.by === 'email' ? normaliseKey(ref).value : ids.get(refKey(ref));
    outcomes.push(id === undefined ? UNKNOWN : yield* wipe(ref, id, context));
    forgetContact(ref, ref.by === 'email' ? undefined : id, context);
  }
  return outcomes;
}

function* wipe({ by }: RecordRef, id: string, { settings }: DeletionContext): Steps<Outcome> {
  const { status, body } = yield* send({
    method: 'POST',
    path: `${pathsOf(settings.api_version).objects('contacts')}/gdpr-delete`,
    body: { objectId: id, ...(by === 'email' ? { idProperty: 'email' } : {}) },
    accept: [400, 404],
  });
  if (status < 300) return by === 'email' ? { kind: 'delivered' } : delivered(id);
  if (status === 404) return UNKNOWN;
  return { kind: 'rejected', fault: toFault(body, status) };
}

function delivered(id: string): Outcome {
  return { kind: 'delivered', remoteId: id };
}
