import type { Outcome } from '../../../kernel/outcome.ts';
import type { Steps } from '../../../kit/index.ts';
import { dropCatalogue } from './catalogue.ts';
import type { Catalogue } from './catalogue.ts';
import type { ContactContext } from './record-context.ts';
import { LIFECYCLE_STAGE } from './record-input.ts';
import { forget, remember } from './known-records.ts';
import { readByEmail, readById } from './read-records.ts';
import { PROPERTY_CODES } from './settle-batch.ts';
import type { Entry, Verdict } from './settle-batch.ts';
import { addressOf, deliveredOutcome, onRecord, toTask, writtenRecord } from './task.ts';
import type { Task } from './task.ts';
import { writeContacts } from './write.ts';

type Verdicts = ReadonlyMap<string, Verdict>;

/**
 * Writes tasks in rounds and gives each an outcome. A round holds a record once, because HubSpot refuses a
 * call that names one twice; nearly always there is one round of one call. A next round is for further
 * inputs of a record, decided on the state that the first left, and for those HubSpot sent elsewhere.
 */
export function* writeInRounds(
  tasks: readonly Task[],
  names: ReadonlySet<string>,
  catalogue: Catalogue,
  context: ContactContext,
): Steps<ReadonlyMap<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  // What HubSpot says about a property can be news only if the catalogue is older than this run.
  const isStale = catalogue.fetchedAtMs < context.nowMs;
  let queue: readonly Task[] = tasks;
  while (queue.length > 0) {
    const round = [
      ...new Map(queue.toReversed().map((task) => [task.recordKey, task])).values(),
    ].toReversed();
    const verdicts = yield* writeRound(round, isStale, context);
    const records = new Map<string, ReturnType<typeof writtenRecord>>();
    const redirected: Task[] = [];
    for (const task of round) {
      const verdict = verdicts.get(task.draft.item.traceId);
      if (verdict?.kind === 'written') {
        records.set(task.recordKey, writtenRecord(task, verdict.id));
        keepInMind(task, verdict.id, context);
        outcomes.set(task.draft.item.traceId, deliveredOutcome(task, verdict.id));
      } else if ((verdict?.kind === 'held' || verdict?.kind === 'gone') && !task.isRedirected) {
        forget(task.draft, context);
        redirected.push(task);
      } else {
        outcomes.set(task.draft.item.traceId, toOutcome(verdict, isStale, context));
      }
    }
    const again = yield* redirect(redirected, verdicts, names, context);
    const later = queue
      .filter((task) => !round.includes(task))
      .map((task) => {
        const record = records.get(task.recordKey);
        return record === undefined ? task : onRecord(task, record);
      });
    queue = [...later, ...again].filter((task) => {
      if (task.decision.isChange) return true;
      outcomes.set(task.draft.item.traceId, deliveredOutcome(task, task.record?.id, 'unchanged'));
      return false;
    });
  }
  return outcomes;
}

function* writeRound(round: readonly Task[], isStale: boolean, context: ContactContext): Steps<Verdicts> {
  const isHopeless = (code: string | undefined): boolean =>
    isStale && code !== undefined && PROPERTY_CODES.has(code);
  // Blanking and setting in one call is not possible: a call takes a record once.
  const backward = round.filter(
    ({ decision, record }) => decision.blanksStage && record !== null && record !== undefined,
  );
  const blanked = yield* writeContacts(
    'update',
    backward.map(({ draft, record }) => ({
      traceId: draft.item.traceId,
      address: record?.id ?? '',
      properties: { [LIFECYCLE_STAGE]: '' },
    })),
    context,
    isHopeless,
  );
  const failed = new Map([...blanked].filter(([, { kind }]) => kind !== 'written'));
  const ready = round.filter(({ draft }) => !failed.has(draft.item.traceId));
  const ofKind = (kind: Task['writeKind']): readonly Entry[] =>
    ready.filter(({ writeKind }) => writeKind === kind).map(toEntry);
  const upserted = yield* writeContacts('upsert', ofKind('upsert'), context, isHopeless);
  const updated = yield* writeContacts('update', ofKind('update'), context, isHopeless);
  return new Map([...failed, ...upserted, ...updated]);
}

function toEntry(task: Task): Entry {
  return {
    traceId: task.draft.item.traceId,
    address: addressOf(task),
    properties: task.decision.properties,
  };
}

/** Looks up where HubSpot sent us: the holder of an address by its id, a vanished record by the address. */
function* redirect(
  tasks: readonly Task[],
  verdicts: Verdicts,
  names: ReadonlySet<string>,
  context: ContactContext,
): Steps<readonly Task[]> {
  const holders = new Map<Task, string>();
  const gone: Task[] = [];
  for (const task of tasks) {
    const verdict = verdicts.get(task.draft.item.traceId);
    if (verdict?.kind === 'held') holders.set(task, verdict.holderId);
    else gone.push(task);
  }
  const byId = holders.size === 0 ? undefined : yield* readById(holders.values(), names, context);
  const byEmail =
    gone.length === 0
      ? undefined
      : yield* readByEmail(
          gone.map(({ draft }) => draft.email),
          names,
          context,
        );
  return tasks.map((task) => {
    const holderId = holders.get(task);
    const record = holderId === undefined ? byEmail?.get(task.draft.email) : byId?.get(holderId);
    return {
      ...toTask(task.draft, record ?? null),
      writeKind: record === undefined || holderId === undefined ? ('upsert' as const) : ('update' as const),
      isRedirected: true,
    };
  });
}

// Under a secondary address a contact must be read each time, to be written under its primary one.
function keepInMind(task: Task, id: string, context: ContactContext): void {
  const isPrimary = task.writeKind === 'upsert' && addressOf(task) === task.draft.email;
  if (isPrimary) remember(task.draft, id, context);
  else forget(task.draft, context);
}

function toOutcome(verdict: Verdict | undefined, isStale: boolean, context: ContactContext): Outcome {
  if (verdict?.kind === 'failed') return verdict.outcome;
  if (verdict?.kind === 'property') {
    if (!isStale) return { kind: 'rejected', fault: verdict.fault };
    dropCatalogue(context);
    return { kind: 'retry', fault: verdict.fault };
  }
  const message = 'HubSpot pointed to one record after another for the address of this contact.';
  return { kind: 'retry', fault: { code: 'hubspot.identity_unsettled', message } };
}
