import type { Outcome } from '../../../kernel/outcome.ts';
import { alone } from '../../../kit/index.ts';
import type { Steps } from '../../../kit/index.ts';
import { Catalogue, loadCatalogue } from './catalogue.ts';
import { decideUnread } from './decide-unread.ts';
import { toDraft } from './draft.ts';
import type { Draft, KeyedItem } from './draft.ts';
import { createProperties, createUnknown, missingProperties, unknownNames } from './ensure-properties.ts';
import type { Extended } from './ensure-properties.ts';
import { KnownRecords } from './known-records.ts';
import type { KnownRecord } from './known-records.ts';
import { locate } from './locate.ts';
import { resolvePipelines } from './pipelines.ts';
import type { Place } from './place.ts';
import { findMissingOptions } from './property-options.ts';
import type { MissingOptions } from './property-options.ts';
import type { Wanted } from './read-records.ts';
import type { RecordContext } from './record-context.ts';
import { growingProperties } from './record-options.ts';
import { refKey } from './record-ref.ts';
import { isFindable, toTask, toUnreadTask } from './task.ts';
import type { Task } from './task.ts';

/** Inputs of one object type up to the moment before anything is written. */
export interface Prepared {
  readonly context: RecordContext;
  readonly catalogue: Catalogue;
  readonly missing: MissingOptions;
  readonly wanted: Wanted;
  readonly tasks: readonly Task[];
  /** Drafts that lead to two contacts which are to be merged. */
  readonly merges: ReadonlyMap<Draft, Extract<Place, { kind: 'two' }>>;
  readonly refused: ReadonlyMap<Draft, Outcome>;
  readonly claimKeys: readonly string[];
}

/** Finds out what is to be written; an outcome for all inputs when that is not possible. */
export function* prepare(items: readonly KeyedItem[], context: RecordContext): Steps<Prepared | Outcome> {
  const current = yield* currentCatalogue(items, context);
  if ('kind' in current) return current;
  const { catalogue, made } = current;
  const resolved = (yield* resolvePipelines(items, catalogue, context)).map((item) => withMade(item, made));
  const missing = findMissingOptions(
    resolved.map(({ item }) => item.input),
    catalogue,
    growingProperties(context.options),
  );
  const growing = new Set(missing.keys());
  const all = resolved.map((item) => [item, toDraft(item, catalogue, context, growing)] as const);
  const refused = new Map<Draft, Outcome>();
  for (const [item, draft] of all) {
    const name = uniqueNames([item], context).find((each) => catalogue.get(each)?.isUnique !== true);
    if (name !== undefined) refused.set(draft, notUnique(name, context));
  }
  const drafts = all.map(([, draft]) => draft).filter((draft) => !refused.has(draft));
  const wishes = drafts.flatMap((draft) => draft.wishes);
  const wanted: Wanted = {
    names: new Set(wishes.map(({ property }) => property.name)),
    withHistory: new Set(
      wishes.filter(({ rule }) => rule === 'newest_wins').map(({ property }) => property.name),
    ),
  };
  const unread = tasksWithoutReading(drafts, context);
  const toRead = drafts.filter((draft) => !unread.has(draft));
  const places: ReadonlyMap<Draft, Place> | undefined =
    toRead.length === 0 ? new Map() : yield* locate(toRead, wanted, context);
  if (places === undefined) return unreadable(context);
  const read = toTasks(toRead, places, context);
  const tasks = drafts.flatMap((draft) => unread.get(draft) ?? read.tasks.get(draft) ?? []);
  return {
    context,
    catalogue,
    missing,
    wanted,
    tasks,
    merges: read.merges,
    refused: new Map([...refused, ...read.refused]),
    claimKeys: claimKeys(tasks, read.merges, missing, context),
  };
}

/** Drafts that were looked up, sorted by what is to be done with them. */
export interface ReadTasks {
  readonly tasks: ReadonlyMap<Draft, Task>;
  readonly merges: Prepared['merges'];
  readonly refused: Prepared['refused'];
}

export function toTasks(
  drafts: readonly Draft[],
  places: ReadonlyMap<Draft, Place>,
  context: RecordContext,
): ReadTasks {
  const known = KnownRecords.of(context.cache, context.type);
  const tasks = new Map<Draft, Task>();
  const merges = new Map<Draft, Extract<Place, { kind: 'two' }>>();
  const refused = new Map<Draft, Outcome>();
  for (const draft of drafts) {
    const place = places.get(draft) ?? { kind: 'none' };
    if (place.kind === 'refused') refused.set(draft, place.outcome);
    else if (place.kind === 'two') merges.set(draft, place);
    else {
      const id = place.kind === 'record' ? place.record.id : undefined;
      tasks.set(
        draft,
        toTask(draft, place, id === undefined ? undefined : known.find(id, context.nowMs), context),
      );
    }
  }
  return { tasks, merges, refused };
}

/** Tasks for the drafts that need no read. */
function tasksWithoutReading(drafts: readonly Draft[], context: RecordContext): ReadonlyMap<Draft, Task> {
  const tasks = drafts.flatMap((draft) => withoutReading(draft, context) ?? []);
  // Contacts that were read are written by address, old and new ones in one call. Where some are read anyway, changes of
  // known ones are read with them and join that call, instead of taking one of their own.
  const isJoining = ({ draft: { keys }, decision }: Task): boolean =>
    tasks.length < drafts.length &&
    context.type === 'contacts' &&
    keys[0]?.by === 'email' &&
    decision.isChange;
  return new Map(tasks.filter((task) => !isJoining(task)).map((task) => [task.draft, task]));
}

/** A task for a draft that needs no read: by what is known of its record, or because HubSpot will find it itself. */
function withoutReading(draft: Draft, context: RecordContext): Task | undefined {
  if (context.isReplay === true) return undefined;
  const known = knownRecord(draft, context);
  if (known === undefined && !isFindable(draft)) return undefined;
  const decision = decideUnread(draft, known);
  return decision === undefined ? undefined : toUnreadTask(draft, known, decision, context);
}

/** The record that all keys of a draft led to last. */
export function knownRecord(
  { keys }: Pick<Draft, 'keys'>,
  { type, cache, nowMs }: RecordContext,
): KnownRecord | undefined {
  const known = KnownRecords.of(cache, type);
  const ids = new Set(
    keys.map((key) => (key.by === 'id' ? key.value : known.recentIdOf(refKey({ ...key, type }), nowMs))),
  );
  const [id] = ids;
  return ids.size === 1 && id !== undefined ? known.find(id, nowMs) : undefined;
}

/** Where something is to be looked up or made, one batch does it for all that run at the same time. */
function* currentCatalogue(items: readonly KeyedItem[], context: RecordContext): Steps<Extended | Outcome> {
  const inputs = items.map(({ item }) => item.input);
  const names = new Set(inputs.flatMap(({ properties }) => Object.keys(properties)));
  const unique = context.options.create_key ? uniqueNames(items, context) : guardNames(items, context);
  const missingOf = (catalogue: Catalogue) => missingProperties(catalogue, inputs, unique, context);
  const cached = Catalogue.cached(context, names);
  const isWhole =
    cached !== undefined &&
    missingOf(cached).length === 0 &&
    unknownNames(cached, inputs, context).length === 0;
  if (isWhole) return { catalogue: cached, made: NOTHING };
  return yield* alone(`properties of ${context.type}`, function* () {
    const loaded = yield* loadCatalogue(context, names);
    if (!(loaded instanceof Catalogue)) return loaded;
    const ensured = yield* createProperties(missingOf(loaded), loaded, context);
    if (!(ensured instanceof Catalogue)) return ensured;
    return yield* createUnknown(ensured, inputs, context);
  });
}

const NOTHING: Extended['made'] = new Map();

/** The unique properties that the run finds its records by. */
function uniqueNames(items: readonly KeyedItem[], context: RecordContext): readonly string[] {
  const names = items.flatMap(({ keys }) => keys.map(({ by }) => by));
  const isOwn = (name: string): boolean =>
    name !== 'id' && name !== 'domain' && !(name === 'email' && context.type === 'contacts');
  return [...new Set([...names.filter(isOwn), ...guardNames(items, context)])];
}

function guardNames(items: readonly KeyedItem[], { options }: RecordContext): readonly string[] {
  const isNeeded = items.some(({ keys }) => keys.some(({ by }) => by === 'domain'));
  return isNeeded && typeof options.domain_property === 'string' ? [options.domain_property] : [];
}

function notUnique(name: string, { type }: RecordContext): Outcome {
  const message = `HubSpot has no unique property ${name} of ${type} to find records by.`;
  return { kind: 'rejected', fault: { code: 'hubspot.key_not_unique', message } };
}

function withMade(item: KeyedItem, made: ReadonlyMap<string, string>): KeyedItem {
  const names = Object.keys(item.item.input.properties).flatMap((name) => made.get(name) ?? []);
  return names.length === 0
    ? item
    : { ...item, notes: [...(item.notes ?? []), `Created in HubSpot: ${names.join(', ')}.`] };
}

export function unreadable({ type }: RecordContext): Outcome {
  const message = `HubSpot answered a read of ${type} in an unknown form.`;
  return { kind: 'retry', fault: { code: 'hubspot.unexpected_answer', message } };
}

function claimKeys(
  tasks: readonly Task[],
  merges: Prepared['merges'],
  missing: MissingOptions,
  { type }: RecordContext,
): readonly string[] {
  const changed = tasks.filter(({ decision }) => decision.isChange).flatMap(({ recordKeys }) => recordKeys);
  const merged = [...merges.values()].flatMap(({ survivor, other }) =>
    [survivor, other].map(({ id }) => refKey({ type, by: 'id', value: id })),
  );
  const records = [...changed, ...merged];
  // Options are added for the sake of a record that is written with them.
  return records.length === 0
    ? []
    : [...records, ...[...missing.keys()].map((name) => `${type}:options:${name}`)];
}
