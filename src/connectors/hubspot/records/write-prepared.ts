import type { Steps } from '../../../kit/index.ts';
import { decide } from './decide.ts';
import { decideUnread } from './decide-unread.ts';
import { toDraft } from './draft.ts';
import type { Draft } from './draft.ts';
import { locate } from './locate.ts';
import { mergeContacts } from './merge-contacts.ts';
import { placeOf } from './place.ts';
import { toTasks, unreadable } from './prepare.ts';
import type { Prepared } from './prepare.ts';
import { addOptions } from './property-options.ts';
import { readBy } from './read-records.ts';
import { toTask } from './task.ts';
import type { Task } from './task.ts';
import { writeInRounds } from './write-rounds.ts';
import type { Settled } from './write-rounds.ts';

/** Writes what was prepared, under its claim; what another batch held meanwhile is looked up again. */
export function* write(prepared: Prepared, waited: boolean): Steps<ReadonlyMap<string, Settled>> {
  const { context, catalogue, wanted } = prepared;
  const settled = new Map<string, Settled>();
  const end = (draft: Draft, outcome: Settled['outcome']): void => {
    settled.set(draft.item.traceId, { outcome, id: undefined });
  };
  let { tasks, merges, refused } = prepared;
  const looked = [
    ...tasks.filter(({ record }) => record !== undefined).map(({ draft }) => draft),
    ...merges.keys(),
  ];
  if (waited && looked.length > 0) {
    const places = yield* locate(looked, wanted, context);
    if (places === undefined) {
      return new Map(
        [...tasks.map(({ draft }) => draft), ...merges.keys(), ...refused.keys()].map((draft) => [
          draft.item.traceId,
          { outcome: unreadable(context), id: undefined },
        ]),
      );
    }
    const again = toTasks(looked, places, context);
    tasks = [...tasks.filter(({ record }) => record === undefined), ...again.tasks.values()];
    merges = again.merges;
    refused = new Map([...refused, ...again.refused]);
  }
  for (const [draft, outcome] of refused) end(draft, outcome);
  for (const [draft, place] of merges) {
    const id = yield* mergeContacts(place, context);
    if (typeof id !== 'string') {
      end(draft, id);
      continue;
    }
    const record = (yield* readBy('id', [id], wanted, context))?.get(id);
    if (record === undefined) {
      end(draft, unreadable(context));
      continue;
    }
    const note = `Merged contact ${place.other.id} into ${place.survivor.id}.`;
    tasks = [...tasks, toTask(draft, placeOf(record, {}, note), undefined, context)];
  }
  tasks = yield* growOptions(tasks, prepared);
  for (const entry of yield* writeInRounds(tasks, wanted, catalogue, context)) settled.set(...entry);
  return settled;
}

/** Adds the missing options; a property that did not take its own is left out. */
function* growOptions(
  tasks: readonly Task[],
  { missing, catalogue, context }: Prepared,
): Steps<readonly Task[]> {
  if (missing.size === 0 || !tasks.some(({ decision }) => decision.isChange)) return tasks;
  const grown = new Set<string>();
  for (const [name, options] of missing) {
    if (yield* addOptions(name, options, catalogue, context)) grown.add(name);
  }
  if (grown.size === missing.size) return tasks;
  const refused = new Set([...missing.keys()].filter((name) => !grown.has(name)));
  return tasks.map((task) => onDraft(task, toDraft(task.draft, catalogue, context, grown), refused));
}

/** The same task without options that were refused. */
function onDraft(task: Task, draft: Draft, refused: ReadonlySet<string>): Task {
  const { record, known, identity } = task;
  if (record !== undefined) return { ...task, draft, decision: decide(draft, record, known, identity) };
  // What is left of a refused property may need a read, for which it is too late. The others went unread before.
  const others = { ...draft, wishes: draft.wishes.filter(({ property }) => !refused.has(property.name)) };
  const decision = decideUnread(draft, known) ?? decideUnread(others, known);
  if (decision === undefined) throw new TypeError('A task without the read that it needs.');
  return { ...task, draft, decision };
}
