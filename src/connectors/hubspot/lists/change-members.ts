import { isJsonObject } from '../../../kernel/json.ts';
import type { Fault, Outcome } from '../../../kernel/outcome.ts';
import { send, stringField } from '../../../kit/index.ts';
import type { Item, Steps } from '../../../kit/index.ts';
import { findRecords, forgetRecord } from '../associations/find-records.ts';
import { inHalves } from '../in-halves.ts';
import type { Partly } from '../in-halves.ts';
import { pathsOf } from '../paths.ts';
import { refKey } from '../records/record-ref.ts';
import { singularOf } from '../records/object-types.ts';
import { listOf } from '../vendor-answer.ts';
import { toFault } from '../vendor-error.ts';
import { waitForRecord } from '../wait-for-record.ts';
import { findList, forgetList } from './find-list.ts';
import type { FoundList, ListContext } from './find-list.ts';
import { listKey } from './member-input.ts';
import type { MemberInput } from './member-input.ts';

type Side = 'add' | 'remove';

interface Entry {
  readonly item: Item<MemberInput>;
  readonly recordId: string;
}

/**
 * Adds records to static lists or removes them, one call per list and side. Members that are not given by record id
 * cost a read per 100, unless they were found in the last minutes.
 */
export function* changeMembers(
  batch: readonly Item<MemberInput>[],
  side: Side,
  context: ListContext,
): Steps<readonly Outcome[]> {
  const outcomes = new Map<Item<MemberInput>, Outcome>();
  const ids = yield* findRecords(
    batch.map(({ input }) => input.member),
    context,
  );
  const groups = new Map<string, Entry[]>();
  for (const item of batch) {
    const recordId = ids.get(refKey(item.input.member));
    const itsSide = sideOf(item.input, side);
    if (recordId === undefined) outcomes.set(item, missing(item, itsSide, context));
    else {
      const key = `${itsSide} ${listKey(item.input)}`;
      groups.set(key, [...(groups.get(key) ?? []), { item, recordId }]);
    }
  }
  for (const entries of groups.values()) {
    for (const [{ item }, outcome] of yield* changeList(entries, side, context)) outcomes.set(item, outcome);
  }
  return batch.map((item) => outcomes.get(item) ?? missing(item, side, context));
}

function sideOf({ is_member }: MemberInput, side: Side): Side {
  if (is_member === undefined) return side;
  return is_member ? 'add' : 'remove';
}

/** Changes one list on one side. */
function* changeList(
  entries: readonly Entry[],
  side: Side,
  context: ListContext,
): Steps<ReadonlyMap<Entry, Outcome>> {
  const [{ item }] = entries as readonly [Entry];
  const itsSide = sideOf(item.input, side);
  const list = yield* findList(item.input, context);
  if ('kind' in list) {
    const isAway = itsSide === 'remove' && list.fault.code === 'hubspot.list_unknown';
    const outcome: Outcome = isAway ? { kind: 'skipped', reason: 'HubSpot has no such list.' } : list;
    return new Map(entries.map((entry) => [entry, outcome]));
  }
  return yield* inHalves(entries, (part) => putMembers(part, list, itsSide, context));
}

function* putMembers(
  entries: readonly Entry[],
  list: FoundList,
  side: Side,
  context: ListContext,
): Steps<Partly<Entry, Outcome>> {
  const response = yield* send({
    method: 'PUT',
    path: `${pathsOf(context.settings.api_version).lists}/${encodeURIComponent(list.id)}/memberships/${side}`,
    body: [...new Set(entries.map(({ recordId }) => recordId))],
    accept: [400, 404],
  });
  const { status, body } = response;
  const all = (toOutcome: (entry: Entry) => Outcome): Partly<Entry, Outcome> => ({
    settled: new Map(entries.map((entry) => [entry, toOutcome(entry)])),
    unclear: [],
  });
  if (status >= 300) {
    const fault = toFault(body, status);
    if (isAboutList(status, body)) {
      const [{ item }] = entries as readonly [Entry];
      forgetList(item.input, context);
      // News only if the list was found before this run.
      return all(() => ({ kind: list.foundAtMs < context.nowMs ? 'retry' : 'rejected', fault }));
    }
    return entries.length > 1
      ? { settled: new Map(), unclear: entries }
      : all(() => ({ kind: 'rejected', fault }));
  }
  if (!isJsonObject(body)) return all(() => ({ kind: 'retry', fault: UNREADABLE }));
  // The first two keys are HubSpot's own spelling, and both have been seen.
  const changed = idsIn(
    body,
    side === 'add' ? ['recordsIdsAdded', 'recordIdsAdded'] : ['recordsIdsRemoved', 'recordIdsRemoved'],
  );
  const gone = idsIn(body, ['recordIdsMissing', 'recordsIdsMissing']);
  return all(({ item, recordId }) => {
    if (gone.has(recordId)) {
      forgetRecord(item.input.member, context);
      return missing(item, side, context);
    }
    const remoteId = `${list.id}-${recordId}`;
    if (changed.has(recordId)) return { kind: 'delivered', remoteId };
    // Neither changed nor missing: it was a member already, or none.
    return { kind: 'delivered', remoteId, notes: ['unchanged'] };
  });
}

function isAboutList(status: number, body: unknown): boolean {
  return status === 404 || /\blist\b/i.test(stringField(body, 'message') ?? '');
}

function idsIn(body: unknown, names: readonly string[]): ReadonlySet<string> {
  return new Set(names.flatMap((name) => listOf(body, name)).map(String));
}

/** Nobody who is not there is a member; one who is to become a member may be on the way. */
function missing({ input, attempt }: Item<MemberInput>, side: Side, { options }: ListContext): Outcome {
  const { type, by } = input.member;
  const found = by === 'id' ? 'this record id' : `this ${by}`;
  const message = `HubSpot has no ${singularOf(type)} with ${found}.`;
  if (sideOf(input, side) === 'remove') return { kind: 'skipped', reason: message };
  return waitForRecord(attempt, options.wait_attempts, { code: 'hubspot.record_missing', message });
}

const UNREADABLE: Fault = {
  code: 'hubspot.unexpected_answer',
  message: 'HubSpot answered a change of a list in an unknown form.',
};
