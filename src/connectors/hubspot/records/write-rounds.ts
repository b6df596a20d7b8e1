import type { Outcome } from '../../../kernel/outcome.ts';
import type { Steps } from '../../../kit/index.ts';
import { dropCatalogue } from './catalogue.ts';
import type { Catalogue } from './catalogue.ts';
import type { RecordContext } from './record-context.ts';
import { redirect } from './redirect.ts';
import { LIFECYCLE_STAGE } from './record-options.ts';
import { forget, remember } from './remember.ts';
import { PROPERTY_CODES } from './settle-batch.ts';
import type { Entry, Verdict } from './settle-batch.ts';
import type { RecordState, Wanted } from './read-records.ts';
import { afterWrite, deliveredOutcome, writtenRecord } from './task.ts';
import type { Task } from './task.ts';
import { writeRecords } from './write.ts';

/** What became of a task, and the record's id where there is one. */
export interface Settled {
  readonly outcome: Outcome;
  readonly id: string | undefined;
}

/**
 * Writes tasks in rounds and settles each, by trace id. A round holds a record once, because HubSpot refuses a
 * call that names one twice; nearly always there is one round of one call. A next round is for further
 * inputs of a record, decided on the state that the first left, and for those HubSpot sent elsewhere.
 */
export function* writeInRounds(
  tasks: readonly Task[],
  wanted: Wanted,
  catalogue: Catalogue,
  context: RecordContext,
): Steps<ReadonlyMap<string, Settled>> {
  const settled = new Map<string, Settled>();
  // What HubSpot says about a property can be news only if the catalogue is older than this run.
  const isStale = catalogue.fetchedAtMs < context.nowMs;
  const settleUnchanged = (task: Task): void => {
    if (task.id !== undefined) remember(task, { id: task.id, isWritten: false }, context);
    settled.set(traceIdOf(task), { outcome: deliveredOutcome(task, task.id, 'unchanged'), id: task.id });
  };
  let queue = withoutUnchanged(tasks, settleUnchanged);
  while (queue.length > 0) {
    const round = firstOfEachRecord(queue);
    const verdicts = yield* writeRound(round, isStale, context);
    const written = new Map<string, RecordState>();
    const redirected: Task[] = [];
    for (const task of round) {
      const verdict = verdicts.get(traceIdOf(task));
      if (verdict?.kind === 'written') {
        for (const key of task.recordKeys) written.set(key, writtenRecord(task, verdict.id));
        remember(task, { ...verdict, isWritten: true }, context);
        settled.set(traceIdOf(task), { outcome: deliveredOutcome(task, verdict.id), id: verdict.id });
      } else if (isElsewhere(verdict, task, context) && !task.isRedirected) {
        forget(task, context);
        redirected.push(task);
      } else {
        settled.set(traceIdOf(task), { outcome: toOutcome(verdict, isStale, context), id: undefined });
      }
    }
    const again = redirected.length === 0 ? [] : yield* redirect(redirected, verdicts, wanted, context);
    const next: Task[] = [];
    for (const task of queue) {
      if (round.includes(task)) continue;
      const state = task.recordKeys.map((key) => written.get(key)).find((record) => record !== undefined);
      next.push(state === undefined ? task : afterWrite(task, state));
    }
    for (const task of again) {
      if ('outcome' in task) settled.set(task.traceId, { outcome: task.outcome, id: undefined });
      else next.push(task);
    }
    queue = withoutUnchanged(next, settleUnchanged);
  }
  return settled;
}

/** What needs no write, unless a task before it changes the same record: then it is decided again after that one. */
function withoutUnchanged(tasks: readonly Task[], settle: (task: Task) => void): readonly Task[] {
  const changing = new Set<string>();
  return tasks.filter((task) => {
    const isKept = task.decision.isChange || task.recordKeys.some((key) => changing.has(key));
    if (isKept) for (const key of task.recordKeys) changing.add(key);
    else settle(task);
    return isKept;
  });
}

function firstOfEachRecord(queue: readonly Task[]): readonly Task[] {
  const taken = new Set<string>();
  return queue.filter(({ recordKeys }) => {
    const isFree = !recordKeys.some((key) => taken.has(key));
    for (const key of recordKeys) taken.add(key);
    return isFree;
  });
}

function traceIdOf({ draft }: Task): string {
  return draft.item.traceId;
}

function* writeRound(
  round: readonly Task[],
  isStale: boolean,
  context: RecordContext,
): Steps<ReadonlyMap<string, Verdict>> {
  const isHopeless = (code: string | undefined): boolean =>
    isStale && code !== undefined && PROPERTY_CODES.has(code);
  const verdicts = new Map<string, Verdict>();
  const calls = new Map<string, Task[]>();
  for (const task of round) {
    const kind = `${task.address.kind} ${task.address.by}`;
    calls.set(kind, [...(calls.get(kind) ?? []), task]);
  }
  for (const group of calls.values()) {
    const kind = group[0]?.address.kind ?? 'upsert';
    for (const verdict of yield* writeRecords(kind, group.map(toEntry), context, isHopeless)) {
      verdicts.set(...verdict);
    }
  }
  for (const verdict of yield* stepBack(round, verdicts, context)) verdicts.set(...verdict);
  return verdicts;
}

/** Sets the stages that were blanked for it; one that HubSpot refuses must not cost the record the stage it had. */
function* stepBack(
  round: readonly Task[],
  verdicts: ReadonlyMap<string, Verdict>,
  context: RecordContext,
): Steps<ReadonlyMap<string, Verdict>> {
  const blanked = round.flatMap((task) => {
    const verdict = verdicts.get(traceIdOf(task));
    return task.decision.blanksStage && verdict?.kind === 'written' ? [{ task, id: verdict.id }] : [];
  });
  const toEntries = (entries: typeof blanked, stageOf: (task: Task) => string): readonly Entry[] =>
    entries.map(({ task, id }) => ({
      traceId: traceIdOf(task),
      by: 'id',
      value: id,
      properties: { [LIFECYCLE_STAGE]: stageOf(task) },
    }));
  const set = yield* writeRecords(
    'update',
    toEntries(blanked, ({ decision }) => decision.properties[LIFECYCLE_STAGE] ?? ''),
    context,
  );
  const refused = blanked.filter(({ task }) => set.get(traceIdOf(task))?.kind !== 'written');
  yield* writeRecords(
    'update',
    toEntries(refused, ({ record }) => record?.properties[LIFECYCLE_STAGE] ?? ''),
    context,
  );
  return set;
}

/**
 * A step back of the stage takes two calls, for a call takes a record once: the first one blanks the stage together
 * with all other values, so that what HubSpot may refuse in them is refused while the stage still stands.
 */
function toEntry(task: Task): Entry {
  const { by, value } = task.address;
  const { properties, blanksStage } = task.decision;
  return {
    traceId: traceIdOf(task),
    by,
    value,
    properties: blanksStage ? { ...properties, [LIFECYCLE_STAGE]: '' } : properties,
  };
}

/** Whether HubSpot says that the record of the keys is another one, or is not there any more. */
function isElsewhere(
  verdict: Verdict | undefined,
  { draft }: Task,
  { options }: RecordContext,
): verdict is Extract<Verdict, { kind: 'held' | 'gone' | 'taken' }> {
  if (verdict?.kind !== 'taken') return verdict?.kind === 'held' || verdict?.kind === 'gone';
  return verdict.property === options.domain_property || draft.keys.some(({ by }) => by === verdict.property);
}

function toOutcome(verdict: Verdict | undefined, isStale: boolean, context: RecordContext): Outcome {
  switch (verdict?.kind) {
    case 'failed':
      return verdict.outcome;
    case 'property':
      if (!isStale) return { kind: 'rejected', fault: verdict.fault };
      dropCatalogue(context);
      return { kind: 'retry', fault: verdict.fault };
    case 'taken':
      return { kind: 'rejected', fault: verdict.fault };
    case 'held':
    case 'gone':
    case 'written':
    case undefined: {
      const message = 'HubSpot pointed to one record after another for the key of this input.';
      return { kind: 'retry', fault: { code: 'hubspot.identity_unsettled', message } };
    }
  }
}
